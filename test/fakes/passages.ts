import type { Passage } from "../../src/ports/knowledge.js";

/** A passage with everything that does not matter filled in. */
export function passageOf(text: string, overrides: Partial<Passage> = {}): Passage {
  const title = overrides.title ?? "Handbook";
  return {
    chunkId: `chunk-of-${title}`,
    documentId: `document-of-${title}`,
    versionId: `version-of-${title}`,
    sourceId: "source",
    externalId: `${title}.md`,
    kind: "manual",
    title,
    headingPath: [],
    text,
    url: null,
    updatedAt: null,
    scores: { lexical: 1, vector: null, coverage: 1, fused: 1 },
    ...overrides,
  };
}
