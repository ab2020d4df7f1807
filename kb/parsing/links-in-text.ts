const ADDRESS = /(?<=^|[\s*_~(])(?:https?:\/\/|www\.)[^\s<]+/giu;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu;

/** Addresses that stand in a text without the marks of a link; GitHub shows them as links. */
export function linksInText(text: string): readonly string[] {
  const links: string[] = [];
  if (text.includes("://") || /www\./iu.test(text)) {
    for (const [address] of text.matchAll(ADDRESS)) {
      const trimmed = trimEnd(address);
      if (/^(?:https?:\/\/|www\.)[^\s/]*\w/iu.test(trimmed))
        links.push(/^www/iu.test(trimmed) ? `http://${trimmed}` : trimmed);
    }
  }
  if (text.includes("@"))
    for (const [mail] of text.matchAll(MAIL)) if (/[a-z0-9]$/iu.test(mail)) links.push(`mailto:${mail}`);
  return links;
}

/** The punctuation behind an address belongs to the sentence, and so does a bracket that was opened before it. */
function trimEnd(address: string): string {
  let end = address.length;
  for (;;) {
    const character = address.charAt(end - 1);
    const rest = address.slice(0, end);
    const isOpenBracket =
      (character === ")" && count(rest, ")") > count(rest, "(")) ||
      (character === "]" && count(rest, "]") > count(rest, "["));
    if (!isOpenBracket && !/[?!.,:*_~'"]/u.test(character)) return rest;
    end -= 1;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
