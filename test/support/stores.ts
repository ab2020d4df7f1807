import type { MessageEvent } from "../../src/ports/chat.js";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import { plainReply } from "../../src/ports/reply.js";
import type { Lease, NewDelivery } from "../../src/ports/stores.js";

/** A customer's message; what the test does not name does not matter to it. */
export function messageFrom(
  installationId: string,
  parts: Partial<MessageEvent> & { key?: string } = {},
): MessageEvent {
  const { key = "thread-1", ...fields } = parts;
  const id = newId();
  return {
    kind: "message",
    eventId: id,
    conversation: { installationId, key },
    channelId: "channel-1",
    messageId: id,
    revision: 0,
    occurredAt: new Date("2026-03-01T10:00:00.000Z"),
    author: { id: "customer-1", displayName: "Ada", role: "customer", isBot: false },
    audience: ["public"],
    text: "How do I reset it?",
    addressesBot: true,
    ...fields,
  };
}

export async function installationOf(database: OpenDatabase, tenantId = DEFAULT_TENANT): Promise<string> {
  return (await database.coordination.ensureInstallation(tenantId, "web", newId())).id;
}

/** An accepted message in a conversation of its own, whose lease is held. */
export async function leasedEvent(
  database: OpenDatabase,
  tenantId = DEFAULT_TENANT,
): Promise<{ lease: Lease; inboxId: string; installationId: string }> {
  const installationId = await installationOf(database, tenantId);
  const { inboxId, conversationId } = await database.coordination.acceptEvent(messageFrom(installationId));
  return { lease: await leaseOf(database, conversationId), inboxId, installationId };
}

/** Holds a conversation; none of its events is begun. */
export async function leaseOf(database: OpenDatabase, conversationId: string): Promise<Lease> {
  const claimed = await database.coordination.claimWork(conversationId, newId(), 60_000);
  if (claimed === null) throw new Error("the conversation is held by somebody else");
  const { lease, first } = claimed;
  if (first !== null) await database.withStores(lease.tenantId, ({ inbox }) => inbox.putBack(lease, first.inboxId, 0));
  return lease;
}

export function deliveryFor(conversationId: string, inboxId: string, parts: Partial<NewDelivery> = {}): NewDelivery {
  return {
    conversationId,
    cause: { type: "event", id: inboxId },
    purpose: "reply",
    operation: "post",
    targetDeliveryId: null,
    speaker: { role: "bot", name: "Deskhand" },
    reply: plainReply("Hold the button for ten seconds."),
    ...parts,
  };
}
