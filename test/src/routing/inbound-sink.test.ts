import { expect, it } from "vitest";
import type { ActionEvent, CommandEvent, InboundEvent, Role } from "../../../src/ports/chat.js";
import { createInboundSink } from "../../../src/routing/inbound-sink.js";
import { silentLogger } from "../../support/silent-logger.js";

function storedAs(role: Role, line: string): Promise<InboundEvent | undefined> {
  return stored(role, { kind: "command", line });
}

type Said = Pick<CommandEvent, "kind" | "line"> | Pick<ActionEvent, "kind" | "action">;

async function stored(role: Role, said: Said): Promise<InboundEvent | undefined> {
  const kept: InboundEvent[] = [];
  const sink = createInboundSink({
    coordination: {
      acceptEvent: (event) => {
        kept.push(event);
        return Promise.resolve({ inboxId: "i", conversationId: "c", duplicate: false });
      },
    },
    queue: { enqueue: () => Promise.resolve() },
    fairShare: { take: () => 1 },
    metrics: { eventAccepted: () => undefined },
    logger: silentLogger,
    failpoint: () => Promise.resolve(),
  });
  const author = { id: "U1", displayName: "Ada", role, isBot: false };
  const place = { conversation: { installationId: "i", key: "k" }, channelId: "k", audience: ["public"] };
  const envelope = { ...place, eventId: "e", messageId: "m", revision: 0, occurredAt: new Date(), author };
  await sink.accept({ ...envelope, ...said }, new AbortController().signal);
  return kept[0];
}

it('takes a customer who says no more than "explain" for somebody who asks, and the team for whoever means the command', async () => {
  await expect(storedAs("customer", "Explain")).resolves.toMatchObject({ kind: "message", text: "Explain" });
  await expect(storedAs("agent", "explain")).resolves.toMatchObject({ kind: "command", line: "explain" });
  await expect(storedAs("customer", "gaps")).resolves.toMatchObject({ kind: "message", text: "gaps" });
  await expect(storedAs("admin", "gaps")).resolves.toMatchObject({ kind: "command", line: "gaps" });
  await expect(storedAs("customer", "help")).resolves.toMatchObject({ kind: "command", line: "help" });
});

it("keeps no card and no credential of what somebody says is wrong with an answer", async () => {
  const key = ["sk-proj", "abcdefghijklmnopqrst1234567890"].join("-");
  const words = `My key ${key} and card 4111 1111 1111 1111`;
  const action = { name: "fault-words", answerId: "a", words } as const;
  await expect(stored("customer", { kind: "action", action })).resolves.toMatchObject({
    action: { words: expect.stringMatching(/^My key \(credential\) and card \S+ 1111$/u) as string },
  });
});
