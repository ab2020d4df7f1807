import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReply } from "../../../src/answering/parse-reply.js";
import { replyMarkdown } from "../../../src/answering/reply-markdown.js";
import { replyText, replyWords } from "../../../src/answering/reply-text.js";
import type { Block, Inline } from "../../../src/ports/reply.js";

const parse = (markdown: string): readonly Block[] => parseReply(markdown, new Set([1, 2]));
const textOf = (markdown: string): string => replyText({ blocks: parse(markdown) });

describe("the Markdown subset", () => {
  it("reads paragraphs, steps, emphasis, code and citation marks", () => {
    expect(parse("Open **Settings**. [1]\n\n3. Tap `Save`\n4. Wait [2]")).toEqual([
      {
        kind: "paragraph",
        children: [
          { kind: "text", text: "Open " },
          { kind: "strong", children: [{ kind: "text", text: "Settings" }] },
          { kind: "text", text: ". " },
          { kind: "citation", number: 1 },
        ],
      },
      {
        kind: "list",
        ordered: true,
        start: 3,
        items: [
          [
            {
              kind: "paragraph",
              children: [
                { kind: "text", text: "Tap " },
                { kind: "code", text: "Save" },
              ],
            },
          ],
          [
            {
              kind: "paragraph",
              children: [
                { kind: "text", text: "Wait " },
                { kind: "citation", number: 2 },
              ],
            },
          ],
        ],
      },
    ]);
  });

  it("gives every row of a table the width of its header", () => {
    expect(parse("| A | B |\n| - | - |\n| 1 |")).toMatchObject([
      { kind: "table", header: [[{ text: "A" }], [{ text: "B" }]], rows: [[[{ text: "1" }], []]] },
    ]);
  });

  it.each([
    ["an inline link", "See [our page](https://attacker.example/?k=1).", "See our page."],
    ["an image", "![logo](https://attacker.example/l.png) Hi", "logo Hi"],
    ["a reference link", "See [Update][u]\n\n[u]: https://attacker.example", "See Update"],
    ["HTML in a line", "Press <b>OK</b><img src=x onerror=alert(1)>", "Press OK"],
    ["an HTML block", "<script>alert(1)</script>\n\nHi", "Hi"],
    ["a comment", "Hi <!-- secret --> you", "Hi you"],
    [
      "a tag of no element",
      "Select **Mute the topic <topic name>**, or <your-name>.",
      "Select Mute the topic <topic name>, or <your-name>.",
    ],
    ["a tag of no element with an address", 'Hi <box src="https://attacker.example"> you', "Hi you"],
    ["a line that is one", "Type this:\n\n<your name>\n", "Type this:\n\n<your name>"],
  ])("keeps only the words of %s", (_name, markdown, expected) => {
    expect(textOf(markdown)).toBe(expected);
  });
});

describe("citation marks", () => {
  it.each([
    ["several in one bracket", "Yes. [1, 2]", "Yes. [1][2]"],
    ["unknown numbers", "Yes [7]. No [1][99].", "Yes. No [1]."],
    ["a link with a number", "Yes. [1](https://attacker.example)", "Yes. [1]"],
    ["a definition with its number", "Yes. [1]\n\n[1]: https://attacker.example", "Yes. [1]"],
    ["a footnote", "Yes.[^2]\n\n[^2]: because", "Yes.[2]\n\nbecause"],
    ["a mark made by taking one out", "Yes. [[9]1]", "Yes. [1]"],
    ["an array in code", "Use `list[7]`.", "Use list[7]."],
  ])("are read from %s", (_name, markdown, expected) => {
    expect(textOf(markdown)).toBe(expected);
  });

  it("are left out of the words of a reply", () => {
    expect(replyWords({ blocks: parse("Yes. [1] No [2].\n\n- A [1]") })).toBe("Yes. No.\n\n- A");
  });
});

describe("any string", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          "[",
          "]",
          "(",
          ")",
          "!",
          "*",
          "_",
          "`",
          "~",
          "<",
          ">",
          "|",
          "#",
          "\n",
          " ",
          "-",
          "1.",
          "[1]",
          "[^2]",
          "a",
          "http://x.y",
          "&lt;",
          "\\",
          ":",
        ),
        { maxLength: 80 },
      )
      .map((parts) => parts.join("")),
  );

  it("gives a valid tree whose texts are clean and whose citations were offered", () => {
    fc.assert(
      fc.property(anything, (markdown) => parse(markdown).forEach(expectValidBlock)),
      { numRuns: 500 },
    );
  });

  it("is written back as Markdown that reads the same", () => {
    fc.assert(
      fc.property(anything, (markdown) => {
        const text = textOf(markdown);
        expect(squeeze(textOf(replyMarkdown(parse(markdown))))).toBe(squeeze(text));
      }),
      { numRuns: 500, examples: [["[\\\n[1]"], ["a\\\n[1](b"]] },
    );
  });

  it.each([
    "> ".repeat(5000),
    "[".repeat(20_000),
    "*".repeat(20_000),
    "- ".repeat(5000),
    "[a ".repeat(3000),
    "`".repeat(9999),
  ])("however deep it is nested, is read (%#)", (markdown) => {
    expect(() => parse(`${markdown}x`)).not.toThrow();
  });
});

function squeeze(text: string): string {
  return text.replaceAll(/\s+/gu, "");
}

const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]|[\u{e0000}-\u{e007f}]/u;

function expectValidBlock(block: Block): void {
  expect(isEmpty(block)).toBe(false);
  for (const inline of inlinesOf(block)) expectValidInline(inline);
  for (const inner of blocksIn(block)) expectValidBlock(inner);
  if (block.kind === "code") expect(block.text).not.toMatch(INVISIBLE);
  if (block.kind === "table") expect(block.rows.every((row) => row.length === block.header.length)).toBe(true);
}

function isEmpty(block: Block): boolean {
  if (block.kind === "paragraph" || block.kind === "heading") return block.children.length === 0;
  return block.kind === "list" && block.items.length === 0;
}

function inlinesOf(block: Block): readonly Inline[] {
  if (block.kind === "paragraph" || block.kind === "heading") return block.children;
  return block.kind === "table" ? [block.header, ...block.rows].flat(2) : [];
}

function blocksIn(block: Block): readonly Block[] {
  if (block.kind === "list") return block.items.flat();
  return block.kind === "quote" ? block.blocks : [];
}

function expectValidInline(inline: Inline): void {
  if (inline.kind === "citation") expect([1, 2]).toContain(inline.number);
  if (inline.kind === "text") expect(inline.text).not.toMatch(/\[\d+\]|[\n\t]/u);
  if (inline.kind === "text" || inline.kind === "code") expect(inline.text).not.toMatch(INVISIBLE);
  if (inline.kind === "strong" || inline.kind === "emphasis") inline.children.forEach(expectValidInline);
}

it("reads a line by itself as it reads it after another paragraph", () => {
  const piece = fc.constantFrom(
    ..."Open it. [1] (2) www. :// [ ] 1. - # ! ? ' \" * _ ` ~ < & \\ | é 日 [3] [1][2] https mail@a.example 5 %".split(
      " ",
    ),
    " ",
    "  ",
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const line = `A${pieces.join("")}`;
      expect(parse(line)).toEqual(parse(`First.\n\n${line}`).slice(1));
    }),
    { numRuns: 500 },
  );
});
