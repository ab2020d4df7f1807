import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersReportPage } from "../../infra/cli/report/answers-report.js";
import { comparisonReportPage } from "../../infra/cli/report/comparison-report.js";
import { retrievalReportPage } from "../../infra/cli/report/retrieval-report.js";
import { compareRuns } from "../../src/answering/evaluation/compare-runs.js";
import {
  answerRecord,
  answersRun,
  randomAnswers,
  retrievalRecord,
  retrievalRun,
} from "../infra/cli/evaluation-runs.js";
import { launchChromium, openPage } from "./chromium.js";

const HEAD = { subject: "/srv/labelled", madeBy: "1.2.3", madeAt: new Date("2026-11-28T12:00:00Z") };
const LONG = answerRecord(999, {
  confidence: 0.999,
  isRight: false,
  cited: ["x".repeat(200)],
  question: "Why? ".repeat(60),
});
const ANSWERS = answersRun([...randomAnswers(120), LONG]);
const SEARCHES = Array.from({ length: 40 }, (_, index) =>
  retrievalRecord(index, { ranked: Array.from({ length: index }, (_, at) => `page ${index * 100 + at}`) }),
);
const PAGES = {
  answers: answersReportPage(ANSWERS, HEAD),
  retrieval: retrievalReportPage(retrievalRun(SEARCHES), HEAD),
  comparison: comparisonReportPage(compareRuns(ANSWERS, answersRun([...randomAnswers(120, 2), LONG])), HEAD),
};

let browser: Browser;
beforeAll(async () => (browser = await launchChromium()));
afterAll(() => browser.close());

describe.each(Object.entries(PAGES))("the report of %s", (_, markup) => {
  it.each(["light", "dark"] as const)(
    "has nothing that a screen reader or weak eyes would miss, %s",
    async (scheme) => {
      // The page's own policy forbids all scripts, and axe is one.
      const { page } = await openPage(browser, { colorScheme: scheme, bypassCSP: true });
      await page.setContent(markup);
      for (const summary of await page.locator("summary").all()) await summary.click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
    },
  );

  it("fits a telephone, and asks for nothing from anywhere", async () => {
    const { page, complaints } = await openPage(browser, { viewport: { width: 390, height: 844 } });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.setContent(markup);
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(390);
    expect([...asked, ...complaints]).toEqual([]);
  });
});
