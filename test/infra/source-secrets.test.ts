import { describe, expect, it } from "vitest";
import { parseConfig } from "../../infra/config/environment.js";
import { createSourceSecrets } from "../../infra/source-secrets.js";

describe("the secrets of sources", () => {
  const secrets = createSourceSecrets(
    parseConfig({ SOURCE_MY_DOCS_SECRET: "token", SOURCE_WIKI_WEBHOOK_SECRET: "word" }),
  );

  it("are found by the names of the sources", () => {
    expect([secrets.secretOf("my docs"), secrets.hasSecret("my docs")]).toEqual(["token", true]);
    expect(secrets.webhookSecretOf("wiki")).toBe("word");
    expect([secrets.secretOf("other"), secrets.webhookSecretOf("other")]).toEqual([null, null]);
  });

  it("are never taken the one for the other", () => {
    expect(secrets.webhookSecretOf("my docs")).toBeNull();
    expect([secrets.secretOf("wiki"), secrets.hasSecret("wiki")]).toEqual([null, false]);
  });
});
