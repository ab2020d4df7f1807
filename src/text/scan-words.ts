/** Where the next word begins, at or after `from`; the text's length when there is none. */
export function nextWord(text: string, from: number): number {
  let place = from;
  while (place < text.length && !isWordPart(text.charCodeAt(place))) place += 1;
  return place;
}

/** Where the word that begins at `start` ends. */
export function endOfWord(text: string, start: number): number {
  let place = start + 1;
  while (place < text.length && isWordPart(text.charCodeAt(place))) place += 1;
  return place;
}

/** Letters and digits; of what is not ASCII everything but general punctuation and that of East Asia. */
function isWordPart(code: number): boolean {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  if (code < 0xc0) return false;
  return (
    !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f) && !(code >= 0xff00 && code <= 0xff0f)
  );
}
