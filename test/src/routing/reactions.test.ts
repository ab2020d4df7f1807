import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { createHandoffHandlers } from "../../../src/handoff/handoff-handlers.js";
import type { Author, ReactionEvent } from "../../../src/ports/chat.js";
import { systemClock } from "../../../src/ports/clock.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, messageFrom } from "../../support/events.js";
import { NO_TIMERS } from "../../support/handoff-rules.js";
import { planOf } from "../../support/teams.js";

const ben: Author = { ...ana, id: "ben", displayName: "Ben" };

describeEachDatabase("reactions on what was relayed", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let thread: string;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    scene = await CoreScene.start(database, platform, new ScriptedAnswering());
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    thread = platform.newestThread();
    await scene.play(
      messageFrom(ana, scene.at(thread), "Press it for five seconds, then wait until it blinks **twice**, please"),
    );
    await scene.play(messageFrom(cora, scene.at("c"), "I did"));
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function reactionOf(
    author: Author,
    where: string,
    words: string,
    { emoji = "👍", isAdded = true }: Partial<ReactionEvent> = {},
  ): Promise<ReactionEvent> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ platform_id: string }>(
        `select delivery.platform_id from delivery join conversation on conversation.id = delivery.conversation_id
          where conversation.key = $1 and delivery.reply::text like $2 and delivery.operation = 'post' limit 1`,
        [where, `%${words}%`],
      ),
    );
    const messageId = rows[0]?.platform_id ?? "";
    const { conversation, channelId, occurredAt, audience } = messageFrom(author, scene.at(where), "");
    const envelope = { conversation, channelId, occurredAt, audience, author };
    return { ...envelope, kind: "reaction", eventId: newId(), messageId, revision: revision++, emoji, isAdded };
  }
  const react = async (...given: Parameters<typeof reactionOf>) => scene.play(await reactionOf(...given));
  let revision = 1;

  const SHOWN_TO_ANA = "Cora reacted with 👍 to: “Press it for five seconds, then wait until it blinks **twice…”";

  it("is told to whoever wrote it, once for each person, and goes when it is taken back", async () => {
    expect(await react(cora, "c", "Press it")).toBe("relayed: reaction");
    expect(await react(cora, "c", "Press it", { emoji: "❤️" })).toBe("ignored: shown-before");
    expect(platform.texts(thread).filter((text) => text.includes("reacted"))).toEqual([SHOWN_TO_ANA]);

    expect(await react(cora, "c", "Press it", { emoji: "❤️", isAdded: false })).toBe("ignored: not-shown");
    expect(await react(cora, "c", "Press it", { isAdded: false })).toBe("relayed: reaction-taken-back");
    expect(platform.texts(thread).join()).not.toContain("reacted");
    expect(await react(cora, "c", "Press it")).toBe("ignored: shown-before");

    expect(await react(ana, thread, "I did", { emoji: "✅" })).toBe("relayed: reaction");
    expect(await react(ben, thread, "I did")).toBe("relayed: reaction");
    expect(platform.texts("c").filter((text) => text.includes("reacted"))).toEqual([
      "Ana reacted with ✅ to: “I did”",
      "Ben reacted with 👍 to: “I did”",
    ]);
  });

  it("says what is left on the message while anything is", async () => {
    const lines = () => platform.texts(thread).filter((text) => text.includes("reacted"));
    await react(cora, "c", "Press it");
    await react(cora, "c", "Press it", { emoji: "🎉" });
    await react(cora, "c", "Press it", { emoji: "❤️" });
    expect(await react(cora, "c", "Press it", { emoji: "🎉", isAdded: false })).toBe("ignored: not-shown");
    expect(await react(cora, "c", "Press it", { isAdded: false })).toBe("relayed: reaction-changed");
    expect(lines()).toEqual([SHOWN_TO_ANA.replace("👍", "❤️")]);
    expect(await react(cora, "c", "Press it", { emoji: "❤️", isAdded: false })).toBe("relayed: reaction-taken-back");
    expect(lines()).toEqual([]);
    await react(cora, "c", "Press it", { emoji: "👀" });
    expect(await react(cora, "c", "Press it", { emoji: "👀", isAdded: false })).toBe("ignored: not-shown");
  });

  it("is nobody's acknowledgement from somebody else, on anything else, or when the handoff is over", async () => {
    const before = [platform.texts("c"), platform.texts(thread)];
    expect(await react({ ...cora, id: "eve", displayName: "Eve" }, "c", "Press it")).toBe("ignored: not-the-customer");
    expect(await react({ ...ana, role: "customer" }, thread, "I did")).toBe("ignored: not-an-agent");
    expect(await react({ ...ana, isBot: true }, thread, "I did")).toBe("ignored: by-a-bot");
    expect(await react(cora, "c", "passed your question")).toBe("ignored: not-a-relayed-message");
    expect(await react(cora, "c", "nothing like it")).toBe("ignored: not-a-relayed-message");
    expect([platform.texts("c"), platform.texts(thread)]).toEqual(before);

    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ id: string }>("select id from handoff"),
    );
    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId: rows[0]?.id ?? "" }));
    expect(await react(cora, "c", "Press it")).toMatch(/^ignored/u);
    expect(await react(ana, thread, "I did")).toBe("ignored: over");
  });

  const handoffs = async () => {
    const sql = "select id, agent_conversation_id from handoff order by created_at";
    return (
      await database.withTenant(DEFAULT_TENANT, (db) => db.query<{ id: string; agent_conversation_id: string }>(sql))
    ).rows;
  };

  it("is told to those alone who had that handoff, also when an earlier one is opened again", async () => {
    const inFirst = thread;
    const [first] = await handoffs();
    await scene.play(actionFrom(ana, scene.at(inFirst), { name: "resolve", handoffId: first!.id }));
    await scene.play(actionFrom(cora, scene.at("c"), { name: "solved", handoffId: first!.id }));
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown, and something else?"));
    const inSecond = platform.newestThread();
    expect(inSecond).not.toBe(inFirst);
    await scene.play(messageFrom(ben, scene.at(inSecond), "Hold it upside down"));

    expect(await react(cora, "c", "Press it")).toBe("ignored: not-a-relayed-message");
    expect(await react(cora, "c", "upside down")).toBe("relayed: reaction");
    expect(platform.texts(inSecond).filter((text) => text.includes("reacted"))).toHaveLength(1);

    const second = (await handoffs())[1]!;
    await scene.play(actionFrom(ben, scene.at(inSecond), { name: "resolve", handoffId: second.id }));
    await scene.play(actionFrom(cora, scene.at("c"), { name: "solved", handoffId: second.id }));
    await scene.play(actionFrom(ana, scene.at(inFirst), { name: "reopen", handoffId: first!.id }));
    expect(await react(cora, "c", "upside down", { emoji: "🎉" })).toBe("ignored: not-a-relayed-message");
    expect(await react(cora, "c", "Press it")).toBe("relayed: reaction");
    expect(platform.texts(inFirst).filter((text) => text.includes("reacted"))).toEqual([SHOWN_TO_ANA]);
  });

  it("follows the handoff to another team, where those whom it has left are not heard any more", async () => {
    const teams = planOf([{ name: "desk", hours: null }], []);
    scene = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), scene, { handoff: { teams } });
    scene.agentsChannel = (team) => scene.at(`agents-${team ?? "nobody"}`);
    const [before] = await handoffs();
    await scene.play(messageFrom(ana, scene.at(thread), "!team desk"));
    const inTeam = platform.newestThread("agents-desk");
    expect(await react(cora, "c", "Press it")).toBe("relayed: reaction");
    expect(platform.texts(inTeam)).toContain(SHOWN_TO_ANA);
    expect(await react(ana, thread, "I did")).toBe("ignored: not-addressed");

    // It went between the routing and the commit.
    const event = await reactionOf(ana, thread, "I did");
    const lease = { tenantId: DEFAULT_TENANT, conversationId: before!.agent_conversation_id, platform: "web" } as const;
    const cause = { type: "event", id: newId() } as const;
    const context = {
      lease: { ...lease, conversation: event.conversation, fence: 1n },
      event,
      cause,
      inboxId: cause.id,
    };
    const agentsChannel = () => scene.at("agents");
    const rules = { ...NO_TIMERS, botName: "Deskhand", clock: systemClock, newId, agentsChannel };
    const { acknowledge } = createHandoffHandlers(rules, () => platform);
    const late = database.withStores(DEFAULT_TENANT, async (stores) =>
      acknowledge(context, await stores.handoffs.lock(before!.id))(stores),
    );
    await expect(late).resolves.toMatchObject({ outcome: { kind: "ignored" }, wake: [] });
  });
});
