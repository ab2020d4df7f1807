import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, it } from "vitest";
import { renderActivities } from "../../../adapters/teams/render-activity.js";
import type { Block } from "../../../src/ports/reply.js";
import { paragraphsOf } from "../../../src/text/styled-text.js";

const run = fc.record({
  text: fc.stringMatching(/^[a-z*_~ .:-]{1,8}$/u),
  bold: fc.boolean(),
  italic: fc.boolean(),
  strike: fc.boolean(),
  code: fc.boolean(),
});

function rendered(blocks: readonly Block[]): string {
  const reply = { blocks, citations: [], actions: [] };
  return renderActivities({ reply, speaker: { role: "bot", name: "Deskhand" } })
    .map(({ text }) => text)
    .join("\n\n");
}

function wordsOf(markdown: string): string {
  const words = (node: Nodes): string =>
    "children" in node ? node.children.map(words).join("") : "value" in node ? node.value : "";
  return words(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })).replaceAll(
    /\s/gu,
    "",
  );
}

it.each([
  [[{ text: "Note:", bold: true }, { text: "hello" }], "Note:hello"],
  [[{ text: "un" }, { text: "believ", italic: true }, { text: "able" }], "unbelievable"],
  [[{ text: "un" }, { text: "believ", bold: true }, { text: "able" }], "un**believ**able"],
  [[{ text: "old", strike: true }, { text: " new" }], "~~old~~ new"],
])("%j is written as %j: marks that would be shown are left out", (runs, markdown) => {
  expect(rendered(paragraphsOf(runs))).toBe(markdown);
});

const item = (text: string): readonly Block[] => [{ kind: "paragraph", children: [{ kind: "text", text }] }];
const list = (ordered: boolean, start: number, ...items: (readonly Block[])[]): Block => ({
  ...{ kind: "list", ordered, start },
  items,
});

/** Lists as they are read: how each begins, what is in its items, and what they stand in. */
function listsOf(blocks: readonly Block[]): readonly unknown[] {
  const read = (node: Nodes): readonly unknown[] => {
    if (node.type !== "list") return "children" in node ? node.children.flatMap(read) : [];
    return [[node.ordered === true ? node.start : null, node.children.length, node.children.flatMap(read)]];
  };
  return read(fromMarkdown(rendered(blocks), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
}

it("keeps lists apart that stand one behind the other, at every depth", () => {
  const two = [list(true, 1, item("a"), item("b")), list(true, 1, item("c"))];
  const read = [
    [1, 2, []],
    [1, 1, []],
  ];
  expect(listsOf(two)).toEqual(read);
  expect(listsOf([{ kind: "quote", blocks: two }])).toEqual(read);
  expect(listsOf([list(false, 1, two), list(false, 1, item("d"))])).toEqual([
    [null, 1, read],
    [null, 1, []],
  ]);
  const table: Block = { kind: "table", header: [[{ kind: "text", text: "a" }]], rows: [] };
  const gone: Block = { kind: "paragraph", children: [{ kind: "text", text: " " }] };
  expect(listsOf([list(false, 1, item("a")), gone, table])).toEqual([
    [null, 1, []],
    [null, 1, []],
  ]);
  expect(rendered([list(false, 1, item("a")), list(true, 1, item("b"))])).toBe("- a\n\n1. b");
});

it("shows the words and none of the marks, whatever is formatted how", () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 8 }), (runs) => {
      const typed = runs.map(({ text }) => text).join("");
      fc.pre(/[a-z]/u.test(typed));
      expect(wordsOf(rendered(paragraphsOf(runs)))).toBe(typed.replaceAll(/\s/gu, ""));
    }),
    { numRuns: 300 },
  );
});
