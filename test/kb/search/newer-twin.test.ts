import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewerTwin, type Dated } from "../../../kb/search/newer-twin.js";
import { selectPassages } from "../../../kb/search/select-passages.js";
import type { PassageText } from "../../../kb/search/read-passages.js";
import type { ReadCandidate } from "../../../kb/search/rerank.js";

const HOLIDAYS =
  "Every colleague has thirty days of holiday a year and asks for them in the portal at least two weeks before the first day";

interface Page {
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  readonly updatedAt?: string | null;
  readonly coverage?: number;
}

function textOf({ id, text, title = "Holidays", updatedAt = null }: Page): PassageText {
  const common = { versionId: id, sourceId: "s", kind: "page", headingPath: [], url: null } as const;
  return { ...common, chunkId: id, documentId: id, externalId: id, title, text, updatedAt };
}

/** The pages as they are selected, when they are ranked in the order that they stand in. */
function select(pages: readonly Page[], newerFirst = true): readonly string[] {
  const ranked = pages.map(({ coverage = 1, ...page }, index): ReadCandidate => {
    const scores = { lexical: 1, vector: null, coverage, fused: 1 - index / 100 };
    return { text: textOf(page), scores };
  });
  return selectPassages(ranked, { limit: 20, newerFirst }).map(({ chunkId }) => chunkId);
}

const OLD = { id: "old", text: HOLIDAYS, updatedAt: "2023-01-10T00:00:00.000Z" };
const NEW = { id: "new", text: HOLIDAYS.replace("thirty", "thirty-two").replace("two weeks", "three weeks"), updatedAt: "2026-01-10T00:00:00.000Z" }; // prettier-ignore
const OTHER = { id: "other", text: "Trains are booked by the office." };

describe("of two documents that say nearly the same", () => {
  it("the newer goes before the older, and nothing else moves", () => {
    expect(select([OTHER, OLD, NEW])).toEqual(["other", "new", "old"]);
    expect(select([NEW, OTHER, OLD])).toEqual(["new", "other", "old"]);
    expect(select([OLD, OTHER, NEW], false)).toEqual(["old", "other", "new"]);
  });

  it("the newer stays where they say the very same", () => {
    expect(select([OLD, OTHER, { ...NEW, text: HOLIDAYS }])).toEqual(["new", "other"]);
    expect(select([OLD, OTHER, { ...NEW, text: HOLIDAYS }], false)).toEqual(["old", "other"]);
  });

  it("one that says it is out of date goes behind, whatever its date", () => {
    const archived = { ...NEW, title: "Holidays [archived]" };
    expect(select([archived, OLD])).toEqual(["old", "new"]);
    expect(select([OLD, archived])).toEqual(["old", "new"]);
  });

  it("one that holds less of the question does not go before: it is about something else", () => {
    expect(select([OLD, { ...NEW, coverage: 0.8 }])).toEqual(["old", "new"]);
  });

  it("neither is newer within a day, without a date, or in the same document", () => {
    const dated = (documentId: string, updatedAt: string | null): Dated => ({
      ...textOf({ id: documentId, text: "", updatedAt }),
      scores: { lexical: 1, vector: null, coverage: 1, fused: 1 },
    });
    expect(isNewerTwin(dated("a", "2026-01-02T00:00:00Z"), dated("b", "2026-01-01T00:00:00Z"))).toBe(true);
    expect(isNewerTwin(dated("a", "2026-01-01T20:00:00Z"), dated("b", "2026-01-01T00:00:00Z"))).toBe(false);
    expect(isNewerTwin(dated("a", "2026-01-02T00:00:00Z"), dated("b", null))).toBe(false);
    expect(isNewerTwin(dated("a", "2026-01-02T00:00:00Z"), dated("a", "2025-01-01T00:00:00Z"))).toBe(false);
  });

  it.each([
    ["Deprecated: Holidays", true],
    ["Holidays (old)", true],
    ["Urlaub (veraltet)", true],
    ["How do I find archived channels?", false],
    ["Old and new cables", false],
  ])("the title %j says so: %j", (title, isOutdated) => {
    const [first] = select([
      { ...OLD, title },
      { ...OLD, id: "plain", title: "Holidays" },
    ]);
    expect(first).toBe(isOutdated ? "plain" : "old");
  });
});

describe("without dates", () => {
  it("the order is what it is without the rule, whatever the texts", () => {
    const words = fc.array(fc.constantFrom("reset", "password", "days", "holiday", "year", "portal"), { maxLength: 8 });
    const pages = fc.array(fc.record({ words, coverage: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(pages, (drawn) => {
        const all = drawn.map((page, index) => ({
          id: `p${index}`,
          text: page.words.join(" "),
          coverage: page.coverage,
        }));
        expect(select(all)).toEqual(select(all, false));
      }),
      { numRuns: 200 },
    );
  });
});
