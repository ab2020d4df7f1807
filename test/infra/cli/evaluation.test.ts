import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunComparison } from "../../../src/answering/evaluation/compare-runs.js";
import type { AnswersRun } from "../../../src/answering/evaluation/evaluate-answers.js";
import type { RetrievalRun } from "../../../src/answering/evaluation/evaluate-retrieval.js";
import { CONFIDENCE_MODEL } from "../../../src/answering/confidence/model.js";
import { questionsMark } from "../../../src/answering/evaluation/questions-mark.js";
import { answerRecord, answersRun, randomAnswers, retrievalRecord, retrievalRun } from "./evaluation-runs.js";
import { run } from "./program-harness.js";

let directory: string;
const file = (name: string): string => join(directory, name);
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "deskhand-runs-"))));
afterEach(() => rmSync(directory, { recursive: true }));

function evalAnswers(found: AnswersRun, ...options: readonly string[]) {
  return run(["eval", "answers", "/labelled", ...options], {
    overrides: { evaluateAnswers: () => Promise.resolve(found) },
  });
}

function evalRetrieval(found: RetrievalRun, ...options: readonly string[]) {
  return run(["eval", "retrieval", "/labelled", ...options], {
    overrides: { evaluateRetrieval: () => Promise.resolve(found) },
  });
}

async function save(name: string, found: AnswersRun): Promise<string> {
  await evalAnswers(found, "--save", file(name));
  return file(name);
}

function toComparison(stdout: string): RunComparison {
  return JSON.parse(stdout) as RunComparison;
}

describe("limits", () => {
  it("fail with every figure that does not keep them, and by how much", async () => {
    const found = answersRun([answerRecord(1), answerRecord(2, { isRight: false })]);
    const kept = await evalAnswers(found, "--json", "--min", "right=0.5", "--max", "escalated=0");
    expect(kept).toMatchObject({ exitCode: 0, stderr: "" });

    const missed = await evalAnswers(found, "--json", "--min", "right=0.7", "--max", "queries=1");
    expect(missed.exitCode).toBe(1);
    expect(missed.stderr).toContain("right is 0.5, 0.2 below the least that is allowed (0.7)");
    expect(missed.stderr).toContain("queries is 2, 1 above the most that is allowed (1)");
    expect(JSON.parse(missed.stdout)).toMatchObject({ queries: 2 });
  });

  it("are not kept by a figure that has no value", async () => {
    const { exitCode, stderr } = await evalAnswers(answersRun([answerRecord(1)]), "--min", "auroc=0.1");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("auroc has no value");
  });

  it.each([
    ["--min", "fame=1", 'no figure "fame". There are: queries, auroc, auroc_answerable, aurc, coverage@risk10'],
    ["--max", "p50_ms=4", 'no figure "p50_ms"'],
    ["--min", "auroc", "a figure and a number"],
    ["--min", "auroc=", "a figure and a number"],
    ["--min", "auroc=high", "a figure and a number"],
  ])("refuse %s %s before anything is measured", async (option, value, words) => {
    const { exitCode, stderr } = await run(["eval", "answers", "/labelled", option, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe("results in files", () => {
  it("are refused before anything is measured where they cannot be written", async () => {
    const nowhere = await run(["eval", "answers", "/labelled", "--save", file("no/run.json")]);
    expect(nowhere).toMatchObject({ exitCode: 2 });
    expect(nowhere.stderr).toContain("no/run.json cannot be written (ENOENT)");
    expect((await run(["eval", "retrieval", "/labelled", "--report", directory])).stderr).toContain("is a folder");
  });

  it("hold a page that loads nothing and in which data is text", async () => {
    const hostile = `</title><script>alert(1)</script>"' onload=x \u202e&amp;`;
    const record = answerRecord(1, {
      id: hostile,
      question: hostile,
      text: hostile,
      cited: [hostile],
      grades: { [hostile]: 1 },
      groups: { label: hostile },
    });
    await evalAnswers(answersRun([record, answerRecord(2, { isRight: false })]), "--report", file("page.html"));
    const page = readFileSync(file("page.html"), "utf8");

    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/ (?:src|href|onload)=(?!x)/u);
    expect(page).not.toContain("\u202e");
    expect(page.split("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;").length).toBeGreaterThan(4);
    expect(page).not.toMatch(/https?:\/\//u);
  });

  it("show the curve, the reliability and the histogram of answers, and the worst questions with what they cite", async () => {
    const found = answersRun([
      ...randomAnswers(80),
      answerRecord(90, { confidence: 0.99, isRight: false, cited: ["the wrong page"], question: "Misled?" }),
      answerRecord(91, { confidence: 0.001, decision: "hand-off", question: "Too modest?" }),
    ]);
    await evalAnswers(found, "--report", file("page.html"));
    const page = readFileSync(file("page.html"), "utf8");
    const after = (heading: string): string => page.slice(page.indexOf(`<h2>${heading}`));

    for (const title of ["Risk and coverage", "Reliability", "Confidence of right and wrong answers"]) {
      expect(page).toMatch(new RegExp(`<title id="[a-z]+-title">${title}</title>`, "u"));
    }
    expect(page.match(/<svg/gu)).toHaveLength(page.match(/<summary>The figures/gu)?.length ?? 0);
    expect(after("Confident and wrong")).toMatch(
      /^<h2>Confident and wrong<\/h2>\s*<ol[^>]*>\s*<li>\s*<p[^>]*>Misled\?/u,
    );
    expect(after("Confident and wrong")).toContain("the wrong page");
    expect(after("Unsure and right")).toMatch(/^<h2>Unsure and right<\/h2>\s*<ol[^>]*>\s*<li>\s*<p[^>]*>Too modest\?/u);
  });

  it("name the documents that a search missed, and where they were", async () => {
    const others = Array.from({ length: 12 }, (_, index) => `other ${index}`);
    const found = retrievalRun([
      retrievalRecord(1),
      retrievalRecord(2, { ranked: [...others, "page 2"] }),
      retrievalRecord(3, { ranked: others }),
    ]);
    await evalRetrieval(found, "--report", file("page.html"));
    const page = readFileSync(file("page.html"), "utf8");

    expect(page).toContain("2 of 3 questions have a relevant document");
    expect(page).toContain("page 2 (place 13)");
    expect(page).toContain("page 3 (not found)");
    expect(page).not.toContain("page 1 (");
  });
});

describe("deskhand eval compare", () => {
  const good = randomAnswers(60);
  const bad = good.map((one, index) => (index < 30 ? { ...one, isRight: false, cited: ["astray"] } : one));

  it("gives paired differences, and names what changed most", async () => {
    const files = [await save("a.json", answersRun(good)), await save("b.json", answersRun(bad))];
    const { stdout, exitCode } = await run(["eval", "compare", ...files, "--json", "--report", file("c.html")]);
    const comparison = toComparison(stdout);

    expect(exitCode).toBe(0);
    expect(comparison.figures["right"]).toMatchObject({ verdict: "worse", better: "higher" });
    expect(comparison.figures["right"]?.interval?.[1]).toBeLessThan(0);
    expect(comparison.changed[0]).toMatchObject({ before: { isRight: true }, after: { documents: ["astray"] } });
    expect(readFileSync(file("c.html"), "utf8")).toContain("astray");
  });

  it("finds no difference between a run and itself", async () => {
    const same = await save("a.json", answersRun(good));
    const { stdout, exitCode } = await run(["eval", "compare", same, same, "--json", "--no-worse", "right"]);
    const { figures, changed } = toComparison(stdout);
    expect(exitCode).toBe(0);
    expect(changed).toEqual([]);
    expect(figures["auroc"]).toMatchObject({ difference: 0, interval: [0, 0], verdict: "same" });
  });

  it("shows what was decided, as that is what may have changed", async () => {
    const before = await save("a.json", answersRun([answerRecord(1)]));
    const after = await save("b.json", answersRun([answerRecord(1, { decision: "hand-off" })]));
    const { stdout } = await run(["eval", "compare", before, after]);
    expect(stdout).toMatch(/right 0\.50, answer.*right 0\.50, hand-off/u);
    expect(stdout).not.toContain("-0.000");
  });

  it("warns where the settings of a run were fitted to the very questions", async () => {
    const found = answersRun(good);
    const questions = questionsMark(good.map(({ question: text }) => ({ text })));
    const calibration = { model: CONFIDENCE_MODEL.id, intercept: 0, questions };
    writeFileSync(file("deskhand.yaml"), JSON.stringify({ answering: { calibration } }));
    const env = { DESKHAND_SETTINGS: file("deskhand.yaml") };
    const overrides = { evaluateAnswers: () => Promise.resolve(found) };
    const tuned = await run(["eval", "answers", "/labelled", "--save", file("b.json")], { env, overrides });
    expect(tuned.stderr).toContain("fitted to these very questions");
    const files = [await save("a.json", found), file("b.json")];
    const { stderr, stdout } = await run(["eval", "compare", ...files, "--json"]);
    expect(stderr).toContain("The run after is of settings that were fitted to these very questions");
    expect(toComparison(stdout).fitted_to_these).toEqual(["after"]);
  });

  it("fails by --no-worse only when the whole interval is on the worse side", async () => {
    const before = await save("a.json", answersRun(good));
    const slightly = good.map((one, index) => (index === 0 ? { ...one, isRight: !one.isRight } : one));
    const [worse, unclear] = [await save("b.json", answersRun(bad)), await save("c.json", answersRun(slightly))];

    const refused = await run(["eval", "compare", before, worse, "--json", "--no-worse", "right"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/right became worse by 0\.\d+ \(/u);
    expect((await run(["eval", "compare", before, unclear, "--json", "--no-worse", "right"])).exitCode).toBe(0);
    expect((await run(["eval", "compare", worse, before, "--json", "--no-worse", "right"])).exitCode).toBe(0);
  });

  it("takes a lower figure for the better one where it is", async () => {
    const slow = Array.from({ length: 30 }, (_, index) => retrievalRecord(index, { ms: 50 + index }));
    await evalRetrieval(retrievalRun(slow), "--save", file("slow.json"));
    await evalRetrieval(retrievalRun(slow.map((one) => ({ ...one, ms: one.ms / 10 }))), "--save", file("fast.json"));
    const words = ["eval", "compare", file("fast.json"), file("slow.json"), "--json", "--no-worse", "p50_ms"];
    expect((await run(words)).exitCode).toBe(1);
  });

  it("compares a run with typing mistakes to one without", async () => {
    const plain = Array.from({ length: 20 }, (_, index) => retrievalRecord(index));
    const mistyped = plain.map((one) => ({ ...one, asked: "Wher is it?", ranked: ["another page"] }));
    await evalRetrieval(retrievalRun(plain), "--save", file("plain.json"));
    await evalRetrieval(retrievalRun(mistyped), "--save", file("typos.json"));
    const { stdout } = await run(["eval", "compare", file("plain.json"), file("typos.json"), "--json"]);
    expect(toComparison(stdout).figures["success@1"]).toMatchObject({ difference: -1, verdict: "worse" });
  });

  it("refuses runs over other questions, naming how they differ", async () => {
    const before = await save("a.json", answersRun([answerRecord(1), answerRecord(2), answerRecord(3)]));
    const others = [
      answerRecord(2, { question: "Other words?" }),
      answerRecord(3, { answerable: false }),
      answerRecord(4),
    ];
    const { exitCode, stderr } = await run(["eval", "compare", before, await save("b.json", answersRun(others))]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('only in the first: 1 ("q1")');
    expect(stderr).toContain('only in the second: 1 ("q4")');
    expect(stderr).toContain('asked in other words: 1 ("q2")');
    expect(stderr).toContain('labelled differently: 1 ("q3")');
  });

  it("refuses a run of answers beside one of retrieval, and a figure that the runs do not have", async () => {
    const answers = await save("a.json", answersRun(good));
    await evalRetrieval(retrievalRun([retrievalRecord(1)]), "--save", file("r.json"));
    expect((await run(["eval", "compare", answers, file("r.json")])).stderr).toContain("only like can be compared");
    const strange = await run(["eval", "compare", answers, answers, "--no-worse", "ndcg@10"]);
    expect(strange).toMatchObject({ exitCode: 2 });
    expect(strange.stderr).toContain("runs of answers have auroc");
    expect((await run(["eval", "compare", answers, answers, "--no-worse", "answered"])).exitCode).toBe(2);
  });

  it.each([
    ["", "is not JSON"],
    ["{}", "is not a saved run"],
    ['{"format":"deskhand-evaluation","version":9}', "another version of Deskhand (format 9)"],
    ['{"format":"deskhand-evaluation","version":1,"kind":"answers","questions":[{"id":4}]}', "questions.0.id"],
    ['{"format":"deskhand-evaluation","version":1,"kind":"answers","questions":[]}', "holds no questions"],
  ])("refuses a file that holds %j", async (content, words) => {
    writeFileSync(file("bad.json"), content);
    const { exitCode, stderr } = await run(["eval", "compare", file("bad.json"), file("bad.json")]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain("bad.json");
  });

  it("refuses a question that is there twice, and a file that is missing", async () => {
    const twice = await save("a.json", answersRun([answerRecord(1), answerRecord(1)]));
    expect((await run(["eval", "compare", twice, twice])).stderr).toContain('"q1" is there twice');
    expect((await run(["eval", "compare", file("none.json"), twice])).stderr).toContain("cannot be read (ENOENT)");
  });
});
