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
