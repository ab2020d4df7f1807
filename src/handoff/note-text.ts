const NOTE = /^\s*(?:note:|\/\/)\s*/iu;

/** What stands behind `note:` or `//` in an agent's message, or null for words that are not an internal note. */
export function noteText(text: string): string | null {
  const found = NOTE.exec(text);
  return found === null ? null : text.slice(found[0].length).trim();
}
