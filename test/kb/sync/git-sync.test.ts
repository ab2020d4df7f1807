import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { KnowledgeAdmin, NewSource } from "../../../src/ports/knowledge.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { testRepository } from "../../support/git-repository.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const CURRENT = `
  select document.external_id, version.url, version.edited_by
    from document join document_version as version on version.id = document.current_version_id
   where document.tenant_id = $1 order by document.external_id`;

describeEachDatabase("a synced git repository", (open) => {
  const own = tenantForEachTest(open);
  let workDirectory: string;
  beforeEach(() => {
    workDirectory = mkdtempSync(path.join(tmpdir(), "deskhand-work-"));
  });
  afterEach(() => rmSync(workDirectory, { recursive: true, force: true }));

  async function adminWith(location: string, options: NewSource["options"] = {}): Promise<KnowledgeAdmin> {
    const admin = testKnowledge(own.database, countingEmbeddings(), { workDirectory });
    await admin.addSource(own.tenant, { name: "docs", kind: "git", location, options, acl: ["public"] });
    return admin;
  }

  const sync = (admin: KnowledgeAdmin) => syncToEnd(admin, "docs", { tenantId: own.tenant });

  async function current(): Promise<readonly unknown[]> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<object>(CURRENT, [own.tenant]),
    );
    return rows;
  }

  it("follows what is committed, and reads only what changed", async () => {
    using repository = testRepository({ "a.md": "# A\n\nAlpha.", "b.md": "Beta.", "c.md": "Gamma.", "d.md": "Delta." });
    const admin = await adminWith(repository.location, { webUrl: "https://docs.example/{page}" });
    const first = await sync(admin);
    repository.write("a.md", "# A\n\nAlpha two.");
    repository.git("mv", "b.md", "e.md");
    repository.commit("Second", "Bea");

    const second = await sync(admin);
    const third = await sync(admin);

    expect(first).toMatchObject({ state: "done", added: ["a.md", "b.md", "c.md", "d.md"], failed: [] });
    expect(second).toMatchObject({
      state: "done",
      added: ["e.md"],
      changed: ["a.md"],
      removed: ["b.md"],
      unchanged: 2,
    });
    expect(third).toMatchObject({ state: "done", added: [], changed: [], removed: [], unchanged: 4 });
    await expect(current()).resolves.toEqual([
      { external_id: "a.md", url: "https://docs.example/a", edited_by: "Bea" },
      { external_id: "c.md", url: "https://docs.example/c", edited_by: "Author" },
      { external_id: "d.md", url: "https://docs.example/d", edited_by: "Author" },
      { external_id: "e.md", url: "https://docs.example/e", edited_by: "Bea" },
    ]);
  });

  it("loses nothing when the branch is gone, is emptied or was rewritten", async () => {
    using repository = testRepository({ "a.md": "Alpha.", "b.md": "Beta." });
    const admin = await adminWith(repository.location, { branch: "main" });
    await sync(admin);
    repository.git("branch", "-m", "main", "trunk");
    const gone = await sync(admin);
    repository.git("checkout", "-q", "--orphan", "main");
    repository.git("rm", "-q", "-r", "--cached", ".");
    rmSync(path.join(repository.location, "b.md"));
    rmSync(path.join(repository.location, "a.md"));
    repository.commit("Empty");
    const empty = await sync(admin);

    expect(gone).toMatchObject({ state: "failed", removed: [] });
    expect(gone.failed[0]?.message).toContain("There is no branch main. Set the option branch to one of: trunk.");
    expect(empty).toMatchObject({ state: "held", removed: [], heldRemovals: ["a.md", "b.md"] });
    await expect(current()).resolves.toHaveLength(2);
  });
});
