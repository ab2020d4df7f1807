import { assertNever, errorCode } from "../../src/ports/errors.js";
import type { FetchedItem, ItemFacts } from "../sources/source.js";
import { cleanBlock } from "./clean-block.js";
import { cleanText, decodeHtml, decodeText } from "./decode-text.js";
import { detectLanguage } from "./detect-language.js";
import { NO_METADATA, readMetadata, toDate, toUrl } from "./front-matter.js";
import { nameOf, pageOf, questionOf } from "./page-document.js";
import { parseBinary } from "./parse-binary.js";
import { parseCsv } from "./parse-csv.js";
import { ParseError } from "./parse-error.js";
import { parseJsonFaq, parseJsonLines, parseYamlFaq, readFaqEntry, readVariants } from "./parse-faq.js";
import { parseHtml } from "./parse-html.js";
import { parseMarkdown, readMarkdown } from "./parse-markdown.js";
import { parseText } from "./parse-text.js";
import type { ContentBlock, ParseOutcome, ParsedDocument } from "./parsed-document.js";
import { sheetDocuments } from "./sheet-documents.js";

/** Goes up when the same bytes would be parsed into something else. */
export const PARSER_VERSION = "5";

/** Parses one item. Never throws: a document that cannot be parsed is an outcome. Runs inside of the sandbox only. */
export async function parseDocument(item: FetchedItem): Promise<ParseOutcome> {
  try {
    const parsed = await parseItem(item);
    const documents = parsed
      .map((document) => withFacts(document, item))
      .map(cleanDocument)
      .filter((document) => document.blocks.some((block) => block.kind !== "heading"))
      .map(withLanguage);
    if (documents.length > 0) return { ok: true, documents };
    return { ok: false, failure: { code: "empty", message: EMPTY, ...readersOf(parsed) } };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, failure: { code: error.code, message: error.message } };
    const message = `The parser failed (${errorCode(error)}). Simplify the file; a report with it helps us mend this.`;
    return { ok: false, failure: { code: "parser-failed", message } };
  }
}

const EMPTY = "There is no text to read. Remove the file or fill it.";

/** Of an item that is one document. */
function readersOf([first, ...others]: readonly ParsedDocument[]): { readonly acl?: readonly string[] } {
  return first?.acl != null && others.length === 0 ? { acl: first.acl } : {};
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

/** What the place knows of the item wins; its title is that of an item that is one document. */
function withFacts(document: ParsedDocument, { externalId, facts }: FetchedItem): ParsedDocument {
  if (facts === undefined) return document;
  const title = document.externalId === externalId ? titleOf(facts) : null;
  return {
    ...document,
    title: title ?? document.title,
    blocks: title === null ? document.blocks : withoutTitle(document.blocks, title),
    url: toUrl(facts.url) ?? document.url,
    updatedAt: toDate(facts.updatedAt) ?? document.updatedAt,
    acl: facts.acl ?? document.acl,
  };
}

function titleOf({ title }: ItemFacts): string | null {
  return title === null || title.trim() === "" ? null : title.replace(/\s+/gu, " ").trim();
}

/** The first heading is no text when it only says the title again. */
function withoutTitle(blocks: readonly ContentBlock[], title: string): readonly ContentBlock[] {
  const [first] = blocks;
  return first?.kind === "heading" && first.text === title ? blocks.slice(1) : blocks;
}

/** Enough to tell the language by. */
const SAMPLE_CHARACTERS = 3_000;

function withLanguage(document: ParsedDocument): ParsedDocument {
  return document.lang === null ? { ...document, lang: detectLanguage(sampleOf(document)) } : document;
}

function sampleOf({ title, blocks }: ParsedDocument): string {
  let sample = title;
  for (const block of blocks) {
    if (sample.length > SAMPLE_CHARACTERS) break;
    sample += ` ${wordsOf(block)}`;
  }
  return sample.slice(0, SAMPLE_CHARACTERS);
}

function wordsOf(block: ContentBlock): string {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return block.text;
    case "list":
      return block.items.map((item) => item.map(wordsOf).join(" ")).join(" ");
    case "table":
      return [block.header, ...block.rows.slice(0, 20)].map((row) => row.join(" ")).join(" ");
    case "quote":
      return block.blocks.map(wordsOf).join(" ");
    case "code":
      return "";
    default:
      return assertNever(block);
  }
}

async function parseItem(item: FetchedItem): Promise<readonly ParsedDocument[]> {
  const { externalId, mediaType, bytes } = item;
  switch (mediaType) {
    case "application/pdf":
    case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
    case "application/vnd.openxmlformats-officedocument.presentationml.presentation":
    case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
      return parseBinary(externalId, bytes);
    case "text/html": {
      const { metadata, ...content } = parseHtml(decodeHtml(bytes));
      return [pageOf(externalId, { ...metadata, title: null }, metadata.title, content)];
    }
    default:
      return parseTextItem(externalId, mediaType, decodeText(bytes));
  }
}

type TextType = Exclude<
  FetchedItem["mediaType"],
  "text/html" | "application/pdf" | `application/vnd.openxmlformats${string}`
>;

function parseTextItem(externalId: string, mediaType: TextType, text: string): readonly ParsedDocument[] {
  switch (mediaType) {
    case "text/markdown":
    case "text/mdx": {
      const { metadata, ...content } = parseMarkdown(text, mediaType === "text/mdx" ? "mdx" : "markdown");
      return [pageOf(externalId, metadata, null, content)];
    }
    case "text/plain": {
      const { title, blocks } = parseText(text);
      return [pageOf(externalId, { ...NO_METADATA, title }, null, { blocks, links: [] })];
    }
    case "text/csv":
      return sheetDocuments(externalId, [{ name: "", rows: parseCsv(text) }], NO_METADATA, []);
    case "application/yaml":
      return parseYamlFaq(text).map((entry) => questionOf(`${externalId}#${entry.number}`, entry));
    case "application/json":
      return parseJsonFaq(text).map((entry) => questionOf(`${externalId}#${entry.number}`, entry));
    case "application/jsonl":
      return parseJsonLines(text).map((line, index) => lineOf(externalId, line, index + 1));
    case "application/vnd.deskhand.corpus-line+json":
      return [corpusDocument(externalId, parseJson(text))];
    default:
      return assertNever(mediaType);
  }
}

/** A line of a JSON-lines file in a folder: a question with its answer, or a document with title and text. */
function lineOf(path: string, value: unknown, number: number): ParsedDocument {
  const externalId = `${path}#${number}`;
  if (typeof value === "object" && value !== null && "question" in value) {
    return questionOf(externalId, readFaqEntry(value, number));
  }
  return corpusDocument(externalId, value);
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
