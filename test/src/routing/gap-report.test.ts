import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { findGaps } from "../../../src/learning/find-gaps.js";
import { runGapReport, type GapReportPlan } from "../../../src/learning/run-gap-report.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, cora, deletionOf, messageFrom } from "../../support/events.js";
import { silentLogger } from "../../support/silent-logger.js";

const DAY_MS = 86_400_000;

describeEachDatabase("questions that the documents do not answer", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let startedMs: number;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    scene = await CoreScene.start(database, platform, new ScriptedAnswering());
    startedMs = Date.now();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  let asked = 0;
  async function ask(name: string, question: string) {
    const message = messageFrom({ ...cora, id: name, displayName: name }, scene.at(`customer-${++asked}`), question);
    await scene.play(message);
    return message;
  }

  function query<Row extends object>(sql: string) {
    return database.withTenant(DEFAULT_TENANT, (db) => db.query<Row>(sql));
  }

  /** From then on for a minute, and the minute before. */
  const gaps = (sinceMs = startedMs) =>
    findGaps(
      (read) => database.withStores(DEFAULT_TENANT, (stores) => read(stores.gaps)),
      { since: new Date(sinceMs), until: new Date(sinceMs + 60_000) },
      null,
    );

  it("are put together, counted with their people, ranked, and compared with the time before", async () => {
    await ask("otto", "Unknown: how do I export my archive?");
    const since = Date.now();
    await ask("ana", "Unknown: where do I get a new badge?");
    await ask("ben", "Unknown: how can I export the archive? Mail ben@example.com, says ben.");
    await ask("ben", "Unknown: how do I export an archive?");
    await ask("eve", "Unknown: how do I export my archive, please?");
    await ask("eve", "Where is the printer?");
    const report = await gaps(since);
    expect(report).toMatchObject({ questions: 4, people: 3, before: 1, isCut: false });
    expect(report.gaps).toMatchObject([
      { questions: 3, people: 2, before: 1, notHelpful: 0, document: null },
      { question: "Unknown: where do I get a new badge?", questions: 1, people: 1, before: 0 },
    ]);
    expect(JSON.stringify(report)).not.toContain("ben@example.com");
  });

  it("are also those whose answer did not help; what was deleted is not among them", async () => {
    const helped = await ask("eve", "Where is the printer?");
    const { rows } = await query<{ id: string }>("select id from answer");
    const eve = { ...cora, id: "eve", displayName: "eve" };
    await scene.play(actionFrom(eve, helped.conversation, { name: "not-helpful", answerId: rows[0]!.id }));
    expect((await gaps()).gaps).toMatchObject([{ question: "Where is the printer?", notHelpful: 1 }]);
    await scene.play(deletionOf(helped));
    expect((await gaps()).gaps).toEqual([]);
  });

  function plan(weekday: number): GapReportPlan {
    return {
      ...{ tenantId: DEFAULT_TENANT, weekday, minute: 0, timeZone: "UTC", lateMs: 5 },
      channel: () => scene.at("team"),
    };
  }

  /** Two processes that look at the same time. */
  async function lookTwice(weekday: number, nowMs: number): Promise<void> {
    const stopping = new AbortController();
    const { withStores } = database;
    const clock = { now: () => new Date(nowMs) };
    const queue = { enqueue: () => Promise.resolve() };
    const deps = { withStores, queue, clock, newId, logger: silentLogger, botName: "Deskhand", plan: plan(weekday) };
    const running = [1, 2].map(() => runGapReport(deps, stopping.signal));
    await new Promise((resolve) => setTimeout(resolve, 300));
    stopping.abort();
    await Promise.all(running);
  }

  const posted = async () =>
    (await query<{ reply: unknown }>("select reply from delivery where cause_type = 'timer' order by seq")).rows;

  it("are reported once a week by any number of processes, from the first week on that was wished for", async () => {
    const midnightMs = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS;
    const weekday = new Date(midnightMs).getUTCDay() || 7;
    await lookTwice(weekday, Date.now());
    expect(await posted()).toEqual([]);
    await ask("ana", "Unknown: where do I get a new badge?");
    await lookTwice(weekday, midnightMs + 60_000);
    await lookTwice(weekday, midnightMs + DAY_MS);
    const first = await posted();
    expect(first).toHaveLength(1);
    expect(JSON.stringify(first)).toContain("where do I get a new badge");
    // Nothing ran for more than a week: what was due last is posted late, and says that there was nothing.
    await lookTwice(weekday, midnightMs + 16 * DAY_MS);
    const second = await posted();
    expect(second).toHaveLength(2);
    expect(JSON.stringify(second[1])).toContain("No question went unanswered");
  });

  it("are not reported at once where that is switched on again, or its day changed, but from the next time on", async () => {
    const midnightMs = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS;
    const weekday = new Date(midnightMs).getUTCDay() || 7;
    await lookTwice(weekday, Date.now());
    await lookTwice(weekday, midnightMs + DAY_MS);
    expect(await posted()).toHaveLength(1);
    await lookTwice((weekday % 7) + 1, midnightMs + 2 * DAY_MS);
    expect(await posted()).toHaveLength(1);
    await lookTwice((weekday % 7) + 1, midnightMs + 9 * DAY_MS);
    expect(await posted()).toHaveLength(2);
    await lookTwice(weekday, midnightMs + 71 * DAY_MS);
    expect(await posted()).toHaveLength(2);
    await lookTwice(weekday, midnightMs + 78 * DAY_MS);
    expect(await posted()).toHaveLength(3);
  });
});
