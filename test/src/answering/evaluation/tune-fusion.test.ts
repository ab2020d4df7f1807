import { expect, it } from "vitest";
import { mulberry32 } from "../../../../src/answering/evaluation/bootstrap.js";
import { tuneFusion } from "../../../../src/answering/evaluation/tune-fusion.js";
import { RANKING_FEATURES } from "../../../../src/ports/ranking-features.js";

const SHIPPED = RANKING_FEATURES.map((name) => (name === "fused" ? 10 : 1));
const TITLE = RANKING_FEATURES.indexOf("titleCoverage");

/** Ten documents a question; `tells` is how much more the title of the relevant one holds. */
function questions(count: number, tells: number) {
  const random = mulberry32(3);
  return Array.from({ length: count }, () => {
    const relevant = Math.floor(random() * 10);
    const documents = Array.from({ length: 10 }, (_, index) => {
      const title = random() * 0.3 + (index === relevant ? tells : 0);
      const features = RANKING_FEATURES.map((_, feature) => (feature === TITLE ? title : random()));
      return { grade: index === relevant ? 1 : 0, passages: [features] };
    });
    return { documents, idealGain: 1 };
  });
}

it("finds what tells the right document, is better on questions it did not see, and names every weight", () => {
  const report = tuneFusion(SHIPPED, questions(150, 0.4), { folds: 5 });
  expect(report.is_better).toBe(true);
  expect(report.tuned).toBeGreaterThan(report.shipped + 0.05);
  expect(report.gain[0]).toBeGreaterThan(0);
  expect(Object.keys(report.knowledge?.ranking ?? {})).toEqual([...RANKING_FEATURES]);
  expect(report.knowledge?.ranking.titleCoverage).toBeGreaterThan(1);
});

it("gives no weights where nothing is to be learnt", () => {
  const report = tuneFusion(SHIPPED, questions(150, 0), { folds: 5 });
  expect(report.gain[0]).toBeLessThanOrEqual(0);
  expect(report).toMatchObject({ is_better: false, knowledge: null, queries: 150 });
});

it("gives the same twice", () => {
  const labelled = questions(30, 0.4);
  expect(tuneFusion(SHIPPED, labelled, { folds: 3 })).toEqual(tuneFusion(SHIPPED, labelled, { folds: 3 }));
});

it("needs a question for each fold", () => {
  expect(() => tuneFusion(SHIPPED, questions(3, 0.4), { folds: 5 })).toThrow(RangeError);
});
