import { describe, expect, it } from "vitest";
import { openSlackScene, outgoing } from "./slack-scene.js";

for (const transport of ["http", "socket"] as const) {
  describe(`messages over ${transport === "http" ? "HTTP" : "Socket Mode"}`, () => {
    it("takes a mention and the message it is in for one event, in plain words", async () => {
      await using scene = await openSlackScene({ transport });

      const said = scene.slack.mention("Anna", "C0GENERAL", "When do you open & close <soon>?");
      await said.acknowledged();

      expect(said.deliveries).toHaveLength(2);
      expect(scene.inbox.events).toEqual([
        {
          kind: "message",
          text: "When do you open & close <soon>?",
          addressesBot: true,
          eventId: `message:C0GENERAL:${said.ts}`,
          conversation: { installationId: scene.installationId, key: `C0GENERAL:${said.ts}` },
          channelId: "C0GENERAL",
          messageId: said.ts,
          revision: 0,
          occurredAt: new Date(Math.round(Number(said.ts) * 1_000)),
          author: { id: "U0ANNA", displayName: "Anna", role: "customer", isBot: false, emailDomain: "acme.test" },
          audience: ["public", "staff"],
        },
      ]);
    });

    it("acknowledges only what was stored, so that Slack brings the rest again", async () => {
      await using scene = await openSlackScene({ transport, fake: { acknowledgeWithinMs: 400 } });
      scene.inbox.failures = 2;

      const said = scene.slack.direct("Anna", "When do you open?");
      const [last] = await said.acknowledged();

      expect(last).toMatchObject({ isAcknowledged: true, retryNumber: 2 });
      expect(said.deliveries[0]?.attempts.map(({ isAcknowledged }) => isAcknowledged)).toEqual([false, false, true]);
      expect(scene.inbox.events).toHaveLength(1);
    });

    it("takes in only one of an event that comes again", async () => {
      await using scene = await openSlackScene({ transport });
      const said = scene.slack.direct("Anna", "When do you open?");
      await said.acknowledged();

      await scene.slack.redeliver(said.deliveries[0]!).outcome;

      expect(scene.inbox.events).toHaveLength(1);
    });
  });
}

describe("what is taken in", () => {
  it("takes what looks like a command for words when a file comes with it", async () => {
    await using scene = await openSlackScene();
    const file = { name: "till.png", mediaType: "image/png", bytes: Buffer.from("x") };

    await scene.slack.direct("Anna", "help", { files: [file] }).acknowledged();

    expect(scene.inbox.events).toMatchObject([{ kind: "message", text: "help", files: [{ name: "till.png" }] }]);
  });

  it("leaves other people's talk alone, but not a thread that the bot takes part in", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox } = scene;
    const talk = slack.say("Anna", "C0GENERAL", "Lunch?");
    slack.say("Ben", "C0GENERAL", "Yes!", { thread: talk.ts });
    const asked = slack.mention("Anna", "C0GENERAL", "When do you open?");
    await slack.settled();

    slack.say("Anna", "C0GENERAL", "And on Sundays?", { thread: asked.ts });
    slack.say("Anna", "C0GENERAL", "@Ben do you know?", { thread: asked.ts });
    await slack.settled();

    expect(inbox.events.map((event) => "text" in event && event.text)).toEqual([
      "When do you open?",
      "And on Sundays?",
      expect.stringContaining("do you know?"),
    ]);
    // The router lets the last one alone, unless a person has the conversation: then it is theirs to read.
    expect(inbox.events.map((event) => "addressesBot" in event && event.addressesBot)).toEqual([true, false, false]);
    expect(inbox.events.at(-1)).toMatchObject({ addressesOthers: true });
    expect(new Set(inbox.events.map(({ conversation }) => conversation.key)).size).toBe(1);
  });

  it("ignores its own messages and other bots", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox, surface } = scene;
    slack.direct("Anna", "When do you open?");
    await slack.settled();
    const conversation = inbox.events[0]!.conversation;
    await surface.adapter.post(
      {
        to: conversation,
        deliveryId: "d",
        speaker: { role: "bot", name: "Deskhand" },
        reply: { blocks: [], citations: [], actions: [] },
        part: 0,
      },
      new AbortController().signal,
    );
    slack.say("Other robot", "C0GENERAL", "@Deskhand status report");
    await slack.settled();

    expect(inbox.events).toHaveLength(1);
    expect(slack.deliveries.every(({ attempts }) => attempts.at(-1)?.isAcknowledged === true)).toBe(true);
  });

  it("gives people from another organisation only what is public, and no part in the agents' work", async () => {
    await using scene = await openSlackScene({ deps: { agentsChannel: "C0PARTNERS" } });

    await scene.slack.mention("Eve", "C0PARTNERS", "What do you pay your staff?").acknowledged();
    await scene.slack.mention("Anna", "C0PARTNERS", "What do you pay your staff?").acknowledged();

    expect(scene.inbox.events.map(({ author, audience }) => [author.displayName, author.role, audience])).toEqual([
      ["Eve", "customer", ["public"]],
      // Eve reads the answer, too.
      ["Anna", "agent", ["public"]],
    ]);
  });

  it("says of a command whether others read the reply", async () => {
    await using scene = await openSlackScene();
    await scene.slack.direct("Anna", "kb status").acknowledged();
    await scene.slack.mention("Anna", "C0GENERAL", "kb status").acknowledged();
    const seen = scene.inbox.events.map((event) => event.kind === "command" && (event.isPrivate ?? false));
    expect(seen).toEqual([true, false]);
  });

  it("reads commands, questions that only look like one, and notes in the agents' threads", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox } = scene;
    slack.direct("Carla", "kb  sync docs");
    await slack.settled();
    slack.direct("Carla", "/kb sync docs");
    await slack.settled();
    slack.direct("Anna", "help me with my invoice");
    await slack.settled();
    const card = slack.mention("Ben", "C0AGENTS", "kb status");
    await slack.settled();
    slack.say("Ben", "C0AGENTS", "Note: she called before", { thread: card.ts });
    slack.say("Ben", "C0AGENTS", "We open at nine.", { thread: card.ts });
    await slack.settled();

    expect(
      inbox.events.map((event) => [event.kind, "line" in event ? event.line : "text" in event && event.text]),
    ).toEqual([
      ["command", "kb  sync docs"],
      ["message", "/kb sync docs"],
      ["message", "help me with my invoice"],
      ["command", "kb status"],
      ["note", "she called before"],
      ["message", "We open at nine."],
    ]);
    expect(inbox.events.map(({ author }) => author.role)).toEqual([
      "admin",
      "admin",
      "customer",
      "agent",
      "agent",
      "agent",
    ]);
  });

  it("takes in what agents write below a post of the bot's before anybody knows its thread", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox, surface, installationId } = scene;
    const channel = { installationId, key: "C0AGENTS" };
    const card = await surface.adapter.post(outgoing(channel, "Anna asks"), new AbortController().signal);
    const other = slack.say("Ben", "C0AGENTS", "Lunch?");
    slack.say("Ben", "C0AGENTS", "We open at nine.", { thread: card.platformId });
    slack.say("Ben", "C0AGENTS", "note: she called before", { thread: card.platformId });
    slack.say("Ben", "C0AGENTS", "Yes.", { thread: other.ts });
    await slack.settled();

    const key = `C0AGENTS:${card.platformId}`;
    expect(inbox.events).toMatchObject([
      { kind: "message", text: "We open at nine.", mayBeUnderCard: true, conversation: { key } },
      { kind: "note", text: "she called before", mayBeUnderCard: true, conversation: { key } },
    ]);
  });

  it("names somebody only by a placeholder while Slack does not tell who it is", async () => {
    await using scene = await openSlackScene();
    scene.slack.faults.next("users.info", { kind: "status", status: 500 });

    await scene.slack.direct("Anna", "When do you open?").acknowledged();

    expect(scene.inbox.events[0]?.author.displayName).toBe("Slack user");
  });
});
