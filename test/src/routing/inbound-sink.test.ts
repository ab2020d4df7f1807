import { expect, it } from "vitest";
import type { InboundEvent, Role } from "../../../src/ports/chat.js";
import { createInboundSink } from "../../../src/routing/inbound-sink.js";
import { silentLogger } from "../../support/silent-logger.js";

async function storedAs(role: Role, line: string): Promise<InboundEvent | undefined> {
  const stored: InboundEvent[] = [];
  const sink = createInboundSink({
    coordination: {
      acceptEvent: (event) => {
        stored.push(event);
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
  await sink.accept({ ...envelope, kind: "command", line }, new AbortController().signal);
  return stored[0];
}

it('takes a customer who says no more than "explain" for somebody who asks, and the team for whoever means the command', async () => {
  await expect(storedAs("customer", "Explain")).resolves.toMatchObject({ kind: "message", text: "Explain" });
  await expect(storedAs("agent", "explain")).resolves.toMatchObject({ kind: "command", line: "explain" });
  await expect(storedAs("customer", "help")).resolves.toMatchObject({ kind: "command", line: "help" });
});
