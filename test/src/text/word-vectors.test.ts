import { expect, it } from "vitest";
import {
  cosine,
  NO_TEXT_VECTORS,
  TextVectors,
  UNKNOWN_WORD,
  type WordVectors,
} from "../../../src/text/word-vectors.js";

const words: WordVectors = {
  dimensions: 2,
  words: ["refund", "reimbursement", "the", "parcel"],
  values: Float32Array.of(1, 0, 0.8, 0.6, 0.01, 0.01, 0, 1),
};
const vectors = new TextVectors(() => words);
const weightOf = (word: string): number => vectors.weightOf(vectors.placeOf(word, 0, word.length));
const nearness = (one: string, other: string): number => cosine(vectors.of(one), vectors.of(other));

it("tells how near texts are by the words that are known, whatever their case", () => {
  expect(nearness("Refund!", "zzz reimbursement")).toBeCloseTo(0.8, 6);
  expect(nearness("refund", "parcel")).toBe(0);
  expect(nearness("refund parcel", "parcel, refund")).toBeCloseTo(1, 6);
});

it("lets a word count as much as its vector is long", () => {
  expect(nearness("the refund", "refund")).toBeGreaterThan(0.99);
});

it("tells how much a word counts; one that is not known is rare", () => {
  expect(weightOf("reimbursement")).toBeCloseTo(1, 6);
  expect(weightOf("the")).toBeLessThan(0.02);
  expect(weightOf("zzz")).toBe(1);
});

it("compares a text with a word that stands within another text", () => {
  const text = "a reimbursement, please";
  const place = vectors.placeOf(text, 2, 15);

  expect(vectors.cosineTo(vectors.of("refund"), place)).toBeCloseTo(0.8, 6);
  expect(vectors.placeOf(text, 2, 14)).toBe(UNKNOWN_WORD);
  expect(vectors.cosineTo(vectors.of("refund"), UNKNOWN_WORD)).toBe(0);
});

it("is near nothing where no word is known", () => {
  expect(nearness("zzz", "refund")).toBe(0);
  expect(cosine(NO_TEXT_VECTORS.of("refund"), NO_TEXT_VECTORS.of("refund"))).toBe(0);
});

it("asks for the words when the first text comes, and once", () => {
  let asked = 0;
  const late = new TextVectors(() => ((asked += 1), words));
  expect(asked).toBe(0);
  late.of("refund");
  late.of("parcel");
  expect(asked).toBe(1);
});
