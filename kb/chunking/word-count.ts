const WORD = /[\p{L}\p{N}]+/gu;
const UNSPACED_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

// Scripts without spaces run about two characters to a word.
const CHARACTERS_PER_WORD = 2;

/** Counts words, also of scripts that write none apart. */
export function countWords(text: string): number {
  const unspaced = text.match(UNSPACED_SCRIPT)?.length ?? 0;
  if (unspaced === 0) return text.match(WORD)?.length ?? 0;
  const spaced = text.replace(UNSPACED_SCRIPT, " ").match(WORD)?.length ?? 0;
  return spaced + Math.ceil(unspaced / CHARACTERS_PER_WORD);
}
