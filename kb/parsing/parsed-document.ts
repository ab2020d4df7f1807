import type { DocumentKind } from "../../src/ports/models.js";

/**
 * A piece of a document, freed of its file format. Texts are inline Markdown of the smallest kind: strong, emphasis and
 * code marks, line breaks; never links, images or HTML.
 */
export type ContentBlock =
  | (OnPage & { readonly kind: "heading"; readonly depth: number; readonly text: string })
  | (OnPage & { readonly kind: "paragraph"; readonly text: string })
  | ListBlock
  | TableBlock
  | (OnPage & { readonly kind: "code"; readonly language: string | null; readonly text: string })
  /** A quotation, or an admonition with its label, for example `Warning`. */
  | (OnPage & { readonly kind: "quote"; readonly label: string | null; readonly blocks: readonly ContentBlock[] });

interface OnPage {
  /** The first page or slide that it stands on, counted from 1; missing where a document has none. */
  readonly page?: number;
}

export interface ListBlock extends OnPage {
  readonly kind: "list";
  /** Ordered lists are steps. */
  readonly ordered: boolean;
  readonly start: number;
  readonly items: readonly (readonly ContentBlock[])[];
  /** True when every item is nothing but a link: navigation, not content. */
  readonly isNavigation: boolean;
}

export interface TableBlock extends OnPage {
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
  /** Its main language, for example `en`: as it says itself, else as its words tell; null when they do not. */
  readonly lang: string | null;
  /** First day on which it holds, `2026-05-01`; null: from ever on. */
  readonly validFrom: string | null;
  /** Last day on which it holds; null: for good. */
  readonly validUntil: string | null;
  /** What an FAQ sheet files the question under. */
  readonly category: string | null;
  /** Other wordings of an FAQ question; empty for everything else. */
  readonly variants: readonly string[];
  /** True for a question with its answer, which is never split by headings. */
  readonly isQuestionAndAnswer: boolean;
  readonly blocks: readonly ContentBlock[];
  /** Where its links lead, in document order: a link that leads elsewhere is a change, though no text shows it. */
  readonly links: readonly string[];
  /** What was left out of it and why, for operators. */
  readonly remarks: readonly ParseRemark[];
}

/** A document was read, and not all of it. */
export interface ParseRemark {
  /** Stable, for example `scanned-pages`, `hidden-text`. */
  readonly code: string;
  /** Holds no text of the document. */
  readonly message: string;
}

export interface ParseFailure {
  /** Stable, for example `bad-syntax`, `not-text`, `timeout`. */
  readonly code: string;
  /** For operators: what is wrong, where, and what to do. Holds no text of the document. */
  readonly message: string;
  /** Who may read the item, where it says so and holds nothing else. */
  readonly acl?: readonly string[];
}

export type ParseOutcome =
  | { readonly ok: true; readonly documents: readonly ParsedDocument[] }
  | { readonly ok: false; readonly failure: ParseFailure };
