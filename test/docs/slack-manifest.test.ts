import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../infra/package-root.js";

const schemaFile = join(process.env["TEST_DATA_DIR"] ?? "/none", "..", "contracts", "slack-manifest.schema.json");

describe.skipIf(!existsSync(schemaFile))(
  "docs/slack-app-manifest.yaml (needs Slack's schema beside TEST_DATA_DIR)",
  () => {
    it("is what Slack's own schema allows", async () => {
      const manifest: unknown = parse(await readFile(join(packageRoot(), "docs", "slack-app-manifest.yaml"), "utf8"));
      const schema = JSON.parse(await readFile(schemaFile, "utf8")) as object;
      const check = new Ajv({ strict: false, validateFormats: false }).compile(schema);
      check(manifest);
      expect(check.errors).toBeNull();
    });
  },
);
