import { describe, expect, it } from "vitest";
import { scoreChunks, type HeldChunk } from "../../../kb/search/bm25f.js";
import type { FieldMeans } from "../../../kb/search/corpus-statistics.js";

const NONE: FieldMeans = { title: 0, heading: 0, question: 0, body: 0 };
const MEANS: FieldMeans = { title: 5, heading: 1, question: 1, body: 100 };
const STATISTICS = { chunks: 10, documents: 5, meanLength: { chunk: MEANS, document: MEANS } };
const IMPORTANCE = new Map([
  [0, { chunk: 2, document: 1 }],
  [1, { chunk: 1, document: 1 }],
]);

function chunk(chunkId: string, documentId: string, held: ReadonlyMap<number, Partial<FieldMeans>>): HeldChunk {
  return {
    chunkId,
    documentId,
    lengths: { ...NONE, title: 5, body: 100 },
    documentLengths: { heading: 0, body: 100 },
    held: new Map([...held].map(([word, counts]) => [word, { ...NONE, ...counts }])),
  };
}

const score = (...chunks: readonly HeldChunk[]) => scoreChunks(chunks, IMPORTANCE, STATISTICS);

describe("the score of a chunk", () => {
  it("is its share of what a perfect match would have, and its document's", () => {
    const [scored] = score(chunk("a", "1", new Map([[0, { body: 1 }]])));

    // Of usual length everywhere, so a count weighs as much as it is: 1 * 4.5 / (3.5 + 1), times 2, and times 1.
    expect(scored?.chunkScore).toBeCloseTo(2, 10);
    expect(scored?.score).toBeCloseTo(0.6 * 2 + 0.4 * 1, 10);
  });

  it("is higher for a word in the title than in the text, and never reaches the most", () => {
    const [first, second] = score(
      chunk("a", "1", new Map([[0, { body: 1 }]])),
      chunk("b", "2", new Map([[0, { title: 1 }]])),
    );

    expect([first?.chunk.chunkId, second?.chunk.chunkId]).toEqual(["b", "a"]);
    expect(score(chunk("a", "1", new Map([[0, { title: 10_000 }]])))[0]?.chunkScore).toBeLessThan(2 * 4.5);
  });

  it("counts a title once for its document, and adds up what its chunks hold", () => {
    const apart = score(chunk("a", "1", new Map([[0, { body: 1 }]])), chunk("b", "2", new Map([[1, { body: 1 }]])));
    const together = score(chunk("a", "1", new Map([[0, { body: 1 }]])), chunk("b", "1", new Map([[1, { body: 1 }]])));
    const titles = score(chunk("a", "1", new Map([[0, { title: 1 }]])), chunk("b", "1", new Map([[0, { title: 1 }]])));
    const one = score(chunk("a", "1", new Map([[0, { title: 1 }]])));

    expect(together[0]?.score).toBeGreaterThan(apart[0]?.score ?? Infinity);
    expect(titles[0]?.score).toBeCloseTo(one[0]?.score ?? 0, 10);
  });
});

it("proposes at most three chunks of a document and sixty in all, equals by their ids", () => {
  const held = new Map([[0, { body: 1 }]]);
  const many = Array.from({ length: 100 }, (_, place) =>
    chunk(`c${String(place).padStart(3, "0")}`, `d${place}`, held),
  );
  const same = ["z", "x", "y", "w"].map((id) => chunk(id, "one", held));

  expect(score(...many).map(({ chunk: { chunkId } }) => chunkId)).toEqual(
    many.slice(0, 60).map(({ chunkId }) => chunkId),
  );
  expect(score(...same).map(({ chunk: { chunkId } }) => chunkId)).toEqual(["w", "x", "y"]);
});
