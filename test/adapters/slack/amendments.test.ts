import { describe, expect, it } from "vitest";
import type { SlackScene } from "./slack-scene.js";
import { openSlackScene } from "./slack-scene.js";

/** What was stored, but for whose it is. */
function stored({ inbox }: SlackScene) {
  return inbox.events.map((event) => [event.kind, "text" in event ? event.text : null]);
}

describe.each(["http", "socket"] as const)("what comes after a message, by %s", (transport) => {
  it("is an edit of that message, in its conversation, and each edit one event", async () => {
    await using scene = await openSlackScene({ transport });
    const { slack, inbox } = scene;
    const asked = slack.mention("Anna", "C0GENERAL", "When do you opne?");
    await slack.settled();

    slack.people.edit("Anna", asked, "@Deskhand When do you open?");
    slack.people.edit("Anna", asked, "@Deskhand When do you close?");
    await slack.settled();

    expect(stored(scene)).toEqual([
      ["message", "When do you opne?"],
      ["edit", "When do you open?"],
      ["edit", "When do you close?"],
    ]);
    const [message, ...edits] = inbox.events;
    for (const edit of edits) {
      const { conversation, channelId, messageId, author, audience } = message!;
      expect(edit).toMatchObject({ conversation, channelId, messageId, author, audience, addressesBot: true });
      expect(edit.revision).toBeGreaterThan(0);
      expect(edit.occurredAt.getTime()).toBeGreaterThan(message!.occurredAt.getTime());
    }
  });

  it("is a deletion, also where answers below leave a tombstone", async () => {
    await using scene = await openSlackScene({ transport });
    const { slack, inbox } = scene;
    const asked = slack.mention("Anna", "C0GENERAL", "When do you open?");
    await slack.settled();
    const more = slack.say("Anna", "C0GENERAL", "And on Sundays?", { thread: asked.ts });
    await slack.settled();

    slack.people.remove("Anna", more);
    slack.people.removeRoot("Anna", asked);
    await slack.settled();

    expect(inbox.events.slice(2)).toMatchObject([
      { kind: "deletion", messageId: more.ts, author: { displayName: "Anna" } },
      { kind: "deletion", messageId: asked.ts, author: { displayName: "Anna" } },
    ]);
    expect(new Set(inbox.events.map(({ conversation }) => conversation.key)).size).toBe(1);
  });
});

describe("what is told like an edit", () => {
  it("is nothing when a link was unfurled, or the words are the same", async () => {
    await using scene = await openSlackScene();
    const { slack } = scene;
    const asked = slack.mention("Anna", "C0GENERAL", "Is https://example.com yours?");
    await slack.settled();

    slack.people.unfurl(asked);
    slack.people.edit("Anna", asked, "@Deskhand Is https://example.com yours?");
    await slack.settled();

    expect(stored(scene)).toHaveLength(1);
    expect(slack.deliveries.every(({ attempts }) => attempts.at(-1)?.isAcknowledged === true)).toBe(true);
  });

  it("is nothing where the bot takes no part, unless the edit calls it", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox } = scene;
    const talk = slack.say("Anna", "C0GENERAL", "When do they open?");
    await slack.settled();

    slack.people.edit("Anna", talk, "When do they close?");
    await slack.settled();
    expect(inbox.events).toEqual([]);
    slack.people.edit("Anna", talk, "@Deskhand when do they close?");
    await slack.settled();
    expect(inbox.events).toMatchObject([{ kind: "edit", text: "when do they close?", addressesBot: true }]);
  });

  it("is nothing when the bot changes or deletes its own message, or another robot does", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox, surface } = scene;
    slack.mention("Anna", "C0GENERAL", "When do you open?");
    await slack.settled();
    const signal = new AbortController().signal;
    const speaker = { role: "bot", name: "Deskhand" } as const;
    const reply = { blocks: [], citations: [], actions: [] };
    const message = { to: inbox.events[0]!.conversation, deliveryId: "d", speaker, reply, part: 0 };
    const { platformId } = await surface.adapter.post(message, signal);
    await surface.adapter.edit(message, platformId, signal);
    await surface.adapter.delete(message.to, platformId, signal);
    const robot = slack.say("Other robot", "C0GENERAL", "@Deskhand status report");
    slack.people.edit("Other robot", robot, "@Deskhand another report");
    await slack.settled();

    expect(inbox.events).toHaveLength(1);
  });

  it("is stored once, however often Slack delivers it", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox } = scene;
    const asked = slack.direct("Anna", "When do you opne?");
    await slack.settled();
    inbox.failures = 1;
    slack.people.edit("Anna", asked, "When do you open?");
    await slack.settled();

    expect(inbox.events.filter(({ kind }) => kind === "edit")).toHaveLength(1);
  });
});
