import { describe, expect, it } from "vitest";
import { heldByPhrase, matchedByPhrase } from "../../../kb/search/phrases.js";
import { queryWords } from "../../../kb/search/query-terms.js";
import { restate } from "../../../kb/search/restate.js";
import { createSynonyms, type PlacedSynonym, type SynonymGroup } from "../../../kb/search/synonyms.js";

const GROUPS: readonly SynonymGroup[] = [
  { words: ["invoice", "bill"] },
  { words: ["two-factor authentication", "2FA", "MFA"] },
  { words: ["Rechnung", "Faktura"], language: "de" },
  { words: ["log in", "sign on"] },
  { words: ["cost centre", "billing unit"] },
  { words: ["bill of materials", "parts list"] },
];

function find(text: string): readonly PlacedSynonym[] {
  return createSynonyms(GROUPS)?.find(text) ?? [];
}

const othersIn = (text: string): readonly (readonly string[])[] => find(text).map(({ others }) => others);

describe("synonyms in a question", () => {
  it.each([
    ["where do I find my invoices?", [["bill"]]],
    ["how do I turn on 2fa", [["two-factor authentication", "MFA"]]],
    ["how do I turn on two factor authentication", [["2FA", "MFA"]]],
    ["is there Two-Factor-Authentication", [["2FA", "MFA"]]],
    ["why can I not login", [["sign on"]]],
    ["why can I not log-in", [["sign on"]]],
    ["where is the bill of materials", [["parts list"]]],
    ["where is the bill", [["invoice"]]],
    ["what about my billy goat", []],
    ["", []],
    ["?!", []],
  ])("are found in %j", (text, expected) => {
    expect(othersIn(text)).toEqual(expected);
  });

  it("are those of its language, and of all while the language cannot be told", () => {
    expect(othersIn("Wo finde ich die Faktura für meinen Vertrag?")).toEqual([["Rechnung"]]);
    expect(othersIn("Faktura")).toEqual([["Rechnung"]]);
    expect(othersIn("what is the Faktura and where do I find it")).toEqual([]);
  });

  it("are not looked for where the house has none", () => {
    expect(createSynonyms([])).toBeNull();
  });

  it("weigh half of the word itself", () => {
    const text = "where do I pay the bill";
    const bill = queryWords(text, find(text)).find(({ word }) => word === "bill");

    expect(Object.fromEntries(bill?.terms ?? [])).toMatchObject({ bill: 1, invoic: 0.5 });
    expect(bill?.synonyms).toEqual(["invoice"]);
  });

  it("have words of their own where they are phrases", () => {
    const text = "which cost centre is it";
    const words = queryWords(text, find(text));
    const own = words.filter(({ synonyms }) => synonyms.length > 0);

    expect(own.map(({ word }) => word)).toEqual(["cost", "centre"]);
    expect(words.filter(({ phrase }) => phrase !== null)).toMatchObject([
      { mainTerm: "bill", weight: 0.5, phrase: { id: 0, standsFor: own.map((word) => words.indexOf(word)) } },
      { mainTerm: "unit", weight: 0.5, phrase: { id: 0 } },
    ]);
  });

  it("of a single word with a particle are that verb and not its first half", () => {
    const [word] = queryWords("sign on", find("sign on"));
    expect([...(word?.terms.keys() ?? [])]).toContain("login");
    expect([...(word?.terms.keys() ?? [])]).not.toContain("log");
  });

  it("leave a question alone that says none of them", () => {
    const text = "How do I reset my password on Wi-Fi?";
    expect(queryWords(text, find(text))).toEqual(queryWords(text));
  });
});

describe("a question in the words of a passage", () => {
  const read = (text: string, body: string): string | null =>
    restate(text, find(text), { title: "Help", headingPath: [], text: body });

  it("says what the passage says", () => {
    expect(read("Where is my BILL, please?", "All invoices are listed.")).toBe("Where is my invoice, please?");
    expect(read("Turn on two-factor authentication now", "Choose 2FA.")).toBe("Turn on 2FA now");
    expect(read("Can I log in with 2FA?", "Sign on by MFA")).toBe("Can I sign on with MFA?");
  });

  it("keeps what the passage says too, or does not say at all", () => {
    expect(read("Where is my bill?", "A bill is an invoice.")).toBeNull();
    expect(read("Where is my bill?", "Nothing of the kind.")).toBeNull();
    expect(read("Where is my password?", "Invoices")).toBeNull();
  });
});

describe("a phrase for words of a question", () => {
  const rules = [{ pieces: [2, 3], standsFor: [0] }];

  it("matches them where all of its words stand", () => {
    expect(matchedByPhrase(rules, [2, 3])).toEqual([0]);
    expect(matchedByPhrase(rules, [1, 2])).toEqual([1]);
    expect(matchedByPhrase([], [1, 0])).toEqual([1, 0]);
  });

  it("holds them by half of the least that its words are held", () => {
    expect(heldByPhrase(rules, [0, 1, 1, 0.6], 0.5)).toEqual([0.3, 1, 1, 0.6]);
    expect(heldByPhrase(rules, [1, 0, 1, 1], 0.5)).toEqual([1, 0, 1, 1]);
    expect(heldByPhrase(rules, [0, 0, 1, 0], 0.5)).toEqual([0, 0, 1, 0]);
  });
});
