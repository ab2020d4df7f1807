import { describe, expect, it } from "vitest";
import type { InboundEvent } from "../../../src/ports/chat.js";
import type { Handoff } from "../../../src/ports/handoffs.js";
import type { ConversationState } from "../../../src/ports/stores.js";
import { route } from "../../../src/routing/route.js";
import { actionFrom, ana, commandFrom, cora, deletionOf, editOf, messageFrom, noteFrom } from "../../support/events.js";

const here = { installationId: "installation", key: "thread" };
const handoff: Handoff = {
  handoffId: "handoff",
  conversationId: "customer-side",
  agentConversationId: "agent-side",
  cardDeliveryId: null,
  snoozedUntil: null,
  customerWaits: true,
  isSettled: false,
  state: "claimed",
  reason: "low-confidence",
  question: "?",
  customerName: "Cora",
  claimedBy: { id: "ana", displayName: "Ana" },
  answerId: null,
  team: null,
  assignedTo: null,
  asked: [],
  createdAt: new Date(0),
};
const free: ConversationState = {
  conversationId: "customer-side",
  handoff: null,
  unsettled: null,
  agentSideOf: null,
  leftBy: null,
};
const handedOff: ConversationState = { ...free, handoff };
const agentSide: ConversationState = {
  conversationId: "agent-side",
  handoff: null,
  unsettled: null,
  agentSideOf: handoff,
  leftBy: null,
};
const left: ConversationState = { ...free, leftBy: handoff };
const bot = { ...cora, isBot: true };

describe("the router", () => {
  it.each<[string, InboundEvent, ConversationState, object]>([
    ["answers a question", messageFrom(cora, here, " how? "), free, { kind: "answer", question: "how?" }],
    ["ignores its own and other bots", messageFrom(bot, here, "how?"), free, { kind: "ignore", reason: "by-a-bot" }],
    ["ignores blank messages", messageFrom(cora, here, " \n "), free, { kind: "ignore", reason: "empty" }],
    [
      "ignores talk that is not for it",
      messageFrom(cora, here, "lunch?", { addressesBot: false }),
      free,
      { kind: "ignore", reason: "not-addressed" },
    ],
    [
      "says nothing by itself while a person has the conversation",
      messageFrom(cora, here, "how?"),
      handedOff,
      { kind: "relay-to-agents", handoff, text: "how?" },
    ],
    [
      "leaves others who read along to themselves while a person has the conversation",
      messageFrom(cora, here, "me too", { addressesBot: false }),
      handedOff,
      { kind: "ignore", reason: "not-addressed" },
    ],
    [
      "passes on nothing that they change, or take back, of their talk",
      deletionOf(messageFrom(cora, here, "me too")),
      handedOff,
      { kind: "ignore", reason: "not-addressed" },
    ],
    [
      "asks nobody but the customer whether it is solved",
      actionFrom(cora, here, { name: "solved", handoffId: "handoff" }),
      free,
      { kind: "ignore", reason: "not-the-customer" },
    ],
    [
      "sends an agent's message in the handoff's thread to the customer",
      messageFrom(ana, here, "Try this"),
      agentSide,
      { kind: "relay-to-customer", handoff, text: "Try this" },
    ],
    [
      "sends nothing a customer writes in an agents' thread",
      messageFrom(cora, here, "Try this"),
      agentSide,
      { kind: "turn-away", handoff },
    ],
    ["keeps a note a note", noteFrom(ana, here, "hm"), agentSide, { kind: "note", handoff, text: "hm" }],
    [
      "has no place for notes elsewhere",
      noteFrom(ana, here, "hm"),
      free,
      { kind: "ignore", reason: "note-outside-handoff" },
    ],
    ["tells an agent that a thread was left", messageFrom(ana, here, "hm"), left, { kind: "tell-gone", handoff }],
    ["keeps no note in a thread that was left", noteFrom(ana, here, "hm"), left, { kind: "tell-gone", handoff }],
    [
      "takes a changed message in a thread that was left for no question",
      editOf(messageFrom(ana, here, "hm"), "how?"),
      left,
      { kind: "tell-gone", handoff },
    ],
    ["refuses a customer's note", noteFrom(cora, here, "hm"), agentSide, { kind: "turn-away", handoff }],
    ["hands off when asked", actionFrom(cora, here, { name: "human" }), free, { kind: "hand-off" }],
    [
      "hands off once",
      actionFrom(cora, here, { name: "human" }),
      handedOff,
      { kind: "ignore", reason: "already-handed-off" },
    ],
    [
      "lets agents claim",
      actionFrom(ana, here, { name: "claim", handoffId: "handoff" }),
      agentSide,
      { kind: "press", handoffId: "handoff", name: "claim" },
    ],
    [
      "takes authority from the author, not from the button",
      actionFrom(cora, here, { name: "resolve", handoffId: "handoff" }),
      agentSide,
      { kind: "ignore", reason: "not-an-agent" },
    ],
    ["runs commands", commandFrom(ana, here, "kb status"), free, { kind: "command", line: "kb status" }],
  ])("%s", (_title, event, state, expected) => {
    expect(route(event, state)).toEqual(expected);
  });

  it.each([
    ["// on the old plan", {}],
    ["note: on the old plan", {}],
    ["**Internal note:** on the old plan", {}],
    [
      "1. // on the old plan",
      { blocks: [{ kind: "paragraph", children: [{ kind: "text", text: "// on the old plan" }] }] },
    ],
  ] as const)("keeps %j from the customer, as whatever it came", (text, formatted) => {
    const found = route(messageFrom(ana, here, text, formatted), agentSide);

    expect(found).toEqual({ kind: "note", handoff, text: "on the old plan" });
  });

  it("records feedback of who asked there, and of nobody else", () => {
    const pressed = actionFrom(cora, here, { name: "not-helpful", answerId: "answer" });
    const feedback = { kind: "feedback", answerId: "answer", verdict: "not-helpful" };
    expect(route(pressed, handedOff, [cora.id])).toEqual(feedback);
    expect(route(pressed, handedOff, [ana.id])).toEqual({ kind: "ignore", reason: "not-the-customer" });
  });

  it("answers a follow-up without a mention from somebody who asked before, and from nobody else", () => {
    const followUp = messageFrom(cora, here, "and on Android?", { addressesBot: false });
    expect(route(followUp, free, [cora.id])).toEqual({ kind: "answer", question: "and on Android?" });
    expect(route(followUp, free, [ana.id])).toEqual({ kind: "ignore", reason: "not-addressed" });
  });

  it("leaves a follow-up alone that speaks to somebody else, unless a person has the conversation", () => {
    const toBen = messageFrom(cora, here, "@Ben, do you know?", { addressesBot: false, addressesOthers: true });
    expect(route(toBen, free, [cora.id])).toEqual({ kind: "ignore", reason: "not-addressed" });
    expect(route(toBen, handedOff, [cora.id])).toMatchObject({ kind: "relay-to-agents" });
  });
});
