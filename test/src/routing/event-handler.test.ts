import { expect, it } from "vitest";
import { isAgentsChannel } from "../../../src/handoff/agents-channel.js";
import {
  createEventHandler,
  type EventHandlerDependencies,
  type RunCommand,
} from "../../../src/routing/event-handler.js";
import type { ConversationRef } from "../../../src/ports/chat.js";
import { plainReply } from "../../../src/ports/reply.js";
import type { Handoff } from "../../../src/ports/handoffs.js";
import type { CoreStores } from "../../../src/ports/stores.js";
import { ana, commandFrom, messageFrom } from "../../support/events.js";

it.each([
  ["in another channel", "C0GENERAL", {}, false],
  ["where a team works", "C0BILLING", {}, true],
  ["where nobody else reads the reply", "D0ADA", { isPrivate: true }, true],
])("says of a command typed %s who reads the reply", async (_where, channelId, given, isAmongTeam) => {
  const asked: boolean[] = [];
  const places: Record<string, string> = { desk: "C0DESK", billing: "C0BILLING" };
  const agentsChannel = (_tenant: string, team: string | null) => ({
    installationId: "i",
    key: places[team ?? "desk"] ?? "",
  });
  const teams = { teams: [{ name: "billing" }] };
  const state = { conversationId: "c", handoff: null, agentSideOf: null, leftBy: null, unsettled: null };
  const deps = {
    withStores: (_tenant: string, work: (stores: CoreStores) => unknown) =>
      work({ conversations: { state: () => Promise.resolve(state) } } as never),
    isAgentsChannel: (tenantId: string, channel: ConversationRef) =>
      isAgentsChannel({ agentsChannel, teams }, tenantId, channel),
    runCommand: (request: Parameters<RunCommand>[0]) => {
      asked.push(request.isAmongTeam);
      return Promise.resolve(plainReply("done"));
    },
  } as unknown as EventHandlerDependencies;
  const typed = commandFrom(
    { ...ana, role: "admin" },
    { installationId: "i", key: `${channelId}:1.1` },
    "handoffs list",
  );
  const event = { ...typed, channelId, ...given };
  const lease = {
    tenantId: "default",
    conversationId: "c",
    conversation: event.conversation,
    platform: "slack",
  } as const;
  const cause = { type: "event", id: "inbox" } as const;
  const context = { lease: { ...lease, fence: 1n }, inboxId: "inbox", cause, event };

  await createEventHandler(deps)(context, 0, new AbortController().signal);

  expect(asked).toEqual([isAmongTeam]);
});

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
