const COLOUR = /\u001b\[\d+m/gu;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u;

/** How many columns a text takes on one line of a terminal: East Asian characters and emoji take two, marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replaceAll(COLOUR, "")) {
    if (!/\p{M}/u.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Breaks lines between words. A word longer than a line stays whole, so that addresses can be copied. */
export function wrapText(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, width))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ").flatMap((part) => splitUnspaced(part, width))) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (displayWidth(longer) > width && current !== "") {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current].join("\n");
}

/** Scripts without spaces are broken anywhere. */
function splitUnspaced(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width || !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word))
    return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (displayWidth(piece + character) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}
