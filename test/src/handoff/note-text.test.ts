import { expect, it } from "vitest";
import { noteText } from "../../../src/handoff/note-text.js";

it.each([
  ["note: called before", "called before"],
  ["  NOTE:called", "called"],
  ["// called", "called"],
  ["note:", ""],
  ["please note: we close", null],
  ["https://acme.example", null],
])("%s as a note is %s", (text, note) => {
  expect(noteText(text)).toBe(note);
});
