import type { PDFDocumentProxy } from "pdfjs-dist";
import { toDate, toUrl } from "../front-matter.js";
import { ParseError } from "../parse-error.js";
import type { ContentBlock, ParseRemark } from "../parsed-document.js";
import { vocabularyOf } from "./hyphenation.js";
import { openPdf } from "./open-pdf.js";
import type { PdfLibrary } from "./open-pdf.js";
import { styleOf, toBlocks } from "./pdf-blocks.js";
import { toLines } from "./page-lines.js";
import { readPage } from "./page-reader.js";
import type { PageContent } from "./page-reader.js";
import { dropRunningHeads } from "./running-heads.js";

export interface PdfContent {
  /** As the file's properties say. */
  readonly title: string | null;
  readonly updatedAt: string | null;
  readonly blocks: readonly ContentBlock[];
  readonly links: readonly string[];
  readonly remarks: readonly ParseRemark[];
}

/** More pages are no document for a question, and would hold up all others. */
export const MAX_PDF_PAGES = 2_000;

/**
 * Reads the text that a reader of the pages sees.
 * @throws {ParseError} `encrypted`, `bad-pdf`, `too-many-pages`, or `scanned` when the pages are pictures of text
 */
export async function parsePdf(bytes: Uint8Array): Promise<PdfContent> {
  const { library, document, close } = await openPdf(bytes);
  try {
    if (document.numPages > MAX_PDF_PAGES) throw tooManyPages(document.numPages);
    const read = await readPages(document, library);
    const lines = dropRunningHeads(
      read.map(({ page, number }) => ({ number, height: page.height, lines: toLines(page, number) })),
    ).flatMap((page) => page.lines);
    const blocks = [
      ...toBlocks(lines, styleOf(lines, vocabularyOf(lines.map((line) => line.text)))),
      ...turnedBlocks(read),
    ];
    const scanned = read.filter(({ page }) => isScan(page)).map(({ number }) => number);
    if (blocks.length === 0 && scanned.length > 0) throw allScanned(scanned);
    return {
      ...(await readProperties(document)),
      blocks,
      links: read.flatMap((page) => page.links),
      remarks: remarksOf(read, scanned),
    };
  } finally {
    await close();
  }
}

interface ReadPage {
  readonly number: number;
  readonly page: PageContent;
  readonly links: readonly string[];
}

async function readPages(document: PDFDocumentProxy, library: PdfLibrary): Promise<readonly ReadPage[]> {
  const layers = await document.getOptionalContentConfig();
  const pages: ReadPage[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    try {
      const page = await document.getPage(number);
      pages.push({ number, page: await readPage(page, library, layers), links: await linksOf(page) });
    } catch (error) {
      const message = `Page ${number} cannot be read. Export the PDF again, or print it to a new PDF.`;
      throw new ParseError("bad-pdf", message, { cause: error });
    }
  }
  return pages;
}

async function linksOf(page: { getAnnotations(): Promise<unknown[]> }): Promise<readonly string[]> {
  return (await page.getAnnotations()).flatMap((annotation) => {
    const url =
      typeof annotation === "object" && annotation !== null && "url" in annotation ? toUrl(annotation.url) : null;
    return url === null ? [] : [url];
  });
}

/** A picture over most of the page, or letters drawn as shapes, and next to no text. */
function isScan({ spans, pictureShare, shapes }: PageContent): boolean {
  const characters = spans.reduce((sum, span) => sum + span.text.length, 0);
  return characters < 30 && (pictureShare > 0.4 || (characters === 0 && shapes > 100));
}

function turnedBlocks(read: readonly ReadPage[]): ContentBlock[] {
  return read.flatMap(({ page, number }) =>
    page.turned.map((text): ContentBlock => ({ kind: "paragraph", text, page: number })),
  );
}

function remarksOf(read: readonly ReadPage[], scanned: readonly number[]): readonly ParseRemark[] {
  const hidden = read.filter(({ page }) => page.hasHiddenText).map(({ number }) => number);
  const remarks: ParseRemark[] = [];
  if (scanned.length > 0) {
    const message = `${pagesOf(scanned)}: pictures of text, which are not read. Run text recognition and save the result as text.`;
    remarks.push({ code: "scanned-pages", message });
  }
  if (hidden.length > 0) {
    const message = `${pagesOf(hidden)}: text that nobody sees (behind a picture, without colour or off the page) is left out.`;
    remarks.push({ code: "hidden-text", message });
  }
  return remarks;
}

function allScanned(pages: readonly number[]): ParseError {
  const message = `${pagesOf(pages)}: pictures of text, and no text. Save what text recognition finds as .docx or .txt.`;
  return new ParseError("scanned", message);
}

function tooManyPages(pages: number): ParseError {
  return new ParseError("too-many-pages", `The PDF has ${pages} pages; at most ${MAX_PDF_PAGES} are read. Split it.`);
}

/** `Page 3` or `Pages 1-4, 7`. */
export function pagesOf(pages: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last !== undefined && last.to === page - 1) last.to = page;
    else runs.push({ from: page, to: page });
  }
  const texts = runs.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
  const shown = texts.length > 20 ? [...texts.slice(0, 20), "…"] : texts;
  return `${pages.length === 1 ? "Page" : "Pages"} ${shown.join(", ")}`;
}

async function readProperties(document: PDFDocumentProxy): Promise<Pick<PdfContent, "title" | "updatedAt">> {
  const { info } = await document.getMetadata().catch(() => ({ info: {} }));
  const { Title: title, ModDate: changed } = info as { Title?: unknown; ModDate?: unknown };
  const text = typeof title === "string" ? title.replace(/\s+/gu, " ").trim() : "";
  return { title: isTitle(text) ? text : null, updatedAt: toDate(dateOf(changed)) };
}

/** Programs put the name of the file there, or nothing. */
function isTitle(text: string): boolean {
  return text.length > 2 && text.length <= 200 && !/^untitled|^microsoft |\.\w{2,5}$/iu.test(text);
}

/** `D:20260501120000+02'00'` */
function dateOf(value: unknown): string | null {
  const match = typeof value === "string" ? /^D:(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?/u.exec(value) : null;
  if (match === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00"] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
