const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Runs that keep their direction inside of text from right to left: Latin words and numbers. */
const LEFT_TO_RIGHT_RUN =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}](?:[^\p{Script=Hebrew}\p{Script=Arabic}\n]*[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}])?/gu;
const PRESENTATION_FORM = /[\ufb00-\ufdff\ufe70-\ufefc]/gu;
const MIRRORED: Readonly<Record<string, string>> = {
  "(": ")",
  ")": "(",
  "[": "]",
  "]": "[",
  "{": "}",
  "}": "{",
  "<": ">",
  ">": "<",
  "«": "»",
  "»": "«",
};

export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Most letters of the text run from right to left. */
export function isMostlyRightToLeft(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  return letters.filter(isRightToLeft).length * 2 > letters.length;
}

/**
 * A page gives the letters from left to right as they stand; this puts a line into the order in which it is read, and
 * letters that were written in a special shape (ligatures, Arabic forms) into their usual ones.
 */
export function toReadingOrder(line: string, isOnReversedPage = false): string {
  if (!isRightToLeft(line)) return line.replace(PRESENTATION_FORM, (form) => form.normalize("NFKC"));
  const ordered = isOnReversedPage || isMostlyRightToLeft(line) ? reverseLine(line) : reverseRuns(line);
  return ordered.replace(PRESENTATION_FORM, (form) => form.normalize("NFKC"));
}

function reverseLine(line: string): string {
  const kept = new Map<number, string>();
  for (const match of line.matchAll(LEFT_TO_RIGHT_RUN)) kept.set(match.index, match[0]);
  const parts: string[] = [];
  for (let index = 0; index < line.length;) {
    const run = kept.get(index);
    const part = run ?? clusterAt(line, index);
    parts.push(run === undefined ? (MIRRORED[part] ?? part) : part);
    index += part.length;
  }
  return parts.reverse().join("");
}

/** A letter with the marks above and below it. */
function clusterAt(line: string, index: number): string {
  return /^\P{M}\p{M}*|^./su.exec(line.slice(index, index + 20))?.[0] ?? line.charAt(index);
}

/** In a line that runs from left to right, each stretch of the other direction is turned by itself. */
function reverseRuns(line: string): string {
  return line.replace(
    /[\p{Script=Hebrew}\p{Script=Arabic}](?:[^\p{Script=Latin}\n]*[\p{Script=Hebrew}\p{Script=Arabic}])?/gu,
    reverseLine,
  );
}
