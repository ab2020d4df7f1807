import { expect, it } from "vitest";
import { englishTextVectors } from "../../../../infra/models/local/word-vectors/english.js";
import { decodeWordVectors, encodeWordVectors } from "../../../../infra/models/local/word-vectors/word-vector-file.js";
import { cosine } from "../../../../src/text/word-vectors.js";

const VALUES = Float32Array.of(0.5, -1, 0.25, 0, 0, 0, 3, 2, 1);

it("reads what was written, each number to a hundredth of its vector's largest", () => {
  const read = decodeWordVectors(encodeWordVectors(["refund", "naïve", "parcel"], 3, VALUES));

  expect(read.dimensions).toBe(3);
  expect(read.words).toEqual(["refund", "naïve", "parcel"]);
  for (const [index, value] of read.values.entries())
    expect(Math.abs(value - (VALUES[index] ?? NaN))).toBeLessThan(0.02);
});

it("refuses a file that is not whole", () => {
  const file = encodeWordVectors(["refund", "card", "parcel"], 3, VALUES);

  expect(() => decodeWordVectors(file.subarray(0, -1))).toThrow("not whole");
  expect(() => decodeWordVectors(new Uint8Array(3))).toThrow("empty");
});

it.each([
  ["how do i get my money back", "request a refund", "set up two-factor authentication"],
  ["my card has gone missing", "lost or stolen card", "card payment fees"],
  ["where can i change my login", "update your username and password", "download invoices"],
])("ships vectors by which %s is nearer to %s than to %s", (question, same, other) => {
  const nearness = (text: string): number => cosine(englishTextVectors.of(question), englishTextVectors.of(text));

  expect(nearness(same)).toBeGreaterThan(nearness(other) + 0.1);
});
