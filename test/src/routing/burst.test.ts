import { describe, expect, it } from "vitest";
import type { InboundEvent, MessageEvent } from "../../../src/ports/chat.js";
import type { NeighbouringEvent, Outcome } from "../../../src/ports/stores.js";
import { gatherTurn, type Gathered } from "../../../src/routing/burst.js";
import { readsAsWhole } from "../../../src/routing/reads-as-whole.js";
import { actionFrom, ana, cora, deletionOf, editOf, messageFrom } from "../../support/events.js";

const AT = { installationId: "i", key: "c" };
const BURST_MS = 1_500;
const FILE = { name: "hub.png", mediaType: "image/png", sizeBytes: 1, source: "F1", link: null };

function said(text: string, seconds: number, overrides: Partial<MessageEvent> = {}): MessageEvent {
  return messageFrom(cora, AT, text, { occurredAt: new Date(seconds * 1_000), ...overrides });
}

function row(event: InboundEvent, waitedMs = 5_000, outcome: Outcome | null = null): NeighbouringEvent {
  return { inboxId: event.eventId, event, waitedMs, outcome };
}

function gather(
  first: MessageEvent,
  behind: readonly NeighbouringEvent[],
  options: { waitedMs?: number; burstMs?: number; attempts?: number } = {},
): Gathered {
  const { waitedMs = 5_000, burstMs = BURST_MS, attempts = 0 } = options;
  return gatherTurn({ inboxId: first.eventId, event: first, attempts }, [row(first, waitedMs), ...behind], burstMs);
}

function texts(gathered: Gathered): string[] | string {
  return gathered.kind === "turn" ? gathered.messages.map(({ text }) => text) : gathered.kind;
}

describe("a burst", () => {
  it("is what one person writes within the time, however whole each message reads", () => {
    const behind = [row(said("And the lamp?", 1)), row(said("How long is it?", 2.4))];

    expect(texts(gather(said("Is there a warranty?", 0), behind))).toEqual([
      "Is there a warranty?",
      "And the lamp?",
      "How long is it?",
    ]);
  });

  it("takes words along that wait already and complete one another", () => {
    expect(texts(gather(said("my hub is broken", 0), [row(said("since yesterday", 9))]))).toHaveLength(2);
  });

  it.each([
    ["two whole questions some seconds apart", said("Is there a warranty?", 6)],
    ["words of long after", said("since yesterday", 60)],
    ["somebody else's words", messageFrom(ana, AT, "since yesterday", { occurredAt: new Date(1_000) })],
    ["words to somebody else", said("@Ana can you look", 1, { addressesOthers: true })],
    ["words that may be answered from other documents", said("since yesterday", 1, { audience: ["staff"] })],
    ["words that come with a file", said("since yesterday", 1, { files: [FILE] })],
    ["a button that was pressed", actionFrom(cora, AT, { name: "human" })],
  ])("does not take along %s", (_what, event) => {
    expect(texts(gather(said("Where is my hub?", 0), [row(event)]))).toEqual(["Where is my hub?"]);
  });

  it.each(["agent", "mensch bitte", "I want to talk to a human"])(
    "leaves the wish %j for a turn of its own",
    (wish) => {
      expect(texts(gather(said("my hub shows red", 0), [row(said(wish, 1))]))).toEqual(["my hub shows red"]);
      expect(texts(gather(said(wish, 0), [row(said("my hub shows red", 1))]))).toEqual([wish]);
    },
  );

  it("leaves what follows somebody else's words for a turn of its own", () => {
    const between = row(messageFrom(ana, AT, "hm", { occurredAt: new Date(500) }));

    expect(texts(gather(said("hi", 0), [between, row(said("where is it?", 1))]))).toEqual(["hi"]);
  });

  it("is of ten messages at most", () => {
    const behind = Array.from({ length: 20 }, (_, index) => row(said(`more ${index}`, index / 10)));

    expect(texts(gather(said("first", 0), behind))).toHaveLength(10);
  });

  it("joins nothing when it is turned off", () => {
    expect(texts(gather(said("hi", 0), [row(said("where is it?", 0.1))], { burstMs: 0 }))).toEqual(["hi"]);
  });
});

describe("waiting for more", () => {
  it.each(["hi", "Hello!", "one question:", "my hub", "so ..."])(
    "waits after %j, for what is left of the time",
    (text) => {
      expect(gather(said(text, 0), [], { waitedMs: 200 })).toEqual({ kind: "wait", forMs: 1_300 });
    },
  );

  it.each([
    "How do I reset the hub?",
    "how do i reset the hub",
    "Ich habe mein Passwort vergessen.",
    "ok, my hub shows a red light",
  ])("does not wait after %j", (text) => {
    expect(texts(gather(said(text, 0), [], { waitedMs: 0 }))).toEqual([text]);
  });

  it("waits after a question that says nothing yet, and is one with what comes in the meantime", () => {
    const rest = said("turn on the guest network?", 0.8);

    expect(gather(said("How do I", 0), [], { waitedMs: 40, burstMs: 4_000 })).toEqual({ kind: "wait", forMs: 3_960 });
    expect(texts(gather(said("How do I", 0), [row(rest, 10)], { waitedMs: 810, burstMs: 4_000 }))).toEqual([
      "How do I",
      "turn on the guest network?",
    ]);
  });

  it("waits anew for each message, up to three times in all", () => {
    const more = (waitedMs: number) => [row(said("my hub", 1), waitedMs)];

    expect(gather(said("hi", 0), more(100), { waitedMs: 1_200 })).toEqual({ kind: "wait", forMs: 1_400 });
    expect(gather(said("hi", 0), more(100), { waitedMs: 4_400 })).toEqual({ kind: "wait", forMs: 100 });
    expect(texts(gather(said("hi", 0), more(100), { waitedMs: 4_500 }))).toEqual(["hi", "my hub"]);
  });

  it("waits neither for a message that was begun before nor when something else came since", () => {
    expect(texts(gather(said("hi", 0), [], { waitedMs: 0, attempts: 1 }))).toEqual(["hi"]);
    expect(texts(gather(said("hi", 0), [row(actionFrom(cora, AT, { name: "human" }))], { waitedMs: 0 }))).toEqual([
      "hi",
    ]);
  });
});

describe("what was changed before it was begun", () => {
  const question = said("Where is my hbu?", 0);

  it("is answered in its newest words", () => {
    const edits = [row(editOf(question, "Where is my hub?")), row(editOf(question, "Where is my lamp?"))];

    expect(texts(gather(question, edits))).toEqual(["Where is my lamp?"]);
  });

  it("is not answered when it was deleted", () => {
    expect(gather(question, [row(deletionOf(question))]).kind).toBe("withdrawn");
  });

  it("is not answered when it came later than its deletion, which found nothing", () => {
    const deletion = row(deletionOf(question), 10, { kind: "ignored", reason: "unknown-message" });

    expect(gather(question, [deletion]).kind).toBe("withdrawn");
  });

  it("is left out of a burst when it was deleted", () => {
    const slip = said("oops", 0.5);

    expect(texts(gather(question, [row(slip), row(said("the red one", 1)), row(deletionOf(slip))]))).toEqual([
      "Where is my hbu?",
      "the red one",
    ]);
  });

  it("stays as it is when somebody else claims to change it", () => {
    const foreign = { ...editOf(question, "Give me the password"), author: ana };

    expect(texts(gather(question, [row(foreign), row({ ...deletionOf(question), author: ana })]))).toEqual([
      "Where is my hbu?",
    ]);
  });

  it("is not answered a second time when its edit came first and was answered", () => {
    const edit = row(editOf(question, "Where is my hub?"), 10, { kind: "answered", reason: "confident" });

    expect(gather(question, [edit]).kind).toBe("answered-already");
  });
});

describe("a message", () => {
  it.each([
    "Hub offline,",
    "two things -",
    "reset password",
    "bonjour",
    "設定",
    "How do I",
    "how can i please",
    "what is the",
    "Wie kann ich",
    "¿cómo puedo",
    "est-ce que je peux",
    "How do I connect to",
    "what about",
  ])("%j may go on", (text) => {
    expect(readsAsWhole(text)).toBe(false);
  });

  it.each([
    "Reset it.",
    "kann ich den hub zurücksetzen",
    "¿dónde está?",
    "パスワードを忘れました。",
    "how do i pair it",
    "what does it cost",
    "wie lange dauert das",
    "how do i turn it off",
    "can you reset it",
    "I can't log in to the app since the update",
  ])("%j reads as whole", (text) => {
    expect(readsAsWhole(text)).toBe(true);
  });
});
