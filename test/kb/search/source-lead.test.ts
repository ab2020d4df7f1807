import { expect, it } from "vitest";
import { leadOfSources } from "../../../kb/search/source-lead.js";

const candidate = (documentId: string, fused: number) => ({
  documentId,
  scores: { lexical: 1, vector: null, coverage: 1, fused },
});
const SOURCES = new Map([
  ["help-1", "help"],
  ["help-2", "help"],
  ["wiki-1", "wiki"],
  ["wiki-2", "wiki"],
  ["wiki-3", "wiki"],
]);

it("gives a lead to the source that the best candidates come from, though more of the others come up", () => {
  const found = [["help-1", 0.8], ["help-2", 0.75], ["wiki-1", 0.4], ["wiki-2", 0.3], ["wiki-3", 0.3]] as const; // prettier-ignore
  const leads = leadOfSources(
    found.map(([id, fused]) => candidate(id, fused)),
    SOURCES,
  );
  expect(leads.get("help")).toBeGreaterThan(0.3);
  expect(leads.get("wiki")).toBeLessThan(-0.3);
});

it("says nothing where candidates of all sources are as good, however many there are of each", () => {
  const leads = leadOfSources(
    [...SOURCES.keys()].map((id) => candidate(id, 0.5)),
    SOURCES,
  );
  expect(leads.get("help")).toBeCloseTo(0);
  expect(leads.get("wiki")).toBeCloseTo(0);
});

it("says nothing while there is one source, and leaves out a document that is gone", () => {
  const found = [candidate("help-1", 0.9), candidate("gone", 0.8), candidate("help-2", 0.1)];
  expect([...leadOfSources(found, SOURCES)]).toEqual([["help", 0]]);
  expect(leadOfSources([], SOURCES).size).toBe(0);
});
