import type { SourceKind } from "../../src/ports/knowledge.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";

/** Whoever writes there runs Deskhand. Elsewhere many may edit a text, and none of them decides who else reads it. */
const OWN_KINDS: ReadonlySet<SourceKind> = new Set(["folder", "jsonl", "push", "entries"]);

/** Everybody has it. */
const PUBLIC = "public";

/** What decides who may read an item, besides what its text says. */
export interface ItemAudience {
  readonly source: { readonly kind: SourceKind; readonly acl: readonly string[] };
  /** As the place tells it; null where it tells nothing. */
  readonly told: readonly string[] | null;
}

/**
 * What a text says of its own audience makes it narrower than the source's and never wider, but for the operator's own
 * files, where it comes first. What the place tells comes before the text in any case.
 */
export function withAudience(document: ParsedDocument, { source, told }: ItemAudience): ParsedDocument {
  const { kind, acl } = source;
  if (document.acl === null || told !== null || OWN_KINDS.has(kind) || acl.includes(PUBLIC)) return document;
  const both = document.acl.filter((token) => acl.includes(token));
  return { ...document, acl: both.length === 0 ? null : both };
}
