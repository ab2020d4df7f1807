import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adam, ana, cora } from "../../fakes/teams/people.js";
import { AGENTS, HOME_TENANT, INSTALLATION, openTeams, SUPPORT, type TeamsHarness } from "./teams-harness.js";

let teams: TeamsHarness;
beforeEach(async () => {
  teams = await openTeams();
});
afterEach(async () => teams[Symbol.asyncDispose]());

describe("what Teams delivers becomes an event", () => {
  it("takes a direct message as a question", async () => {
    const { status } = await teams.fake.direct(cora, "How do I reset it?");

    expect(status).toBe(200);
    expect(teams.accepted).toMatchObject([
      {
        kind: "message",
        text: "How do I reset it?",
        addressesBot: true,
        conversation: { installationId: INSTALLATION, key: "a:29:cora" },
        channelId: "a:29:cora",
        revision: 0,
        author: { id: cora.aadObjectId, displayName: "Cora Customer", role: "customer", isBot: false },
        audience: ["public", "staff"],
      },
    ]);
  });

  it("takes a mention in a channel as a question in the thread that it starts", async () => {
    await teams.fake.mention(cora, SUPPORT, "How do I <at>Bob</at> &amp; reset it?");

    const [event] = teams.accepted;
    expect(event).toMatchObject({ kind: "message", text: "How do I Bob & reset it?", addressesBot: true });
    expect(event?.conversation.key).toBe(`${SUPPORT};messageid=${event?.messageId}`);
    expect(event?.channelId).toBe(SUPPORT);
  });

  it("takes an unaddressed message only in a thread that the bot takes part in", async () => {
    const thread = `${SUPPORT};messageid=1`;
    await teams.fake.say(cora, thread, "before");
    teams.takesPartIn.add(thread);
    await teams.fake.say(cora, thread, "after");

    expect(teams.accepted).toMatchObject([{ kind: "message", text: "after", addressesBot: false }]);
  });

  it("takes a file without a word or a mention in a thread that the bot takes part in", async () => {
    const thread = `${SUPPORT};messageid=1`;
    const image = { contentType: "image/png", contentUrl: `${teams.fake.serviceUrl}v3/attachments/1/views/original` };
    await teams.fake.say(cora, thread, "", { attachments: [image] });
    teams.takesPartIn.add(thread);
    await teams.fake.say(cora, thread, "", { attachments: [image] });

    expect(teams.accepted).toMatchObject([{ kind: "message", text: "", addressesBot: false, files: [{}] }]);
  });

  it("takes what looks like a command for words when a file comes with it", async () => {
    const image = { contentType: "image/png", contentUrl: `${teams.fake.serviceUrl}v3/attachments/1/views/original` };
    await teams.fake.direct(cora, "help", { attachments: [image] });

    expect(teams.accepted).toMatchObject([{ kind: "message", text: "help", files: [{}] }]);
  });

  it("does not answer what is said in a group chat to others", async () => {
    const chat = teams.fake.addConversation("19:group@thread.v2", "groupChat", [cora]);
    teams.takesPartIn.add(chat);
    await teams.fake.say(cora, chat, "Lunch?");
    await teams.fake.mention(cora, chat, "How do I reset it?");

    expect(teams.accepted).toMatchObject([{ addressesBot: false }, { addressesBot: true }]);
  });

  it("takes words in an agents' thread as a reply, and as a note when they are marked as one", async () => {
    const thread = `${AGENTS};messageid=7`;
    for (const text of ["Hold the button.", "note: she is angry", "// NOTE to self", "Note:again"]) {
      await teams.fake.say(ana, thread, text);
    }

    expect(teams.accepted).toMatchObject([
      { kind: "message", text: "Hold the button.", author: { role: "agent", id: ana.aadObjectId } },
      { kind: "note", text: "she is angry" },
      { kind: "note", text: "NOTE to self" },
      { kind: "note", text: "again" },
    ]);
    expect(teams.accepted.every(({ mayBeUnderCard }) => mayBeUnderCard === true)).toBe(true);
  });

  it("tells a post in the agents' channel from an answer below one", async () => {
    await teams.fake.mention(ana, AGENTS, "How do I reset it?");
    await teams.fake.mention(ana, SUPPORT, "How do I reset it?");

    expect(teams.accepted.map(({ mayBeUnderCard }) => mayBeUnderCard ?? false)).toEqual([false, false]);
  });

  it.each([
    ["kb sync docs", "kb sync docs"],
    ["/kb status", "kb status"],
    ["HELP", "HELP"],
    ["", "help"],
    ["explain 0199a000-0000-7000-8000-000000000001", "explain 0199a000-0000-7000-8000-000000000001"],
  ])("takes %j after a mention as a command", async (text, line) => {
    await teams.fake.mention(adam, SUPPORT, text);

    expect(teams.accepted).toMatchObject([{ kind: "command", line, author: { role: "admin" } }]);
    expect(teams.accepted[0]).not.toHaveProperty("isPrivate");
    await teams.fake.direct(adam, text);
    expect(teams.accepted[1]).toMatchObject({ kind: "command", line, isPrivate: true });
  });

  it.each(["explain how refunds work", "help me with my order", "kb is what?", "doctor appointments, how?"])(
    "takes %j as a question",
    async (text) => {
      await teams.fake.direct(cora, text);

      expect(teams.accepted).toMatchObject([{ kind: "message", text }]);
    },
  );

  it("tells two messages of the same id in different conversations apart, and a redelivery not", async () => {
    const activity = { id: "1700000000000" };
    await teams.fake.direct(cora, "one", activity);
    await teams.fake.direct(cora, "one", activity);
    await teams.fake.direct(ana, "one", activity);

    const [first, again, other] = teams.accepted.map(({ eventId }) => eventId);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it.each([
    ["a bot", { from: { id: "28:other-bot", name: "Bot" } }],
    ["what says that it is a bot", { from: { id: "29:x", name: "Bot", role: "bot" } }],
    ["a change of members", { type: "conversationUpdate", text: undefined }],
    ["a reaction", { type: "messageReaction", text: undefined }],
    ["a change of a message that is no edit", { type: "messageUpdate", channelData: { eventType: "renamed" } }],
    ["a deletion where it takes no part", { type: "messageDelete", channelData: { eventType: "softDeleteMessage" } }],
    ["nobody", { from: undefined }],
  ])("acknowledges %s and stores nothing", async (_what, changes) => {
    const { status } = await teams.fake.direct(cora, "hello", changes);

    expect(status).toBe(200);
    expect(teams.accepted).toEqual([]);
  });

  it.each([
    ["like", "👍"],
    ["heart", "❤️"],
    ["1f64f_foldedhands", "🙏"],
    ["2705_whiteheavycheckmark", "✅"],
  ])("takes the reaction %j on a message as %s, and its being taken back", async (type, emoji) => {
    teams.takesPartIn.add("a:29:cora");
    const reacted = { type: "messageReaction", text: undefined, replyToId: "17" };
    await teams.fake.direct(cora, "", { ...reacted, reactionsAdded: [{ type }] });
    await teams.fake.direct(cora, "", { ...reacted, reactionsRemoved: [{ type }] });

    expect(teams.accepted).toMatchObject([
      { kind: "reaction", emoji, isAdded: true, messageId: "17", conversation: { key: "a:29:cora" } },
      { kind: "reaction", emoji, isAdded: false, messageId: "17", author: { id: expect.any(String) as string } },
    ]);
    expect(new Set(teams.accepted.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it("takes in both when one reaction is changed for another", async () => {
    teams.takesPartIn.add("a:29:cora");
    const changed = { reactionsAdded: [{ type: "heart" }], reactionsRemoved: [{ type: "like" }, { type: "angry" }] };
    await teams.fake.direct(cora, "", { type: "messageReaction", text: undefined, replyToId: "17", ...changed });
    expect(teams.accepted).toMatchObject([
      { kind: "reaction", emoji: "❤️", isAdded: true, messageId: "17" },
      { kind: "reaction", emoji: "👍", isAdded: false, messageId: "17" },
    ]);
    expect(new Set(teams.accepted.map(({ eventId, revision }) => `${eventId} ${revision}`)).size).toBe(2);
  });

  it.each(["angry", "sad", "1f44e_thumbsdown", ""])("takes the reaction %j for nothing", async (type) => {
    teams.takesPartIn.add("a:29:cora");
    const reacted = { type: "messageReaction", text: undefined, replyToId: "17", reactionsAdded: [{ type }] };
    await teams.fake.direct(cora, "", reacted);
    await teams.fake.direct(cora, "", { ...reacted, reactionsAdded: [{ type: "like" }], replyToId: undefined });
    expect(teams.accepted).toEqual([]);
  });

  it("keeps where the conversation and the agents' channel are reached", async () => {
    await teams.fake.direct(cora, "hello");

    const { serviceUrl, botId } = teams.fake;
    const address = { serviceUrl, botId, tenantId: HOME_TENANT };
    expect(stored("a:29:cora")).toEqual({ ...address, type: "personal" });
    expect(stored(AGENTS)).toEqual({ ...address, type: "channel" });
  });
});

function stored(key: string): unknown {
  return JSON.parse(teams.addresses.get(`${INSTALLATION}/${key}`) ?? "null");
}
