import { NotFoundError } from "../../src/ports/errors.js";
import type { KnowledgeReader, OpenedPassage, Passage } from "../../src/ports/knowledge.js";

/** Opens the documents that passages are made of; one may be closed, changed or broken. */
export class MemoryReader implements KnowledgeReader {
  readonly asked: { readonly tenantId: string; readonly audience: readonly string[]; readonly chunkId: string }[] = [];
  /** By document: closed to everybody, or changed since. */
  readonly states = new Map<string, "closed" | "changed" | "broken">();
  readonly #passages: readonly Passage[];

  constructor(passages: readonly Passage[]) {
    this.#passages = passages;
  }

  openPassage(tenantId: string, audience: readonly string[], chunkId: string): Promise<OpenedPassage> {
    this.asked.push({ tenantId, audience, chunkId });
    const cited = this.#passages.find((passage) => passage.chunkId === chunkId);
    const state = this.states.get(cited?.documentId ?? "");
    if (state === "broken") return Promise.reject(new Error("the database is gone"));
    if (cited === undefined || state === "closed") return Promise.reject(new NotFoundError(`passage ${chunkId}`));
    const { title, headingPath, kind, url, externalId, updatedAt, documentId } = cited;
    const chunks = this.#passages
      .filter((passage) => passage.documentId === documentId)
      .map((one) => ({
        chunkId: one.chunkId,
        headingPath: one.headingPath,
        text: one.text,
        isCited: one.chunkId === chunkId,
      }));
    const isCurrent = state !== "changed";
    return Promise.resolve({ chunkId, title, headingPath, kind, url, externalId, updatedAt, isCurrent, chunks });
  }
}
