import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import { NO_LIMITS, type BudgetLimits } from "../../../src/ports/budgets.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { openTestDatabase } from "../../support/database.js";
import { ana, cora, deletionOf, messageFrom } from "../../support/events.js";

const WAIT = "That's more questions than I can answer at once. Please wait a minute, then ask again.";

describe("somebody who asks more than a budget lets them", () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const start = (answering: ScriptedAnswering, person: BudgetLimits["person"]) =>
    CoreScene.start(database, new RecordingPlatform(), answering, { budget: { ...NO_LIMITS, person } });

  it("is told so once, whichever conversations they ask in, and then nothing", async () => {
    const answering = new ScriptedAnswering();
    await using scene = await start(answering, { perMinute: 2, perDay: null });
    const outcomes: string[] = [];
    for (const key of ["a", "b", "c", "d", "c"]) {
      outcomes.push(await scene.play(messageFrom(cora, scene.at(key), `How ${key}?`)));
    }
    expect(outcomes.slice(0, 2)).toEqual(["answered: confident", "answered: confident"]);
    expect(outcomes.slice(2)).toEqual(Array.from({ length: 3 }, () => "ignored: budget-spent"));
    expect(scene.platform.texts("c")).toEqual([WAIT]);
    expect(scene.platform.texts("d")).toEqual([]);
    expect(answering.questions).toEqual(["How a?", "How b?"]);
  });

  it("still gets a person by asking for one, and others are answered", async () => {
    const answering = new ScriptedAnswering();
    await using scene = await start(answering, { perMinute: 1, perDay: null });
    await scene.play(messageFrom(cora, scene.at("a"), "How?"));
    expect(await scene.play(messageFrom(cora, scene.at("b"), "I want to talk to a human"))).not.toContain("ignored");
    expect(await scene.play(messageFrom(ana, scene.at("c"), "How?"))).toBe("answered: confident");
  });

  it("is told so, too, when they asked for a person in between", async () => {
    await using scene = await start(new ScriptedAnswering(), { perMinute: 1, perDay: null });
    await scene.play(messageFrom(cora, scene.at("a"), "How?"));
    await scene.play(messageFrom(cora, scene.at("b"), "I want to talk to a human"));
    await scene.play(messageFrom(cora, scene.at("c"), "How on?"));
    expect(scene.platform.texts("c")).toEqual([WAIT]);
  });

  it("has nothing in the transcript any more of what they delete, and is not answered for it", async () => {
    await using scene = await start(new ScriptedAnswering(), { perMinute: 1, perDay: null });
    await scene.play(messageFrom(cora, scene.at("a"), "How?"));
    const event = messageFrom(cora, scene.at("b"), "My password is 1234");
    await scene.play(event);
    expect(await scene.play(deletionOf(event))).toBe("recorded: withdrawn");
    const { rows } = await database.withTenant("default", (db) =>
      db.query("select from transcript_entry where body like '%1234%'"),
    );
    expect(rows).toEqual([]);
  });

  it("gives back what was held for an attempt that failed by itself", async () => {
    const inner = new ScriptedAnswering();
    let failures = 0;
    const answering: Answering = {
      answer: (...asked) => ((failures -= 1) < 0 ? inner.answer(...asked) : Promise.reject(new Error("away"))),
    };
    const tenant = { questions: 100, tokens: 1_000, cost: null };
    await using scene = await CoreScene.start(database, new RecordingPlatform(), answering, {
      budget: { ...NO_LIMITS, tenant, hold: { tokens: 400, cost: 0 } },
    });
    const used = async (): Promise<{ questions: number; tokens: number }> => {
      const sql = "select questions::int, tokens::int from budget_use where scope = 'tenant'";
      return (await database.withTenant("default", (db) => db.query<{ questions: number; tokens: number }>(sql)))
        .rows[0]!;
    };
    await scene.play(messageFrom(cora, scene.at("warm-up"), "How?"));
    failures = 3;
    const before = await used();
    expect(await scene.play(messageFrom(cora, scene.at("a"), "How?"))).toBe("answered: confident");
    expect(await used()).toEqual({ questions: before.questions + 1, tokens: before.tokens });
  });

  it("is told in their language, and another text when it is for the day", async () => {
    await using scene = await start(new ScriptedAnswering(), { perMinute: null, perDay: 1 });
    await scene.play(messageFrom(cora, scene.at("a"), "How?"));
    await scene.play(messageFrom(cora, scene.at("b"), "Wie setze ich den Hub auf die Werkseinstellungen zurück?"));
    expect(scene.platform.texts("b")).toEqual([expect.stringContaining("Fragen Sie bitte morgen wieder")]);
  });

  it("is told in the language of the conversation when one word does not tell theirs", async () => {
    await using scene = await start(new ScriptedAnswering(), { perMinute: null, perDay: 1 });
    await scene.play(messageFrom(cora, scene.at("a"), "Wie setze ich den Hub auf die Werkseinstellungen zurück?"));
    await scene.play(messageFrom(cora, scene.at("a"), "Passwort?"));
    expect(scene.platform.texts("a").at(-1)).toContain("Fragen Sie bitte morgen wieder");
  });

  it("has what they wrote in the transcript, for whoever takes over", async () => {
    await using scene = await start(new ScriptedAnswering(), { perMinute: 1, perDay: null });
    await scene.play(messageFrom(cora, scene.at("a"), "How?"));
    const event = messageFrom(cora, scene.at("b"), "My hub is dead");
    await scene.play(event);
    const { rows } = await database.withTenant("default", (db) =>
      db.query<{ body: string }>(
        `select body from transcript_entry where conversation_id =
           (select conversation_id from inbox where event_id = $1) order by speaker desc`,
        [event.eventId],
      ),
    );
    expect(rows.map(({ body }) => body)).toEqual(["My hub is dead", WAIT]);
  });
});
