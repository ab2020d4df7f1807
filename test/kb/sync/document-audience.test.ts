import { tmpdir } from "node:os";
import { beforeEach, expect, it } from "vitest";
import { SOURCE_KINDS, type SourceKind } from "../../../src/ports/knowledge.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { ScriptedSource } from "../../fakes/scripted-source.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const ACLS = `
  select document.external_id, chunk.acl
    from chunk join document on document.id = chunk.document_id
   where chunk.tenant_id = $1 and chunk.is_current order by document.external_id`;
const SET_KIND = "update source set kind = $2, acl = $3::text[] where tenant_id = $1";

describeEachDatabase("the audience that a text gives itself", (open) => {
  const own = tenantForEachTest(open);
  let place: ScriptedSource;
  beforeEach(() => {
    place = new ScriptedSource();
    const page = (audience: string): string => `---\naudience: ${audience}\n---\nText.`;
    for (const audience of ["public", "board", "[public, board]"]) place.texts.set(`${audience}.md`, page(audience));
    place.texts.set("none.md", "Text.");
    place.texts.set("told.md", page("public"));
    place.facts.set("told.md", { title: null, url: null, updatedAt: null, editedBy: null, acl: ["entra:user:anna"] });
  });

  /** Readers by document, of the same texts in a source of that kind and audience. */
  async function readers(kind: SourceKind, acl: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const admin = testKnowledge(own.database, countingEmbeddings(), { open: () => Promise.resolve(place) });
    await admin.addSource(own.tenant, { name: "docs", kind: "folder", location: tmpdir(), acl: ["public"] });
    // The scripted place stands for one of this kind, whose record is not checked.
    await own.database.withTenant(own.tenant, (db) => db.query(SET_KIND, [own.tenant, kind, acl]));
    await syncToEnd(admin, "docs", { tenantId: own.tenant });
    const { rows } = await own.database.withTenant(own.tenant, (db) =>
      db.query<{ external_id: string; acl: string[] }>(ACLS, [own.tenant]),
    );
    return Object.fromEntries(rows.map((row) => [row.external_id, row.acl.join(" ")]));
  }

  const OWN_KINDS: readonly SourceKind[] = ["folder", "jsonl", "push", "entries"];

  it.each(OWN_KINDS)("comes first in a source of the kind %s", async (kind) => {
    await expect(readers(kind, ["staff"])).resolves.toEqual({
      "public.md": "public",
      "board.md": "board",
      "[public, board].md": "board public",
      "none.md": "staff",
      "told.md": "entra:user:anna",
    });
  });

  it.each(SOURCE_KINDS.filter((kind) => !OWN_KINDS.includes(kind)))(
    "makes nothing wider than the source in a source of the kind %s",
    async (kind) => {
      await expect(readers(kind, ["staff", "board"])).resolves.toEqual({
        "public.md": "staff board",
        "board.md": "board",
        "[public, board].md": "board",
        "none.md": "staff board",
        "told.md": "entra:user:anna",
      });
    },
  );

  it("may narrow what everybody may read in a source of any kind", async () => {
    await expect(readers("git", ["public"])).resolves.toMatchObject({ "board.md": "board", "none.md": "public" });
  });
});
