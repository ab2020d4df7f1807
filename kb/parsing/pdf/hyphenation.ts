/** The words of a document in lower case: they tell whether a hyphen at a line's end belongs to the word. */
export type Vocabulary = ReadonlySet<string>;

const WORD = /[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu;
const HYPHENATED_END = /([\p{L}]{2,})[-\u2010]$/u;

export function vocabularyOf(lines: readonly string[]): Vocabulary {
  // The last word of a line may be half of one.
  return new Set(lines.flatMap((line) => line.replace(HYPHENATED_END, "").toLowerCase().match(WORD) ?? []));
}

/** Joins lines to one text; a word that was broken at a line's end is put together again. */
export function dehyphenate(lines: readonly string[], vocabulary: Vocabulary): string {
  return lines.reduce((text, line) => (text === "" ? line : join(text, line, vocabulary)), "").trim();
}

function join(text: string, line: string, vocabulary: Vocabulary): string {
  if (text.endsWith("\u00ad")) return text.slice(0, -1) + line;
  const start = HYPHENATED_END.exec(text)?.[1];
  const end = /^\p{Ll}+/u.exec(line)?.[0];
  if (start !== undefined && end !== undefined) {
    const keepsHyphen = !vocabulary.has((start + end).toLowerCase()) && vocabulary.has(`${start}-${end}`.toLowerCase());
    return (keepsHyphen ? text : text.slice(0, -1)) + line;
  }
  const isUnspaced =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。]$/u.test(text) &&
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。]/u.test(line);
  return isUnspaced ? text + line : `${text} ${line}`;
}
