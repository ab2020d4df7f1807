import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { chunkDocument } from "../../../kb/chunking/chunk-document.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import { splitSentences } from "../../../src/answering/text/sentences.js";
import type { Passage } from "../../../src/ports/knowledge.js";
import { passageOf } from "../../fakes/passages.js";

export interface SourcePassage {
  readonly passage: Passage;
  /** Its sentences as read aloud, names in `**`, in order. */
  readonly sentences: readonly string[];
  /** Everything in it that may be quoted, in any language. */
  readonly quotable: readonly string[];
  /** The steps of its longest procedure. */
  readonly steps: readonly string[];
}

/** Where the labelled data set lies, or null. */
export function corpusFile(set: string): string | null {
  const file = path.join(process.env["TEST_DATA_DIR"] ?? "", set, "corpus.jsonl");
  return existsSync(file) ? file : null;
}

/** A corpus cut as the product cuts it. @param under ids begin with it */
export async function corpusPassages(file: string, under = ""): Promise<readonly SourcePassage[]> {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return passagesOfLines(lines.filter((line) => under === "" || line.startsWith(`{"id": "${under}`)));
}

export async function textPassages(
  texts: readonly { readonly title: string; readonly text: string }[],
): Promise<readonly SourcePassage[]> {
  return passagesOfLines(texts.map(({ title, text }) => JSON.stringify({ id: title, title, text })));
}

async function passagesOfLines(lines: readonly string[]): Promise<readonly SourcePassage[]> {
  const cut = await Promise.all(lines.map((line, index) => passagesOf(line, `corpus/${String(index)}`)));
  return cut.flat();
}

async function passagesOf(line: string, externalId: string): Promise<readonly SourcePassage[]> {
  const bytes = new TextEncoder().encode(line);
  const mediaType = "application/vnd.deskhand.corpus-line+json";
  const outcome = await parseDocument({ externalId, mediaType, bytes });
  if (!outcome.ok) return [];
  return outcome.documents.flatMap((document) =>
    chunkDocument(document).map(({ body, headingPath }, index) => ({
      passage: passageOf(body, {
        title: document.title,
        headingPath,
        chunkId: `${externalId}#${String(index)}`,
        documentId: externalId,
      }),
      sentences: sentencesIn(body),
      quotable: blocksIn(body)
        .filter(({ isCode }) => !isCode)
        .flatMap(({ text }) => splitSentences(text)),
      steps: stepsIn(body),
    })),
  );
}

const IS_PROSE = /^\p{Lu}[^|`<>{}#\\[\]=]*[.]$/u;

/** Whole sentences of prose that a model would write; commands, tables and headings are nobody's claim. */
function sentencesIn(body: string): readonly string[] {
  return blocksIn(body)
    .filter(({ isCode }) => !isCode)
    .flatMap(({ text }) => text.split(/(?<=[\p{Ll}0-9)*][.])\s+(?=[\p{Lu}*])/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => IS_PROSE.test(sentence.replaceAll("**", "")) && isFit(sentence));
}

function stepsIn(body: string): readonly string[] {
  const runs: string[][] = [[]];
  for (const { text, isStep } of blocksIn(body)) {
    if (isStep && isFit(text) && IS_PROSE.test(text.replaceAll("**", ""))) runs.at(-1)?.push(text);
    else runs.push([]);
  }
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), []);
}

function isFit(sentence: string): boolean {
  const count = sentence.split(/\s+/u).length;
  return count >= 4 && count <= 32 && !sentence.includes("://") && sentence.split("**").length % 2 === 1;
}

function blocksIn(body: string): readonly { text: string; isStep: boolean; isCode: boolean }[] {
  return body
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/u)
    .map((block) => ({
      text: block
        .replace(/^\s*(?:[-*>]|\d+\.) +/u, "")
        .replaceAll(/\s+/gu, " ")
        .trim(),
      isStep: /^\s*\d+\. /u.test(block),
      isCode: /^\s*(?:```|\||#)/u.test(block) || block.includes("```"),
    }))
    .filter(({ text }) => text !== "");
}
