import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ENVIRONMENT_VARIABLES } from "../../infra/config/environment.js";
import { packageRoot } from "../../infra/package-root.js";

it("docs/configuration.md describes every variable, and none that is not read", async () => {
  const page = await readFile(join(packageRoot(), "docs", "configuration.md"), "utf8");
  const described = [...page.matchAll(/^\| `([A-Z_]+)`/gmu)].map((match) => match[1]);
  expect([...described].sort()).toEqual([...ENVIRONMENT_VARIABLES].sort());
});
