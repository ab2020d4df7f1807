import { expect, it } from "vitest";
import { englishTextVectors } from "../../../infra/models/local/word-vectors/english.js";
import { toAskedQuestion } from "../../../kb/search/passage-features.js";
import { RERANKED } from "../../../kb/search/ranking.js";
import { RANKING_FEATURES } from "../../../src/ports/ranking-features.js";
import { createRerank, type RankedCandidate, type ReadCandidate } from "../../../kb/search/rerank.js";

const asked = toAskedQuestion("reset password", [{ terms: new Map([["reset", 1]]), phrase: null }, { terms: new Map([["password", 1]]), phrase: null }], [1, 1]); // prettier-ignore

function candidate(chunkId: string, title: string, fused = 0.5): ReadCandidate {
  const ids = { chunkId, documentId: chunkId, versionId: chunkId, sourceId: "s", externalId: chunkId };
  const text = { ...ids, kind: "manual" as const, title, headingPath: [], text: "Text.", url: null, updatedAt: null };
  return { text, scores: { lexical: 5, vector: 0.3, coverage: 0.5, fused } };
}
const idsOf = (candidates: readonly ReadCandidate[]): readonly string[] => candidates.map(({ text }) => text.chunkId);

it("puts what is more like the question first, and says what the order is made from", () => {
  const ranked = createRerank()(asked, [candidate("a", "Invoices"), candidate("b", "Reset your password")]);
  expect(idsOf(ranked)).toEqual(["b", "a"]);
  const [first, second] = ranked.map(({ scores }) => scores.relevance ?? NaN);
  expect(first).toBeGreaterThan(second ?? NaN);
  expect(ranked[0]?.scores.fused).toBe(0.5);
});

it("leaves equals in the order they were proposed in", () => {
  const same = ["c", "a", "b"].map((id) => candidate(id, "Reset your password"));
  expect(idsOf(createRerank()(asked, same))).toEqual(["c", "a", "b"]);
});

it("looks at the first ones alone; the others follow as they came", () => {
  const many = Array.from({ length: RERANKED }, (_, index) => candidate(`n${index}`, "Invoices"));
  const ranked = createRerank()(asked, [...many, candidate("late", "Reset your password", 0.4)]);
  expect(idsOf(ranked).at(-1)).toBe("late");
  expect(ranked.at(-1)?.scores.relevance).toBeUndefined();
});

it("shows what it ranked, in the order it was proposed in", () => {
  let seen: readonly RankedCandidate[] = [];
  const rerank = createRerank({ observe: (ranked) => (seen = [...ranked]) });
  rerank(asked, [candidate("a", "Invoices"), candidate("b", "Reset your password")]);
  expect(idsOf(seen)).toEqual(["a", "b"]);
});

it("gives the same order for a passage it has seen before", () => {
  const rerank = createRerank();
  const candidates = [candidate("a", "Invoices"), candidate("b", "Reset your password")];
  expect(rerank(asked, candidates)).toEqual(rerank(asked, candidates));
});

it("takes other weights than the shipped ones", () => {
  const onlyFused = createRerank({ weights: [1] });
  const ranked = onlyFused(asked, [candidate("a", "Reset your password", 0.4), candidate("b", "Invoices", 0.5)]);
  expect(idsOf(ranked)).toEqual(["b", "a"]);
});

it("prefers a passage of the source that the question seems to be about", () => {
  const [own, other] = [candidate("own", "Reset your password"), candidate("other", "Reset your password")];
  const withLead = (each: ReadCandidate, sourceLead: number) => ({ ...each, scores: { ...each.scores, sourceLead } });
  expect(idsOf(createRerank()(asked, [withLead(other, -0.2), withLead(own, 0.2)]))).toEqual(["own", "other"]);
});

it("tells nearness by English words in English questions alone", () => {
  const meaningOf = (question: string, title: string): readonly number[] => {
    let seen: readonly RankedCandidate[] = [];
    const rerank = createRerank({ vectors: englishTextVectors, observe: (ranked) => (seen = [...ranked]) });
    rerank(toAskedQuestion(question, [], []), [candidate("a", title)]);
    return seen[0]?.features.filter((_, index) => RANKING_FEATURES[index]?.endsWith("Meaning") === true) ?? [];
  };
  const near = meaningOf("How can I follow my delivery?", "How can I track a parcel?");
  expect(near).toHaveLength(2);
  for (const nearness of near) expect(nearness).toBeGreaterThan(0.3);
  expect(meaningOf("Wie kann ich die Lieferung verfolgen?", "Wie kann ich meine Rechnung finden?")).toEqual([0, 0]);
});
