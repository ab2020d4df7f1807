import { describe, expect, it } from "vitest";
import { keepMarksWithWords } from "../../../adapters/web/ui/reply/keep-marks.js";
import type { Inline } from "../../../src/ports/reply.js";

const text = (value: string): Inline => ({ kind: "text", text: value });
const mark = (number: number): Inline => ({ kind: "citation", number });
const bold: Inline = { kind: "strong", children: [text("Save")] };

describe("a citation mark", () => {
  it.each([
    ["stays with the last word", [text("Press it. "), mark(1)], [[text("Press ")], [text("it."), mark(1)]]],
    ["stays with a text of one word", [text("Yes."), mark(1), text(" No.")], [[text("Yes."), mark(1)], [text(" No.")]]],
    ["stays with the mark before it", [text("Yes."), mark(1), mark(2)], [[text("Yes."), mark(1), mark(2)]]],
    ["lets a bold phrase break", [bold, mark(1)], [[bold], [mark(1)]]],
    ["lets a long word break", [text("a".repeat(25)), mark(1)], [[text("a".repeat(25))], [mark(1)]]],
    ["stands alone at the start", [mark(1), text("x")], [[mark(1)], [text("x")]]],
    ["stands alone after a space", [text(" "), mark(1)], [[text(" ")], [mark(1)]]],
  ])("%s", (_what, nodes, groups) => {
    expect(keepMarksWithWords(nodes)).toEqual(groups);
  });
});
