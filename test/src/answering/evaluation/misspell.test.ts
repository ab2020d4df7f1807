import { expect, it } from "vitest";
import { misspell } from "../../../../src/answering/evaluation/misspell.js";
import { editDistance } from "../../../../src/text/edit-distance.js";

const QUESTION = "How do I reset my password?";
const KEYS = Array.from({ length: 200 }, (_, index) => `q${index}`);

it("makes one mistake, in a word of four letters or more", () => {
  for (const key of KEYS) {
    const asked = misspell(QUESTION, 7, key);
    expect(editDistance(QUESTION, asked, 3)).toBe(1);
    expect(asked.startsWith("How do I ")).toBe(true);
    expect(asked).toContain(" my ");
    expect(asked.endsWith("?")).toBe(true);
  }
});

it("makes all four kinds of mistakes, in all of the long words", () => {
  const asked = KEYS.map((key) => misspell(QUESTION, 7, key));
  const lengths = new Set(asked.map((text) => text.length - QUESTION.length));
  expect(lengths).toEqual(new Set([-1, 0, 1]));
  expect(asked.some((text) => text.includes("password"))).toBe(true);
  expect(asked.some((text) => text.includes("reset"))).toBe(true);
  const letters = (text: string): string => Array.from(text).sort().join("");
  expect(asked.some((text) => letters(text) === letters(QUESTION))).toBe(true);
});

it("is the same for the same seed and question, and another one for others", () => {
  expect(misspell(QUESTION, 7, "q1")).toBe(misspell(QUESTION, 7, "q1"));
  expect(new Set([7, 8, 9, 10].map((seed) => misspell(QUESTION, seed, "q1"))).size).toBeGreaterThan(1);
});

it.each(["", "How do I?", "帮我", "1234 5678"])("leaves %j as it is", (question) => {
  expect(misspell(question, 7, "q")).toBe(question);
});

it("keeps words of other scripts whole, without half characters", () => {
  for (const key of KEYS) expect(misspell("Как сбросить пароль 𝒜𝒜𝒜𝒜", 7, key).isWellFormed()).toBe(true);
});

it("makes a mistake even of equal letters", () => {
  for (const key of KEYS) expect(misspell("aaaa", 7, key)).not.toBe("aaaa");
});
