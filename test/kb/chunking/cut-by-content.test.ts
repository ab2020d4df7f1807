import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAroundSplits, cutByContent, evenLimits } from "../../../kb/chunking/cut-by-content.js";
import type { Cuttable } from "../../../kb/chunking/cut-by-content.js";

const LIMITS = evenLimits(100);

const entry = fc.record({ size: fc.integer({ min: 1, max: 60 }), text: fc.string({ maxLength: 4 }) });
const row = fc.array(entry, { maxLength: 80 });

function sizeOf(part: readonly Cuttable[]): number {
  return part.reduce((sum, { size }) => sum + size, 0);
}

/** A row of entries of their own, each between a tenth and a third of what fits. */
function rowOf(seed: number, length: number): readonly Cuttable[] {
  return Array.from({ length }, (_, index) => ({
    size: 10 + ((seed * 7 + index * 13) % 24),
    text: `${seed} entry ${index}`,
  }));
}

function changedParts(before: readonly Cuttable[], after: readonly Cuttable[]): number {
  const known = new Set(cutByContent(before, LIMITS).map((part) => JSON.stringify(part)));
  return cutByContent(after, LIMITS).filter((part) => !known.has(JSON.stringify(part))).length;
}

describe("cuts by content", () => {
  it("lose nothing, keep the order and the largest size", () => {
    fc.assert(
      fc.property(row, (entries) => {
        const parts = cutByContent(entries, LIMITS);
        expect(parts.flat()).toEqual(entries);
        for (const part of parts) expect(sizeOf(part)).toBeLessThanOrEqual(100);
        for (const part of parts) expect(part).not.toEqual([]);
      }),
    );
  });

  it("leave no part below the smallest size where every entry is small", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ size: fc.integer({ min: 1, max: 20 }), text: fc.string() })), (entries) => {
        const parts = cutByContent(entries, LIMITS);
        if (parts.length > 1) for (const part of parts) expect(sizeOf(part)).toBeGreaterThanOrEqual(25);
      }),
    );
  });

  it("do not cut what fits", () => {
    const entries = [40, 40, 20].map((size) => ({ size, text: "a" }));
    expect(cutByContent(entries, LIMITS)).toEqual([entries]);
    expect(cutByContent([], LIMITS)).toEqual([]);
  });

  it("keep a row up to the hard limit when every cut leaves a part that is too small", () => {
    const entries = [
      { size: 10, text: "a" },
      { size: 120, text: "b" },
    ];
    expect(cutByContent(entries, { min: 25, max: 100, hard: 150 })).toEqual([entries]);
    expect(cutByContent(entries, LIMITS)).toHaveLength(2);
  });

  it("halve a row of equal entries again and again, in time that does not grow with its square", () => {
    const parts = cutByContent(
      Array.from({ length: 200_000 }, () => ({ size: 10, text: "same" })),
      LIMITS,
    );
    expect(Math.max(...parts.map(sizeOf))).toBeLessThanOrEqual(100);
    expect(Math.min(...parts.map(sizeOf))).toBeGreaterThanOrEqual(50);
  }, 2_000);

  it("move only near to a change", () => {
    const changes = Array.from({ length: 300 }, (_, seed) => {
      const before = rowOf(seed, 60);
      const at = (seed * 17) % 60;
      const after = before.map((one, index) => (index === at ? { size: one.size + 8, text: `${one.text} more` } : one));
      return changedParts(before, after);
    });
    expect(changes.reduce((sum, count) => sum + count, 0) / changes.length).toBeLessThanOrEqual(1.5);
    expect(Math.max(...changes)).toBeLessThanOrEqual(5);
    expect(changes.filter((count) => count > 2).length / changes.length).toBeLessThanOrEqual(0.1);
  });

  it("move only near to an entry that comes or goes", () => {
    const changes = Array.from({ length: 300 }, (_, seed) => {
      const before = rowOf(seed, 60);
      const at = (seed * 17) % 60;
      const after = [...before.slice(0, at), { size: 15, text: `${seed} new` }, ...before.slice(at)];
      return Math.max(changedParts(before, after), changedParts(after, before));
    });
    expect(changes.reduce((sum, count) => sum + count, 0) / changes.length).toBeLessThanOrEqual(1.8);
    expect(Math.max(...changes)).toBeLessThanOrEqual(6);
  });

  it("never put two parts of one entry together again", () => {
    const split = fc.array(fc.array(entry, { minLength: 1, maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(split, (entries) => {
        const wholes = entries.map((parts, whole) => parts.map((part) => ({ ...part, whole })));
        const groups = cutAroundSplits(wholes, LIMITS);
        expect(groups.flat()).toEqual(wholes.flat());
        for (const group of groups) {
          expect(new Set(group.map(({ whole }) => whole)).size).toBe(group.length);
        }
      }),
    );
  });
});
