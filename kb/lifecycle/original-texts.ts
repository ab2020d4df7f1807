import type { Database } from "../../src/ports/database.js";
import { DeskhandError } from "../../src/ports/errors.js";
import type { OriginalTexts } from "../../src/ports/original-texts.js";
import { openSource } from "../sources/open-source.js";
import type { SourceServices } from "../sources/source-kind.js";
import { readSource } from "../sync/source-store.js";

/** Kinds whose documents are files as people write them. */
const KINDS: ReadonlySet<string> = new Set(["folder", "git"]);
const TEXTS: ReadonlySet<string> = new Set(["text/markdown", "text/mdx", "text/plain"]);

/** See {@link OriginalTexts}. */
export function createOriginalTexts(services: SourceServices & { readonly database: Database }): OriginalTexts {
  return {
    async read(tenantId, name, externalId, signal) {
      const record = await services.database.withTenant(tenantId, (db) => readSource(db, tenantId, name));
      if (record === null || !KINDS.has(record.kind)) return null;
      try {
        const source = await openSource(record, { ...services, tenantId, sourceId: record.sourceId });
        await source.list(null, signal);
        const item = await source.fetch({ externalId, revision: null, known: null }, signal);
        if (item === "unchanged" || !TEXTS.has(item.mediaType)) return null;
        return new TextDecoder("utf-8", { fatal: true }).decode(item.bytes);
      } catch (error) {
        if (error instanceof DeskhandError || error instanceof TypeError) return null;
        throw error;
      }
    },
  };
}
