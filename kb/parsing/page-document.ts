import type { DocumentKind } from "../../src/ports/models.js";
import { kindOfName } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import type { FaqEntry } from "./parse-faq.js";
import { readMarkdown } from "./parse-markdown.js";
import type { ContentWithLinks } from "./parse-markdown.js";
import type { ParseRemark, ParsedDocument } from "./parsed-document.js";

export interface PageContent extends ContentWithLinks {
  readonly remarks?: readonly ParseRemark[];
}

/**
 * A page with its title: what it says of itself, else its only first-level heading, else its fallback, else its name.
 * The heading that says the same as the title is left out of the text.
 */
export function pageOf(
  externalId: string,
  metadata: DocumentMetadata,
  fallbackTitle: string | null,
  { blocks, links, remarks = [] }: PageContent,
): ParsedDocument {
  const topHeadings = blocks.filter((block) => block.kind === "heading" && block.depth === 1);
  const top = topHeadings.length === 1 || metadata.title === null ? topHeadings[0] : undefined;
  const heading = top?.kind === "heading" ? plain(top.text) : null;
  const isFirst = top !== undefined && blocks.indexOf(top) <= 1;
  const title = metadata.title ?? (isFirst ? heading : null) ?? fallbackTitle ?? heading ?? nameOf(externalId);
  const body = heading === title ? blocks.filter((block) => block !== top) : blocks;
  return {
    ...saidOf(metadata),
    externalId,
    kind: metadata.kind ?? kindOfPath(externalId),
    title,
    variants: [],
    isQuestionAndAnswer: false,
    blocks: body,
    links,
    remarks,
  };
}

/** A question with its answer, one of several in its file. */
export function questionOf(externalId: string, entry: FaqEntry): ParsedDocument {
  return {
    ...saidOf(entry.metadata),
    externalId,
    kind: entry.metadata.kind ?? "faq",
    title: entry.question,
    variants: entry.variants,
    isQuestionAndAnswer: true,
    ...readMarkdown(entry.answer),
    remarks: [],
  };
}

type Said = Pick<ParsedDocument, "url" | "updatedAt" | "acl" | "lang" | "validFrom" | "validUntil" | "category">;

function saidOf({ url, updatedAt, acl, lang, validFrom, validUntil, category }: DocumentMetadata): Said {
  return { url, updatedAt, acl, lang, validFrom, validUntil, category };
}

function plain(text: string): string {
  return text.replace(/\*\*|`/gu, "").trim();
}

export function nameOf(externalId: string): string {
  const name = (externalId.split("/").at(-1) ?? externalId)
    .replace(/\.[a-z]+$/iu, "")
    .replace(/[-_]+/gu, " ")
    .trim();
  return name === "" ? externalId : name.charAt(0).toUpperCase() + name.slice(1);
}

/** The nearest folder that is named after a kind decides. */
function kindOfPath(externalId: string): DocumentKind {
  const folders = externalId.split("/").slice(0, -1).reverse();
  return folders.map(kindOfName).find((kind) => kind !== null) ?? "page";
}
