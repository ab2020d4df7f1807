import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_ANSWER_SETTINGS } from "../../src/answering/contract.js";
import { roomAfterResearch } from "../../src/answering/research/after-research.js";
import { DEFAULT_RESEARCH_LIMITS } from "../../src/answering/research/settings.js";
import {
  answeringOver,
  areMet,
  ask,
  givenDocuments,
  openCorpus,
  readTwoHopQuestions,
  researchBelow,
  stageOf,
} from "../bench/two-hop/measure-two-hop.js";
import { readAndSearch } from "../bench/two-hop/reading-model.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";

const zulip = join(process.env["TEST_DATA_DIR"] ?? "", "kb-demo-zulip");
const isThere = process.env["TEST_DATA_DIR"] !== undefined && existsSync(zulip);
const skipped = isThere ? "" : " (skipped: TEST_DATA_DIR names no folder with kb-demo-zulip)";
const FOLDERS = { demo: "kb/demo/questions", "kb-demo-zulip": zulip } as const;
const THRESHOLD = DEFAULT_ANSWER_SETTINGS.confidenceThreshold;
/** Points of "all needed documents given" by which looking further must beat one search. */
const GAIN = 0.15;

interface Measured {
  readonly id: string;
  readonly confidence: number;
  readonly once: boolean;
  readonly withRoom: boolean;
  readonly further: boolean;
  readonly calls: number;
  readonly tokens: number;
}

function share(measured: readonly Measured[], isMet: (one: Measured) => boolean): number {
  return measured.filter(isMet).length / measured.length;
}

describe.skipIf(!isThere)(`forty questions that take several documents${skipped}`, () => {
  let fake: FakeOpenAi;
  beforeAll(async () => {
    fake = await FakeOpenAi.start({ writer: readAndSearch });
  });
  afterAll(() => fake.close());

  async function measure(kb: keyof typeof FOLDERS): Promise<readonly Measured[]> {
    await using database = await openCorpus(FOLDERS[kb]);
    const once = answeringOver(database, fake, null);
    const withRoom = answeringOver(database, fake, null, roomAfterResearch(DEFAULT_ANSWER_SETTINGS));
    const further = answeringOver(database, fake, researchBelow(1));
    const measured: Measured[] = [];
    for (const question of readTwoHopQuestions().filter((one) => one.kb === kb)) {
      const answers = [
        await ask(once, question.text),
        await ask(withRoom, question.text),
        await ask(further, question.text),
      ] as const;
      const [isMetOnce, isMetWithRoom, isMetFurther] = answers.map((one) => areMet(question, givenDocuments(one)));
      const output = stageOf(answers[2].stages, "research")?.output ?? {};
      measured.push({
        id: question.id,
        confidence: answers[0].confidence,
        once: isMetOnce === true,
        withRoom: isMetWithRoom === true,
        further: isMetFurther === true,
        calls: Number(output["calls"]),
        tokens: Number(output["inputTokens"]) + Number(output["outputTokens"]),
      });
    }
    return measured;
  }

  test("are given all of them 15 points more often when a model looks further, within its bounds", async () => {
    const measured = [...(await measure("demo")), ...(await measure("kb-demo-zulip"))];
    const sure = measured.filter(({ confidence }) => confidence >= THRESHOLD);
    const figures = {
      questions: measured.length,
      once: share(measured, (one) => one.once),
      once_same_room: share(measured, (one) => one.withRoom),
      further: share(measured, (one) => one.further),
      further_below_threshold_only: share(measured, (one) => (one.confidence < THRESHOLD ? one.further : one.once)),
      answered: sure.length,
      answered_once: share(sure, (one) => one.once),
      answered_further: share(sure, (one) => one.further),
      calls_mean: measured.reduce((sum, { calls }) => sum + calls, 0) / measured.length,
      tokens_mean: Math.round(measured.reduce((sum, { tokens }) => sum + tokens, 0) / measured.length),
      tokens_most: Math.max(...measured.map(({ tokens }) => tokens)),
    };
    console.log(JSON.stringify(figures));
    console.log(
      `not all found: ${measured
        .filter(({ further }) => !further)
        .map(({ id }) => id)
        .join(" ")}`,
    );

    expect(measured).toHaveLength(40);
    expect(figures.further).toBeGreaterThanOrEqual(figures.once + GAIN);
    expect(figures.further).toBeGreaterThanOrEqual(figures.once_same_room);
    for (const { calls, tokens } of measured) {
      expect(calls).toBeLessThanOrEqual(DEFAULT_RESEARCH_LIMITS.steps);
      expect(tokens).toBeLessThanOrEqual(DEFAULT_RESEARCH_LIMITS.tokens);
    }
  }, 600_000);

  test("a question that no document answers is not answered because a model looked further", async () => {
    let [asked, risen, answeredBefore, answeredAfter, most] = [0, 0, 0, 0, 0];
    for (const folder of Object.values(FOLDERS)) {
      await using database = await openCorpus(folder);
      const once = answeringOver(database, fake, null);
      const further = answeringOver(database, fake, researchBelow(1));
      for (const text of unanswerable(folder)) {
        const before = await ask(once, text);
        const after = await ask(further, text);
        asked += 1;
        if (after.confidence > before.confidence) risen += 1;
        most = Math.max(most, after.confidence - before.confidence);
        if (before.confidence >= THRESHOLD) answeredBefore += 1;
        if (after.confidence >= THRESHOLD) answeredAfter += 1;
      }
    }
    console.log(
      JSON.stringify({ unanswerable: asked, risen, most, above_before: answeredBefore, above_after: answeredAfter }),
    );

    expect(asked).toBeGreaterThan(40);
    expect(answeredAfter).toBeLessThanOrEqual(answeredBefore);
    expect(Math.round(most * 1_000)).toBeLessThanOrEqual(50);
  }, 600_000);
});

function unanswerable(folder: string): readonly string[] {
  const lines = readFileSync(join(folder, "queries.jsonl"), "utf8").trim().split("\n");
  const queries = lines.map((line) => JSON.parse(line) as { text: string; answerable: boolean });
  return queries.filter(({ answerable }) => !answerable).map(({ text }) => text);
}
