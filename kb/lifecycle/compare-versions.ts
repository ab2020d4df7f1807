import { createTwoFilesPatch, diffLines } from "diff";
import type { VersionSummary } from "../../src/ports/document-library.js";

/** Two long texts that have little in common take seconds to compare; a list of versions does without. */
const COUNTING_MS = 200;
const DIFF_MS = 5_000;

export interface VersionText {
  readonly label: string;
  readonly title: string;
  readonly body: string;
}

/** How many lines came and went; null when that takes too long. */
export function countChanges(before: VersionText, after: VersionText): VersionSummary["changes"] {
  const parts = diffLines(textOf(before), textOf(after), { timeout: COUNTING_MS });
  // The library's types say that it always succeeds; with a time limit it gives nothing when that has passed.
  if (!Array.isArray(parts)) return null;
  const linesOf = (wanted: "added" | "removed") =>
    parts.filter((part) => part[wanted]).reduce((sum, { count }) => sum + count, 0);
  return { addedLines: linesOf("added"), removedLines: linesOf("removed") };
}

/** A unified diff; empty for the same text, null when it takes too long. */
export function unifiedDiff(before: VersionText, after: VersionText): string | null {
  if (textOf(before) === textOf(after)) return "";
  const options = { context: 3, timeout: DIFF_MS };
  const patch: unknown = createTwoFilesPatch(before.label, after.label, textOf(before), textOf(after), "", "", options);
  return typeof patch === "string" ? patch.replace(/^=+\n/u, "") : null;
}

function textOf({ title, body }: VersionText): string {
  return `# ${title}\n\n${body.trimEnd()}\n`;
}
