import type { DocumentKind } from "../../src/ports/models.js";
import { assertNever, errorCode } from "../../src/ports/errors.js";
import type { FetchedItem } from "../sources/source.js";
import { cleanBlock } from "./clean-block.js";
import { cleanText, decodeText } from "./decode-text.js";
import { NO_METADATA, kindOfName, readMetadata } from "./front-matter.js";
import type { DocumentMetadata } from "./front-matter.js";
import { ParseError } from "./parse-error.js";
import { parseCsvFaq, parseJsonFaq, parseJsonLines, parseYamlFaq, readFaqEntry, readVariants } from "./parse-faq.js";
import type { FaqEntry } from "./parse-faq.js";
import { parseHtml } from "./parse-html.js";
import { parseMarkdown, readMarkdown } from "./parse-markdown.js";
import type { ContentWithLinks } from "./parse-markdown.js";
import { parseText } from "./parse-text.js";
import type { ParseOutcome, ParsedDocument } from "./parsed-document.js";

/** Goes up when the same bytes would be parsed into something else. */
export const PARSER_VERSION = "3";

/** Parses one item. Never throws: a document that cannot be parsed is an outcome. Runs inside of the sandbox only. */
export function parseDocument(item: FetchedItem): ParseOutcome {
  try {
    const documents = parseItem(item)
      .map(cleanDocument)
      .filter((document) => document.blocks.some((block) => block.kind !== "heading"));
    if (documents.length > 0) return { ok: true, documents };
    return { ok: false, failure: { code: "empty", message: "There is no text to read. Remove the file or fill it." } };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, failure: { code: error.code, message: error.message } };
    const message = `The parser failed (${errorCode(error)}). Simplify the file; a report with it helps us mend this.`;
    return { ok: false, failure: { code: "parser-failed", message } };
  }
}

/** Once more after the format's own escapes have been resolved: `&#8203;` and `\\u200b` are as invisible as the character. */
function cleanDocument(document: ParsedDocument): ParsedDocument {
  const title = cleanText(document.title).trim();
  return {
    ...document,
    title: title === "" ? nameOf(document.externalId) : title,
    variants: document.variants.map(cleanText),
    blocks: document.blocks.map(cleanBlock),
  };
}

function parseItem({ externalId, mediaType, bytes }: FetchedItem): readonly ParsedDocument[] {
  const text = decodeText(bytes);
  switch (mediaType) {
    case "text/markdown":
    case "text/mdx": {
      const { metadata, ...content } = parseMarkdown(text, mediaType === "text/mdx" ? "mdx" : "markdown");
      return [pageOf(externalId, metadata, null, content)];
    }
    case "text/html": {
      const { metadata, ...content } = parseHtml(text);
      return [pageOf(externalId, { ...metadata, title: null }, metadata.title, content)];
    }
    case "text/plain": {
      const { title, blocks } = parseText(text);
      return [pageOf(externalId, { ...NO_METADATA, title }, null, { blocks, links: [] })];
    }
    case "text/csv":
      return parseCsvFaq(text).map((entry) => questionOf(externalId, entry));
    case "application/yaml":
      return parseYamlFaq(text).map((entry) => questionOf(externalId, entry));
    case "application/json":
      return parseJsonFaq(text).map((entry) => questionOf(externalId, entry));
    case "application/jsonl":
      return parseJsonLines(text).map((line, index) => lineOf(externalId, line, index + 1));
    case "application/vnd.deskhand.corpus-line+json":
      return [corpusDocument(externalId, parseJson(text))];
    default:
      return assertNever(mediaType);
  }
}

/**
 * A page with its title: what it says of itself, else its only first-level heading, else its fallback, else its name.
 * The heading that says the same as the title is left out of the text.
 */
function pageOf(
  externalId: string,
  metadata: DocumentMetadata,
  fallbackTitle: string | null,
  { blocks, links }: ContentWithLinks,
): ParsedDocument {
  const topHeadings = blocks.filter((block) => block.kind === "heading" && block.depth === 1);
  const top = topHeadings.length === 1 || metadata.title === null ? topHeadings[0] : undefined;
  const heading = top?.kind === "heading" ? plain(top.text) : null;
  const isFirst = top !== undefined && blocks.indexOf(top) <= 1;
  const title = metadata.title ?? (isFirst ? heading : null) ?? fallbackTitle ?? heading ?? nameOf(externalId);
  const body = heading === title ? blocks.filter((block) => block !== top) : blocks;
  return {
    externalId,
    kind: metadata.kind ?? kindOfPath(externalId),
    title,
    url: metadata.url,
    updatedAt: metadata.updatedAt,
    acl: metadata.acl,
    variants: [],
    isQuestionAndAnswer: false,
    blocks: body,
    links,
  };
}

function plain(text: string): string {
  return text.replace(/\*\*|`/gu, "").trim();
}

function nameOf(externalId: string): string {
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

function questionOf(path: string, entry: FaqEntry): ParsedDocument {
  return {
    externalId: `${path}#${entry.number}`,
    kind: entry.metadata.kind ?? "faq",
    title: entry.question,
    url: entry.metadata.url,
    updatedAt: entry.metadata.updatedAt,
    acl: entry.metadata.acl,
    variants: entry.variants,
    isQuestionAndAnswer: true,
    ...readMarkdown(entry.answer),
  };
}

/** A line of a JSON-lines file in a folder: a question with its answer, or a document with title and text. */
function lineOf(path: string, value: unknown, number: number): ParsedDocument {
  if (typeof value === "object" && value !== null && "question" in value) {
    return questionOf(path, readFaqEntry(value, number));
  }
  return corpusDocument(`${path}#${number}`, value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ParseError("bad-syntax", "The line is not JSON. Write one object on each line.", { cause: error });
  }
}

function corpusDocument(externalId: string, value: unknown): ParsedDocument {
  const text = typeof value === "object" && value !== null && "text" in value ? value.text : undefined;
  if (typeof text !== "string") {
    throw new ParseError("no-text", 'The line has no "text". Write an object with id, title and text on each line.');
  }
  const metadata = readMetadata(value);
  const page = pageOf(externalId, metadata, null, readMarkdown(cleanText(text)));
  const variants = typeof value === "object" && value !== null && "variants" in value ? value.variants : [];
  return { ...page, variants: readVariants(variants), isQuestionAndAnswer: metadata.kind === "faq" };
}
