import { describe, expect, it } from "vitest";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import { packPassages } from "../../../src/answering/stages/pack.js";
import type { Passage } from "../../../src/ports/knowledge.js";
import { passageOf } from "../../fakes/passages.js";

function scored(title: string, text: string, relevance?: number): Passage {
  const scores = {
    lexical: 1,
    vector: null,
    coverage: 1,
    fused: 0.4,
    ...(relevance === undefined ? {} : { relevance }),
  };
  return passageOf(text, { title, scores });
}

function standings(found: readonly Passage[]): readonly number[] {
  return packPassages(found, DEFAULT_ANSWER_SETTINGS).passages.map(({ prompt }) => prompt.score);
}

describe("the standing of packed passages", () => {
  it("is 1 for all of the first document, and less for others the less relevant they are", () => {
    const [first, second, sibling, last] = standings([
      scored("A", "one", 5),
      scored("B", "two", 4),
      scored("A", "three", 1),
      scored("C", "four", 0),
    ]);
    expect([first, sibling]).toEqual([1, 1]);
    expect(second).toBeGreaterThan(last ?? 1);
    expect(second).toBeLessThan(1);
  });

  it("is the retrieval score where nothing was put in order", () => {
    expect(standings([scored("A", "one"), scored("B", "two")])).toEqual([0.4, 0.4]);
  });
});
