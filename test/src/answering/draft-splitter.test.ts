import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDraftSplitter, type DraftPiece } from "../../../src/answering/draft-splitter.js";
import { splitQuotable, splitSentences } from "../../../src/answering/text/sentences.js";

function split(text: string, sizes: readonly number[] = [text.length]): readonly DraftPiece[] {
  const splitter = createDraftSplitter();
  const pieces: DraftPiece[] = [];
  let rest = text;
  for (let turn = 0; rest !== ""; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(...splitter.push(rest.slice(0, size)));
    rest = rest.slice(size);
  }
  return [...pieces, ...splitter.end()];
}

const DRAFT = [
  "It takes 2 to 4 days, e.g. until Dr. Smith is back. [1][2] Really? [1]",
  "1. Open **Settings**. Tap it. [1]\n2. Choose:\n   - a password\n   - a voucher [1]\n",
  "| A | B |\n| - | - |\n| 1 | 2 |\n",
  "```\nping. Pong.\n\nend\n```\n",
  "The end. [1]",
].join("\n\n");

describe("a draft", () => {
  it("is cut into sentences, items, tables and code", () => {
    expect(split(DRAFT).map((piece) => piece.markdown)).toEqual([
      "It takes 2 to 4 days, e.g. until Dr. Smith is back. [1][2]",
      "Really? [1]",
      "1. Open **Settings**. Tap it. [1]",
      "2. Choose:\n   - a password\n   - a voucher [1]",
      "| A | B |\n| - | - |\n| 1 | 2 |",
      "```\nping. Pong.\n\nend\n```",
      "The end. [1]",
    ]);
  });

  it("ends a sentence at its citation mark, also before a small letter", () => {
    expect(split("my card is late. [1] it was sent in May. [2]").map(({ markdown }) => markdown)).toEqual([
      "my card is late. [1]",
      "it was sent in May. [2]",
    ]);
  });

  it("is cut the same however it arrives", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        expect(split(DRAFT, sizes)).toEqual(split(DRAFT));
      }),
    );
  });

  it("loses nothing, whatever it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const squeezed = (value: string): string => value.replaceAll(/\s+/gu, "");
        expect(
          squeezed(
            split(text, [3])
              .map((piece) => piece.markdown)
              .join(""),
          ),
        ).toBe(squeezed(text));
      }),
    );
  });

  it("gives a sentence as soon as the next one begins", () => {
    const splitter = createDraftSplitter();

    expect(splitter.push("One. [1] ")).toEqual([]);
    expect(splitter.push("Two")).toMatchObject([{ markdown: "One. [1]", separator: "" }]);
  });
});

it.each([
  ["It costs 4.50 euros. Call us.", ["It costs 4.50 euros.", "Call us."]],
  ["Call between 8:00 a.m. Monday and noon. Bye.", ["Call between 8:00 a.m. Monday and noon.", "Bye."]],
  ["Das gilt z.B. für Wien. Ja!", ["Das gilt z.B. für Wien.", "Ja!"]],
  ["他来了。我走了！", ["他来了。", "我走了！"]],
  ["See version 4.5. Then restart.", ["See version 4.5.", "Then restart."]],
])("cuts %s", (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences);
});

describe("what can be quoted of a paragraph", () => {
  it("is its sentences", () => {
    expect(splitQuotable("Press Save. Wait 5 min. and look again.")).toEqual([
      "Press Save.",
      "Wait 5 min. and look again.",
    ]);
  });

  it("is each phrase of a row with bars between them", () => {
    expect(splitQuotable("lost my card | where is my card? | card | a|b")).toEqual([
      "lost my card",
      "where is my card?",
      "card",
      "a|b",
    ]);
  });

  it("is, of a sentence longer than an answer, parts that end at a comma where there is one", () => {
    const sentence = `${"word ".repeat(39)}clause, ${"more ".repeat(39)}end.`;
    const parts = splitQuotable(sentence);
    expect(parts.join(" ")).toBe(sentence);
    expect(parts.map((part) => part.split(" ").length)).toEqual([40, 40]);
  });
});
