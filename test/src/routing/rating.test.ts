import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { customerText } from "../../../src/handoff/customer-texts.js";
import type { Author } from "../../../src/ports/chat.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import type { Rating } from "../../../src/ports/ratings.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, messageFrom } from "../../support/events.js";

const HOUR_MS = 3_600_000;
const ASKED = customerText("rate", "en");

describeEachDatabase("rating the help of a person", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let thread: string;
  let handoffId: string;
  let nowMs: number;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    nowMs = Date.now();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function rows<Row extends object>(sql: string): Promise<readonly Row[]> {
    return (await database.withTenant(DEFAULT_TENANT, (db) => db.query<Row>(sql))).rows;
  }

  async function resolved(askRating = true): Promise<void> {
    const timers = { remindMs: null, idleMs: null, reassignMs: null, expireMs: null, settleMs: 24 * HOUR_MS };
    const clock = { now: () => new Date(nowMs) };
    const handoff = { timers, hours: null, askRating };
    scene = await CoreScene.start(database, platform, new ScriptedAnswering(), { handoff, clock });
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    thread = platform.newestThread();
    await write("Hold it.");
    await write("!resolve");
    handoffId = (await rows<{ id: string }>("select id from handoff"))[0]!.id;
  }

  const write = (text: string) => scene.play(messageFrom(ana, scene.at(thread), text));
  const say = (text: string) => scene.play(messageFrom(cora, scene.at("c"), text));
  const asked = () => platform.texts("c").filter((text) => text === ASKED).length;
  const rate = (rating: Rating, author: Author = cora, at = "c") =>
    scene.play(actionFrom(author, scene.at(at), { name: "rate", handoffId, rating }));

  it("is asked for when the customer confirms, and shown to the agents", async () => {
    await resolved();
    expect(asked()).toBe(0);
    await scene.play(actionFrom(cora, scene.at("c"), { name: "solved", handoffId }));
    expect(platform.texts("c").slice(-2)).toEqual([customerText("confirmed", "en"), ASKED]);
    const [posted] = await rows<{ reply: { actions: unknown } }>(
      "select reply from delivery where cause_type = 'handoff' and purpose = 'status'",
    );
    expect(posted?.reply.actions).toEqual([1, 2, 3, 4, 5].map((rating) => ({ name: "rate", handoffId, rating })));

    expect(await rate(4)).toBe("recorded: rated");
    expect(platform.texts(thread).at(-1)).toBe("Cora has rated the help 4 of 5.");
    expect(platform.texts("agents")[0]).toContain("Resolved by Ana. Rated 4 of 5");
    expect(await rows("select rating, agent_id, agent_name from handoff_rating")).toEqual([
      { rating: 4, agent_id: "ana", agent_name: "Ana" },
    ]);
  });

  it("can be changed, and stays on the card whatever becomes of the handoff", async () => {
    await resolved();
    await say("thanks");
    await rate(2);
    expect(await rate(5)).toBe("recorded: rated");
    await write("!reopen");
    expect(platform.texts("agents")[0]).toContain("Claimed by Ana. Rated 5 of 5");
  });

  it("is asked for once, however often the handoff is opened again", async () => {
    await resolved();
    await say("thanks");
    await write("!reopen");
    await write("!resolve");
    await say("thanks");
    expect(asked()).toBe(1);
  });

  it("is asked for after a silence", async () => {
    await resolved();
    nowMs += 25 * HOUR_MS;
    while (asked() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await scene.settled();
    expect(platform.texts("c").at(-1)).toBe(ASKED);
  });

  it("does not hold up another question", async () => {
    await resolved();
    expect(await say("Which colour has the box of the other product?")).toBe("answered: confident");
    expect(asked()).toBe(0);
  });

  it("is not asked for where the house does not want it", async () => {
    await resolved(false);
    await say("thanks");
    expect(asked()).toBe(0);
    expect(await rate(1)).toBe("ignored: over");
  });

  it("is nobody's but the customer's, in their conversation, once they were asked", async () => {
    await resolved();
    expect(await rate(1)).toBe("ignored: over");
    await say("thanks");
    const other = { ...cora, id: "other" };
    expect(await rate(5, other)).toBe("ignored: not-the-customer");
    await scene.play(messageFrom(other, scene.at("elsewhere"), "How?"));
    expect(await rate(5, other, "elsewhere")).toBe("ignored: not-found");
    await scene.play(messageFrom(ana, scene.at("c"), "How?"));
    expect(await rate(5, ana)).toBe("ignored: over");
    expect(await rows("select rating from handoff_rating")).toEqual([{ rating: null }]);
  });

  it("is only of who was helped, and not of who asked something else in the same thread", async () => {
    await resolved();
    const helped = { ...cora, id: "second" };
    await write("!reopen");
    await scene.play(messageFrom(helped, scene.at("c"), "I have that, too."));
    await write("!resolve");
    await say("thanks");
    const other = { ...cora, id: "other" };
    await scene.play(messageFrom(other, scene.at("c"), "Which colour has the box of the other product?"));
    expect(await rate(1, other)).toBe("ignored: not-the-customer");
    expect(await rate(4, helped)).toBe("recorded: rated");
    expect(await rate(5)).toBe("recorded: rated");
    expect(await rows("select rating from handoff_rating")).toEqual([{ rating: 5 }]);
  });

  it("is told to the agents once, however often it is pressed", async () => {
    await resolved();
    await say("thanks");
    await rate(4);
    expect(await rate(4)).toBe("recorded: rated");
    await scene.settled();
    expect(platform.texts(thread).filter((text) => text.includes("has rated"))).toHaveLength(1);
    await rate(5);
    expect(platform.texts(thread).filter((text) => text.includes("has rated"))).toHaveLength(2);
  });

  const sayWhy = (words: string, author: Author = cora) =>
    scene.play(actionFrom(author, scene.at("c"), { name: "say-why", handoffId, words }));
  const askedWhy = () => platform.texts("c").filter((text) => text === customerText("sayWhy", "en")).length;

  it("may be explained in words, which agents read and which never swallow a question", async () => {
    await resolved();
    await say("thanks");
    expect(await sayWhy("Too early.")).toBe("ignored: over");
    await rate(2);
    await rate(3);
    expect(askedWhy()).toBe(1);
    expect(await say("Which colour has the box of the other product?")).toBe("answered: confident");
    expect(await sayWhy("  Slow. ")).toBe("recorded: rated");
    expect(platform.texts(thread).at(-1)).toBe("Cora says of the rating:\n\nSlow.");
    expect(await sayWhy("Slow, but kind.")).toBe("recorded: rated");
    expect(await sayWhy("Slow, but kind.")).toBe("recorded: rated");
    expect(platform.texts(thread).filter((text) => text.includes("says of the rating"))).toHaveLength(2);
    expect(await sayWhy("   ")).toBe("ignored: empty");
    expect(await rows("select rating, words from handoff_rating")).toEqual([{ rating: 3, words: "Slow, but kind." }]);
    const { handoff } = await database.withStores(DEFAULT_TENANT, ({ reports }) =>
      reports.transcript(handoffId, { limit: 9, isForCustomer: false }),
    );
    expect(handoff).toMatchObject({ rating: 3, ratingWords: "Slow, but kind." });
  });

  it("keeps no credential and no card of those words, anywhere", async () => {
    await resolved();
    await say("thanks");
    await rate(1);
    const key = ["AKIA", "ABCDEFGHIJKLMNOP"].join("");
    await sayWhy(`I sent ${key} and 4111 1111 1111 1111.`);
    const [kept] = await rows<{ words: string }>("select words from handoff_rating");
    expect(kept?.words).toMatch(/^I sent \(credential\) and \S+ 1111\.$/u);
    expect(platform.texts(thread).join()).not.toMatch(/AKIA|4111/u);
    expect(JSON.stringify(await rows("select payload from inbox"))).not.toMatch(/AKIA|4111 1111/u);
  });

  it("is explained by whoever may rate", async () => {
    await resolved();
    await say("thanks");
    await rate(1);
    const other = { ...cora, id: "other" };
    expect(await sayWhy("Bad.", other)).toBe("ignored: not-the-customer");
    await scene.play(messageFrom(other, scene.at("c"), "Which colour has the box of the other product?"));
    expect(await sayWhy("Bad.", other)).toBe("ignored: not-the-customer");
  });
});
