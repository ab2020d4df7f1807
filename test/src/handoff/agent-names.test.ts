import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIXED_TEXT_LANGUAGES } from "../../../src/answering/fixed-texts.js";
import { AGENT_NAMES, agentName, agentSubject, calledBy } from "../../../src/handoff/agent-names.js";

const anyName = fc.string({ unit: "grapheme", maxLength: 60 });
const anyLanguage = fc.constantFrom(...FIXED_TEXT_LANGUAGES);

describe("what customers see of an agent's name", () => {
  it.each([
    ["Ana", "Ana"],
    ["Ana Lopez", "Ana"],
    ["  Ana   Maria Lopez ", "Ana"],
    ["Anne-Marie Dupont", "Anne-Marie"],
    ["Dr. Ana Lopez", "Ana"],
    ["Prof. Dr. Ana Lopez", "Ana"],
    ["J. Smith", "J."],
    ["J.R. Smith", "J.R."],
    ["Dr.", "Dr"],
    ["Lopez, Ana", "Ana"],
    ["Lopez, Dr. Ana", "Ana"],
    ["Lopez,", "Lopez"],
    ["Ana Lopez, PhD", "Ana"],
    ["Ana Lopez (IT)", "Ana"],
    ["ana.lopez@example.com", "ana"],
    ["support@example.com", "support"],
    ["ana_lopez", "ana"],
    ["@ana", "ana"],
    ["山田太郎", "山田太郎"],
    ["山田　太郎", "山田"],
    ["Ольга Иванова", "Ольга"],
    ["👩‍💻 Ana", "👩‍💻"],
    ["", ""],
  ])("is, of %j and by first names, %j", (displayName, shown) => {
    expect(agentName("first", displayName, "en")).toBe(shown);
  });

  it("is a part of the name by first names, on one line and never nothing where there is a name", () => {
    fc.assert(
      fc.property(anyName, anyLanguage, (displayName, language) => {
        const shown = agentName("first", displayName, language);
        expect(displayName).toContain(shown);
        expect(shown).not.toMatch(/\s/u);
        expect(shown === "").toBe(displayName.trim() === "" || displayName.trim() === ",");
        expect(agentName("first", shown, language)).toBe(shown);
      }),
    );
  });

  it("holds no address, whoever it is of", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const shown = agentName("first", address, "en");
        expect(shown).not.toMatch(/[@.]/u);
        expect(address).toContain(shown);
      }),
    );
  });

  it("says nothing of who it is where names are hidden, in every language", () => {
    fc.assert(
      fc.property(anyName, anyName, anyLanguage, (one, other, language) => {
        expect(agentName("hidden", one, language)).toBe(agentName("hidden", other, language));
        expect(agentSubject("hidden", one, language)).toBe(agentSubject("hidden", other, language));
        expect(calledBy("hidden", one)).toEqual(calledBy("hidden", other));
        expect(calledBy("hidden", one)).toContain(agentName("hidden", one, language));
      }),
    );
    const subjects = FIXED_TEXT_LANGUAGES.map((language) => agentSubject("hidden", "Ana", language));
    expect(new Set(subjects).size).toBe(FIXED_TEXT_LANGUAGES.length);
  });

  it("is the whole name, as it is, where nothing else is set", () => {
    fc.assert(
      fc.property(anyName, anyLanguage, (displayName, language) => {
        expect(agentName("full", displayName, language)).toBe(displayName);
      }),
    );
  });

  it.each(AGENT_NAMES)("is what a customer may thank them by: %s", (names) => {
    for (const language of FIXED_TEXT_LANGUAGES) {
      expect(calledBy(names, "ana.lopez@example.com")).toContain(agentName(names, "ana.lopez@example.com", language));
    }
  });
});
