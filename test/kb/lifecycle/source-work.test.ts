import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newId } from "../../../src/ports/ids.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { testRepository } from "../../support/git-repository.js";
import { syncToEnd, testKnowledge, testLifecycle } from "../../support/knowledge.js";
import { localSite, page } from "../../support/local-site.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";
import { localFetch } from "../../support/web-listing.js";

const IDS = `select name, id from source where tenant_id = $1`;

describeEachDatabase("what sources keep on this machine", (open) => {
  const own = tenantForEachTest(open);
  let workDirectory: string;
  beforeEach(() => {
    workDirectory = mkdtempSync(path.join(tmpdir(), "deskhand-source-work-"));
  });
  afterEach(() => rmSync(workDirectory, { recursive: true, force: true }));

  const admin = () => testKnowledge(own.database, countingEmbeddings(), { workDirectory, fetch: localFetch() });
  const lifecycle = () => testLifecycle(own.database, countingEmbeddings(), workDirectory);

  async function idOf(name: string): Promise<string> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ name: string; id: string }>(IDS, [own.tenant]),
    );
    return rows.find((row) => row.name === name)?.id ?? "";
  }

  it("goes with a source for good, stays while it can be restored, and leaves that of others alone", async () => {
    using repository = testRepository({ "a.md": "A" });
    for (const name of ["docs", "guides"]) {
      await admin().addSource(own.tenant, { name, kind: "git", location: repository.location, acl: ["public"] });
      await syncToEnd(admin(), name, { tenantId: own.tenant });
    }
    const [docs, guides] = [await idOf("docs"), await idOf("guides")];
    const cloned = readdirSync(workDirectory).sort();
    await admin().removeSource(own.tenant, "docs");
    await lifecycle().purgeExpired(own.tenant);
    const removed = readdirSync(workDirectory).sort();
    await lifecycle().purge(own.tenant, "docs", "terminal");

    expect(cloned).toEqual([docs, guides].sort());
    expect(removed).toEqual(cloned);
    expect(readdirSync(workDirectory)).toEqual([guides]);
  });

  it("is deleted at a start where another machine has deleted the source, and nothing else is", async () => {
    const [gone, ofWeb] = [newId(), newId()];
    for (const folder of [gone, path.join("web", ofWeb), "notes"]) {
      mkdirSync(path.join(workDirectory, folder), { recursive: true });
      writeFileSync(path.join(workDirectory, folder, "kept"), "text");
    }
    await lifecycle().purgeExpired(own.tenant);
    expect(readdirSync(workDirectory).sort()).toEqual(["notes", "web"]);
    expect(readdirSync(path.join(workDirectory, "web"))).toEqual([]);
  });

  it("holds no page of a website once a sync has ended, also one that was stopped on the way", async () => {
    await using site = await localSite({ "/": page("Start", ["/a"]), "/a": page("A", []) });
    const place = { location: `${site.origin}/`, options: { delayMs: 0 } };
    await admin().addSource(own.tenant, { name: "site", kind: "web", acl: ["public"], ...place });
    const spool = path.join(workDirectory, "web", await idOf("site"));
    let wasThere = false;
    const steps = admin().sync(own.tenant, "site", { confirmRemovals: false }, new AbortController().signal);
    for await (const step of steps) {
      wasThere = existsSync(spool);
      if (step.kind === "listed") break;
    }
    expect(wasThere).toBe(true);
    expect(existsSync(spool)).toBe(false);
  });
});
