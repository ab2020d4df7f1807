import { tidy } from "../inline-text.js";

/** A stretch of text in one shape. */
export interface TextRun {
  readonly text: string;
  readonly isBold: boolean;
  readonly isItalic: boolean;
}

/** Writes runs as inline Markdown. Programs cut runs at will: those of one shape are put together first. */
export function runsToText(runs: readonly TextRun[]): string {
  const joined: TextRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    // Space has no shape of its own.
    const isSame =
      last !== undefined && (run.text.trim() === "" || (last.isBold === run.isBold && last.isItalic === run.isItalic));
    if (isSame) joined.splice(-1, 1, { ...last, text: last.text + run.text });
    else joined.push(run);
  }
  return tidy(joined.map(marked).join(""));
}

/** True when all that can be seen is bold: the way to write a heading without a style for it. */
export function isAllBold(runs: readonly TextRun[]): boolean {
  const seen = runs.filter((run) => run.text.trim() !== "");
  return seen.length > 0 && seen.every((run) => run.isBold);
}

function marked({ text, isBold, isItalic }: TextRun): string {
  const mark = isBold ? "**" : isItalic ? "*" : "";
  const inner = text.trim();
  if (mark === "" || inner === "" || inner.includes("*") || inner.includes("\n")) return text;
  const from = text.indexOf(inner);
  return `${text.slice(0, from)}${mark}${inner}${mark}${text.slice(from + inner.length)}`;
}
