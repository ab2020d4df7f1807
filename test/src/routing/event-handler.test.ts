import { expect, it } from "vitest";
import { createEventHandler, type EventHandlerDependencies } from "../../../src/routing/event-handler.js";
import type { Handoff } from "../../../src/ports/handoffs.js";
import type { CoreStores } from "../../../src/ports/stores.js";
import { ana, messageFrom } from "../../support/events.js";

it("sees a card that is recorded between its two looks", async () => {
  const handoff = { handoffId: "handoff" } as Handoff;
  // Whatever is looked at first is from before the record, whatever comes second from after it.
  let isRecorded = false;
  const look = <T>(read: () => T): Promise<T> => {
    const seen = read();
    isRecorded = true;
    return Promise.resolve(seen);
  };
  const conversations = {
    mayBeStarting: () => look(() => !isRecorded),
    state: () => look(() => ({ conversationId: "c", handoff: null, agentSideOf: isRecorded ? handoff : null })),
    history: () => Promise.resolve([]),
    askers: () => Promise.resolve([]),
  };
  const relayed: string[] = [];
  const deps = {
    withStores: (_tenant: string, work: (stores: CoreStores) => unknown) =>
      work({ conversations, inbox: { around: () => Promise.resolve([]) } } as never),
    handoffs: {
      relayToCustomer: (_context: unknown, _handoff: Handoff, text: string) => {
        relayed.push(text);
        return () => Promise.resolve({ outcome: { kind: "relayed", reason: "to-customer" }, wake: [] });
      },
    },
  } as unknown as EventHandlerDependencies;
  const event = messageFrom(ana, { installationId: "i", key: "agents/1" }, "I'll look", {
    addressesBot: false,
    mayBeUnderCard: true,
  });
  const context = {
    lease: { tenantId: "default", conversationId: "c", conversation: event.conversation, platform: "web", fence: 1n },
    inboxId: "inbox",
    cause: { type: "event", id: "inbox" },
    event,
  } as const;

  await createEventHandler(deps)(context, 0, new AbortController().signal);

  expect(relayed).toEqual(["I'll look"]);
});
