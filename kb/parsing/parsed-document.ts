import type { DocumentKind } from "../../src/ports/models.js";

/**
 * A piece of a document, freed of its file format. Texts are inline Markdown of the smallest kind: strong, emphasis and
 * code marks, line breaks; never links, images or HTML.
 */
export type ContentBlock =
  | { readonly kind: "heading"; readonly depth: number; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | ListBlock
  | TableBlock
  | { readonly kind: "code"; readonly language: string | null; readonly text: string }
  /** A quotation, or an admonition with its label, for example `Warning`. */
  | { readonly kind: "quote"; readonly label: string | null; readonly blocks: readonly ContentBlock[] };

export interface ListBlock {
  readonly kind: "list";
  /** Ordered lists are steps. */
  readonly ordered: boolean;
  readonly start: number;
  readonly items: readonly (readonly ContentBlock[])[];
  /** True when every item is nothing but a link: navigation, not content. */
  readonly isNavigation: boolean;
}

export interface TableBlock {
  readonly kind: "table";
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ParsedDocument {
  readonly externalId: string;
  readonly kind: DocumentKind;
  readonly title: string;
  /** http or https, or null. */
  readonly url: string | null;
  /** ISO 8601, or null when the document does not say. */
  readonly updatedAt: string | null;
  /** Null: as its source says. */
  readonly acl: readonly string[] | null;
  /** Other wordings of an FAQ question; empty for everything else. */
  readonly variants: readonly string[];
  /** True for a question with its answer, which is never split by headings. */
  readonly isQuestionAndAnswer: boolean;
  readonly blocks: readonly ContentBlock[];
  /** Where its links lead, in document order: a link that leads elsewhere is a change, though no text shows it. */
  readonly links: readonly string[];
}

export interface ParseFailure {
  /** Stable, for example `bad-syntax`, `not-text`, `timeout`. */
  readonly code: string;
  /** For operators: what is wrong, where, and what to do. Holds no text of the document. */
  readonly message: string;
}

export type ParseOutcome =
  | { readonly ok: true; readonly documents: readonly ParsedDocument[] }
  | { readonly ok: false; readonly failure: ParseFailure };
