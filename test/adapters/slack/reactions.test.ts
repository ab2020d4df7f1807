import { expect, it } from "vitest";
import type { ConversationRef } from "../../../src/ports/chat.js";
import { newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import { openSlackScene, type SlackScene } from "./slack-scene.js";

/** A scene in which the bot has relayed something into Anna's thread, and whoever asks is told so. */
async function relayedScene(transport: "http" | "socket" = "http") {
  const asked: string[] = [];
  const where: { ref: ConversationRef | null } = { ref: null };
  const scene = await openSlackScene({
    transport,
    deps: {
      participation: {
        takesPartIn: () => Promise.resolve(true),
        relayedIn: (_, channel, ts) => {
          asked.push(`${channel}:${ts}`);
          return Promise.resolve(where.ref);
        },
      },
    },
  });
  const to = scene.thread();
  where.ref = to;
  const speaker = { role: "agent", name: "Ben" } as const;
  const message = { to, deliveryId: newId(), speaker, reply: plainReply("Press it."), part: 0 };
  const { platformId } = await scene.surface.adapter.post(message, new AbortController().signal);
  await scene.slack.settled();
  scene.inbox.events.length = 0;
  return { scene, where, asked, to, at: { channel: "C0GENERAL", ts: platformId } };
}

const reactions = ({ inbox }: SlackScene) => inbox.events.filter(({ kind }) => kind === "reaction");

it.each(["http", "socket"] as const)("a reaction on what was relayed is one event, by %s", async (transport) => {
  const { scene, at, to } = await relayedScene(transport);
  await using running = scene;
  const { slack } = running;
  const [delivery] = slack.people.react("Anna", at, "+1::skin-tone-4");
  await slack.settled();
  if (delivery !== undefined) slack.redeliver(delivery);
  slack.people.unreact("Anna", at, "+1::skin-tone-4");
  await slack.settled();

  // The inbox keeps a redelivery once: it has the same id.
  const found = reactions(scene);
  expect(found).toMatchObject([
    { emoji: "👍", isAdded: true, messageId: at.ts, conversation: to, channelId: "C0GENERAL" },
    { emoji: "👍", isAdded: false, author: { id: "U0ANNA", displayName: "Anna", role: "customer", isBot: false } },
  ]);
  const [first, taken] = found;
  expect(taken?.eventId).not.toBe(first?.eventId);
  expect(taken?.revision).not.toBe(first?.revision);
});

it("other emoji, others' messages and what was not relayed are nobody's acknowledgement", async () => {
  const { scene, where, asked, at } = await relayedScene();
  await using running = scene;
  const { slack } = running;
  slack.people.react("Anna", at, "thumbsdown");
  slack.people.react("Ben", slack.say("Anna", "C0GENERAL", "Hello?", { thread: at.ts }), "+1");
  await slack.settled();
  expect(asked).toEqual([]);

  where.ref = null;
  slack.people.react("Anna", at, "+1");
  await slack.settled();
  expect(asked).toEqual([`${at.channel}:${at.ts}`]);
  expect(reactions(scene)).toEqual([]);
});
