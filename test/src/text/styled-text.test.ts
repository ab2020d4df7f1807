import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { isFormatted } from "../../../src/text/formatted-words.js";
import { linkWords, paragraphsOf } from "../../../src/text/styled-text.js";

const run = fc.record({
  text: fc.stringMatching(/^[a-z \n]{0,12}$/u),
  bold: fc.boolean(),
  italic: fc.boolean(),
  strike: fc.boolean(),
  code: fc.boolean(),
});

describe("styled text", () => {
  it("is one node for neighbours of one style, which holds the others", () => {
    const [paragraph] = paragraphsOf([
      { text: "see " },
      { text: "a ", bold: true },
      { text: "b", bold: true, italic: true },
      { text: " c", strike: true },
    ]);
    expect(paragraph?.children).toEqual([
      { kind: "text", text: "see " },
      {
        kind: "strong",
        children: [
          { kind: "text", text: "a " },
          { kind: "emphasis", children: [{ kind: "text", text: "b" }] },
        ],
      },
      { kind: "strike", children: [{ kind: "text", text: " c" }] },
    ]);
  });

  it("ends lines and paragraphs where they end, also within a style", () => {
    const blocks = paragraphsOf([{ text: "one\ntwo\n\nthree", bold: true }]);
    expect(replyText({ blocks })).toBe("one\ntwo\n\nthree");
    expect(blocks).toHaveLength(2);
  });

  it("keeps every word, in its order", () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), (runs) => {
        const words = (text: string) => text.split(/\s+/u).join("");
        expect(words(replyText({ blocks: paragraphsOf(runs) }))).toBe(words(runs.map(({ text }) => text).join("")));
      }),
    );
  });

  it("is formatted only where there is more than lines of text", () => {
    expect(isFormatted(paragraphsOf([{ text: "one\n\ntwo\nthree" }]))).toBe(false);
    expect(isFormatted(paragraphsOf([{ text: "one" }, { text: "two", code: true }]))).toBe(true);
  });
});

it.each([
  ["the guide", "https://x.example/a", "the guide (https://x.example/a)"],
  ["x.example/a", "https://x.example/a", "https://x.example/a"],
  ["", "https://x.example/a", "https://x.example/a"],
])("a link of %j to %j is %j", (label, address, words) => {
  expect(linkWords(label, address)).toBe(words);
});
