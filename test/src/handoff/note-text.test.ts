import { expect, it } from "vitest";
import { noteInBlocks, noteText } from "../../../src/handoff/note-text.js";

it.each([
  ["note: called before", "called before"],
  ["  NOTE:called", "called"],
  ["Internal note: called", "called"],
  ["*internal note:* called", "called"],
  ["internal notes: called", null],
  ["// called", "called"],
  ["note:", ""],
  ["note : called", "called"],
  ["*note:* called", "called"],
  ["*note*: called", "called"],
  ["_note: called_", "called"],
  ["*_note: called_*", "called"],
  ["*_note:_ called*", "called"],
  ["**note:** called *twice*", "called *twice*"],
  ["note:*called* twice", "*called* twice"],
  ["// called *twice*", "called *twice*"],
  ["`// called`", "called"],
  ["> note: called", "called"],
  ["• note: called", "called"],
  ["- // called", "called"],
  ["1. // called", "called"],
  ["> 12) *note:* called", "called"],
  ["1.5 // 2", null],
  ["\u200B// called", "called"],
  ["please note: we close", null],
  ["*noted:* we close", null],
  ["*please* note: we close", null],
  ["1 // 2", null],
  ["https://acme.example", null],
])("%s as a note is %s", (text, note) => {
  expect(noteText(text)).toBe(note);
});

it("has four digits of a card's number, also where formatting alone tells it from a word", () => {
  const number = { kind: "strong", children: [{ kind: "text", text: "4539148803436467" }] } as const;
  const children = [{ kind: "text", text: "// Karte" }, number] as const;
  expect(noteInBlocks([{ kind: "paragraph", children }])).toBe("Karte•••• 6467");
});
