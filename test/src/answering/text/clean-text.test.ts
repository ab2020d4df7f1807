import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText } from "../../../../src/answering/text/clean-text.js";

const [NON_JOINER, JOINER] = ["\u200c", "\u200d"];

describe("joiners", () => {
  it.each([
    ["Persian", `می${NON_JOINER}خواهم کتاب${NON_JOINER}ها را`],
    ["Hindi", `क्${JOINER}ष और श्${NON_JOINER}री`],
    ["Bengali", `র্${JOINER}যাব`],
    ["Sinhala", `ශ්${JOINER}රී`],
    ["Malayalam, at the end of a word", `അവന്${JOINER} വന്നു`],
    ["a family", `👩${JOINER}👩${JOINER}👧`],
    ["an emoji of a skin", `👩🏽${JOINER}💻`],
  ])("stay in %s", (_name, text) => {
    expect(cleanText(text)).toBe(text);
  });

  it.each([
    ["between other letters", `re${NON_JOINER}fu${JOINER}nd`, "refund"],
    ["at the ends", `${JOINER}سلام${NON_JOINER}`, "سلام"],
    ["beside spaces and digits", `سلام ${NON_JOINER}سلام 1${JOINER}2`, "سلام سلام 12"],
    ["between an emoji and a letter", `👩${JOINER}a${JOINER}👩`, "👩a👩"],
    ["that are no zero-width joiner beside an emoji", `👩${NON_JOINER}👩`, "👩👩"],
  ])("are gone %s", (_name, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it("hide nothing: of a row of them one is left", () => {
    expect(cleanText(`می${NON_JOINER}${JOINER}${JOINER}${NON_JOINER}خواهم`)).toBe(`می${NON_JOINER}خواهم`);
    expect(cleanText(`می${NON_JOINER}\u200b${JOINER}خواهم`)).toBe(`می${NON_JOINER}خواهم`);
  });
});

it("changes nothing the second time", () => {
  const letters = fc.constantFrom(
    "a",
    " ",
    "م",
    "خ",
    "क",
    "्",
    "👩",
    "🏽",
    NON_JOINER,
    JOINER,
    "\u200b",
    "\ufe0f",
    "\u{e0041}",
  );
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
    }),
    { numRuns: 500 },
  );
});
