import { firstSentenceEnd } from "./text/sentences.js";

/** A sentence of a paragraph, or a block that is never cut: a list item, a table, code, a heading, a quote. */
export interface DraftPiece {
  /** What stood between the piece before and this one: nothing, a space, a line break or an empty line. */
  readonly separator: "" | " " | "\n" | "\n\n";
  readonly kind: "sentence" | "item" | "block";
  readonly markdown: string;
}

/** Cuts a draft into pieces as it arrives. */
export interface DraftSplitter {
  /** The pieces that are complete now. */
  push(text: string): readonly DraftPiece[];
  /** What is left when the draft is over. */
  end(): readonly DraftPiece[];
}

export function createDraftSplitter(): DraftSplitter {
  let buffer = "";
  let isFirst = true;
  const take = (isWhole: boolean): readonly DraftPiece[] => {
    const pieces: DraftPiece[] = [];
    for (;;) {
      const body = buffer.trimStart();
      const length = pieceLength(body, isWhole);
      if (length === null) return pieces;
      const gap = buffer.slice(0, buffer.length - body.length);
      const markdown = body.slice(0, length).trimEnd();
      pieces.push({ separator: isFirst ? "" : separatorOf(gap), kind: kindOf(body), markdown });
      isFirst = false;
      buffer = body.slice(length);
    }
  };
  return {
    push(text) {
      buffer += text;
      return take(false);
    },
    end: () => take(true),
  };
}

const MARKER = /^(?:[-*+]|\d{1,9}[.)])(?=\s)/u;
const FENCE = /^(?:`{3,}|~{3,})/u;
const BLOCK_START = /^(?:#{1,6}\s|>|\||`{3,}|~{3,}|[-*+]\s|\d{1,9}[.)]\s)/u;
/** What may still turn out to be the start of a block once more of the line has arrived. */
const UNDECIDED = /^(?:#{1,6}|`{1,2}|~{1,2}|[-*+]|\d{1,9}[.)]?)$/u;

function kindOf(body: string): DraftPiece["kind"] {
  if (MARKER.test(body)) return "item";
  return BLOCK_START.test(body) ? "block" : "sentence";
}

function separatorOf(gap: string): DraftPiece["separator"] {
  const breaks = gap.split("\n").length - 1;
  if (breaks === 0) return " ";
  return breaks === 1 ? "\n" : "\n\n";
}

/** Length of the piece that `body` begins with, or null while it is not complete. */
function pieceLength(body: string, isWhole: boolean): number | null {
  if (body === "" || (!isWhole && UNDECIDED.test(body))) return null;
  if (FENCE.test(body)) return fenceLength(body, isWhole);
  if (MARKER.test(body)) return linesWhile(body, isWhole, continuesItem);
  if (body.startsWith("|")) return linesWhile(body, isWhole, (line) => line.startsWith("|"));
  if (body.startsWith(">")) return linesWhile(body, isWhole, (line) => line.startsWith(">"));
  if (/^#{1,6}\s/u.test(body)) return linesWhile(body, isWhole, () => false);
  return sentenceLength(body, isWhole);
}

function continuesItem(line: string): boolean {
  if (line.trim() === "") return false;
  return /^\s{2,}/u.test(line) || !BLOCK_START.test(line);
}

function fenceLength(body: string, isWhole: boolean): number | null {
  const fence = FENCE.exec(body)?.[0] ?? "";
  const close = body.indexOf(`\n${fence}`, fence.length);
  if (close === -1) return isWhole ? body.length : null;
  const lineEnd = body.indexOf("\n", close + 1);
  if (lineEnd === -1) return isWhole ? body.length : null;
  return lineEnd;
}

/** The first line and those after it that continue it. The line that ends it must have arrived whole. */
function linesWhile(body: string, isWhole: boolean, continues: (line: string) => boolean): number | null {
  let end = body.indexOf("\n");
  while (end !== -1) {
    const next = body.indexOf("\n", end + 1);
    const line = body.slice(end + 1, next === -1 ? undefined : next);
    if (next === -1 && !isWhole) return null;
    if (!continues(line)) return end;
    if (next === -1) return body.length;
    end = next;
  }
  return isWhole ? body.length : null;
}

function sentenceLength(body: string, isWhole: boolean): number | null {
  const paragraphEnd = endOfParagraph(body, isWhole);
  const paragraph = body.slice(0, paragraphEnd ?? undefined);
  return firstSentenceEnd(paragraph, isWhole || paragraphEnd !== null);
}

/** The line break after which something else begins; null while the paragraph may go on. */
function endOfParagraph(body: string, isWhole: boolean): number | null {
  for (let end = body.indexOf("\n"); end !== -1; end = body.indexOf("\n", end + 1)) {
    const rest = body.slice(end + 1);
    if (/^[ \t]*\n/u.test(rest) || BLOCK_START.test(rest)) return end;
    if (!isWhole && (rest.trim() === "" || UNDECIDED.test(rest))) return null;
  }
  return isWhole ? body.length : null;
}
