import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { UsageError } from "../../../src/ports/errors.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, testKnowledge, testLifecycle } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const RENAME = `update source set name = $2 where tenant_id = $1 and name = $3`;

describeEachDatabase("the secret of a source", (open) => {
  const own = tenantForEachTest(open);
  const embeddings = countingEmbeddings();
  const admin = () => testKnowledge(own.database, embeddings);
  const add = (name: string) => admin().addSource(own.tenant, folderSource(tmpdir(), { name }));
  const lifecycle = () => testLifecycle(own.database);
  const rename = (from: string, to: string) =>
    own.database.withTenant(own.tenant, (transaction) => transaction.query(RENAME, [own.tenant, to, from]));

  it.each([
    ["docs", "DOCS"],
    ["my docs", "my-docs"],
    ["my.docs", "my_docs"],
    ["docs", "docs-webhook"],
    ["docs webhook", "Docs"],
  ])("of %s is not that of a source named %s, removed or not", async (first, second) => {
    await add(first);
    await expect(add(second)).rejects.toThrow(/one variable for secrets: SOURCE_\w+_SECRET\. Choose a name/u);
    await admin().removeSource(own.tenant, first);
    await expect(add(second)).rejects.toThrow(`${first}, which was removed`);
    await lifecycle().purge(own.tenant, first, "terminal");
    await expect(add(second)).resolves.toMatchObject({ name: second });
  });

  it("is that of one of two sources that are added at the same time", async () => {
    const ends = await Promise.allSettled(["docs", "Docs", "DOCS", "dOcs"].map(add));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(admin().status(own.tenant)).resolves.toHaveLength(1);
  });

  it("keeps no name from the demo documents, nor from a source that follows one of the same name", async () => {
    await admin().addSource(own.tenant, folderSource(tmpdir(), { name: "demo", isDemo: true }));
    await expect(add("Demo")).resolves.toMatchObject({ name: "Demo" });
    await admin().removeSource(own.tenant, "Demo");
    await expect(add("Demo")).resolves.toMatchObject({ name: "Demo" });
  });

  it("is sent to no new place while two sources have it, nor to one that is brought back; closing one is not refused", async () => {
    await add("docs");
    await add("other");
    await rename("other", "DOCS");
    const narrowed = folderSource(tmpdir(), { name: "DOCS", acl: ["staff"] });
    await expect(admin().updateSource(own.tenant, narrowed)).resolves.toMatchObject({ acl: ["staff"] });
    const moved = folderSource("/elsewhere", { name: "DOCS" });
    await expect(admin().updateSource(own.tenant, moved)).rejects.toThrow(UsageError);
    await admin().removeSource(own.tenant, "DOCS");
    await expect(lifecycle().restore(own.tenant, "DOCS", "terminal")).rejects.toThrow("one variable for secrets");
  });
});
