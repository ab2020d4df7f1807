import { createTwoFilesPatch, diffLines } from "diff";
import type { VersionSummary } from "../../src/ports/document-library.js";

/**
 * Lines that come and go between two texts that are compared line by line; of two long texts that have little in common, all
 * else waits meanwhile. A list of versions compares many, and then only counts.
 */
const MOST_EDITS = { listed: 250, shown: 1_000 } as const;

/** Of both texts together; comparing takes longer with each line, also with those that they share. */
const MOST_CHARACTERS = { listed: 200_000, shown: 2_000_000 } as const;

export interface VersionText {
  readonly label: string;
  readonly title: string;
  readonly body: string;
}

type Changes = NonNullable<VersionSummary["changes"]>;

/** How many lines came and went; of texts that are long or differ in more than a few, a line that has moved is neither. */
export function countChanges(before: VersionText, after: VersionText): Changes {
  if (isLongerThan(MOST_CHARACTERS.listed, before, after)) return countLines(before, after);
  const parts = diffLines(textOf(before), textOf(after), { maxEditLength: MOST_EDITS.listed });
  // The library's types say that it always succeeds; beyond the limit it gives nothing.
  if (!Array.isArray(parts)) return countLines(before, after);
  const linesOf = (wanted: "added" | "removed") =>
    parts.filter((part) => part[wanted]).reduce((sum, { count }) => sum + count, 0);
  return { addedLines: linesOf("added"), removedLines: linesOf("removed") };
}

/** A unified diff; empty for the same text. Counts alone for texts that differ in too many lines, or are too long. */
export function unifiedDiff(before: VersionText, after: VersionText): string | Changes {
  if (textOf(before) === textOf(after)) return "";
  if (isLongerThan(MOST_CHARACTERS.shown, before, after)) return countLines(before, after);
  const options = { context: 3, maxEditLength: MOST_EDITS.shown };
  const patch: unknown = createTwoFilesPatch(before.label, after.label, textOf(before), textOf(after), "", "", options);
  return typeof patch === "string" ? patch.replace(/^=+\n/u, "") : countLines(before, after);
}

function isLongerThan(limit: number, before: VersionText, after: VersionText): boolean {
  return before.body.length + after.body.length > limit;
}

/** Wherever the lines stand. */
function countLines(before: VersionText, after: VersionText): Changes {
  const left = new Map<string, number>();
  for (const line of textOf(before).split("\n")) left.set(line, (left.get(line) ?? 0) + 1);
  let addedLines = 0;
  for (const line of textOf(after).split("\n")) {
    const count = left.get(line) ?? 0;
    if (count === 0) addedLines += 1;
    else left.set(line, count - 1);
  }
  return { addedLines, removedLines: [...left.values()].reduce((sum, count) => sum + count, 0) };
}

function textOf({ title, body }: VersionText): string {
  return `# ${title}\n\n${body.trimEnd()}\n`;
}
