import { describe, expect, it } from "vitest";
import type { Reply, ReplyAction } from "../../../src/ports/reply.js";
import { newId } from "../../../src/ports/ids.js";
import { openSlackScene, outgoing, type SlackScene } from "./slack-scene.js";

const signal = new AbortController().signal;
const handoffId = newId();
const answerId = newId();

async function postWith(scene: SlackScene, key: string, actions: readonly ReplyAction[]) {
  const reply: Reply = {
    blocks: [{ kind: "paragraph", children: [{ kind: "text", text: "Look." }] }],
    citations: [],
    actions,
  };
  const to = { installationId: scene.installationId, key };
  const { platformId } = await scene.surface.adapter.post(outgoing(to, reply), signal);
  return { channel: key.split(":")[0] ?? "", ts: platformId };
}

for (const transport of ["http", "socket"] as const) {
  describe(`buttons over ${transport === "http" ? "HTTP" : "Socket Mode"}`, () => {
    it("are stored as what was pressed, in the card's thread, and tell the person what happened", async () => {
      await using scene = await openSlackScene({ transport });
      const card = await postWith(scene, "C0AGENTS", [{ name: "claim", handoffId }]);
      scene.inbox.outcome = { kind: "recorded", reason: "claimed" };

      const attempt = await scene.slack.press("Ben", card, "Claim");
      await scene.surface.stop();

      expect(attempt.isAcknowledged).toBe(true);
      expect(scene.inbox.events).toMatchObject([
        {
          kind: "action",
          action: { name: "claim", handoffId },
          conversation: { installationId: scene.installationId, key: `C0AGENTS:${card.ts}` },
          author: { id: "U0BEN", role: "agent" },
        },
      ]);
      expect(scene.slack.transcript("C0AGENTS")).toContain("(only Ben sees this): This is yours now.");
    });

    it("send the suggestion that they stand under", async () => {
      await using scene = await openSlackScene({ transport });
      const draft = await postWith(scene, "C0AGENTS", [{ name: "send-suggestion", suggestionId: handoffId }]);
      scene.inbox.outcome = { kind: "relayed", reason: "to-customer" };

      await scene.slack.press("Ben", draft, "Send it");
      await scene.surface.stop();

      expect(scene.inbox.events).toMatchObject([{ action: { name: "send-suggestion", suggestionId: handoffId } }]);
      expect(scene.slack.transcript("C0AGENTS")).toContain("(only Ben sees this): Sent to the customer as your reply.");
    });

    it("rate from 1 to 5", async () => {
      await using scene = await openSlackScene({ transport });
      const { key } = scene.thread();
      const ratings = [1, 2, 3, 4, 5] as const;
      const asked = await postWith(
        scene,
        key,
        ratings.map((rating) => ({ name: "rate", handoffId, rating })),
      );
      scene.inbox.outcome = { kind: "recorded", reason: "rated" };

      await scene.slack.press("Ben", asked, "4");
      await scene.surface.stop();

      expect(scene.inbox.events).toMatchObject([{ action: { name: "rate", handoffId, rating: 4 } }]);
    });

    it("are not acknowledged when the press could not be stored", async () => {
      await using scene = await openSlackScene({ transport, fake: { acknowledgeWithinMs: 400 } });
      const card = await postWith(scene, "C0AGENTS", [{ name: "claim", handoffId }]);
      scene.inbox.failures = 1;

      expect((await scene.slack.press("Ben", card, "Claim")).isAcknowledged).toBe(false);
      expect((await scene.slack.press("Ben", card, "Claim")).isAcknowledged).toBe(true);
      expect(scene.inbox.events).toHaveLength(1);
    });
  });
}

describe("what can be pressed", () => {
  it("is a verdict on an answer and the wish for a person", async () => {
    await using scene = await openSlackScene();
    const { key } = scene.thread();
    const answer = await postWith(scene, key, [
      { name: "human" },
      { name: "helpful", answerId },
      { name: "not-helpful", answerId },
    ]);

    await scene.slack.press("Anna", answer, "Not helpful");
    await scene.slack.press("Anna", answer, "Helpful");
    await scene.slack.press("Anna", answer, "Talk to a person");

    expect(scene.inbox.events.map((event) => event.kind === "action" && event.action)).toEqual([
      { name: "not-helpful", answerId },
      { name: "helpful", answerId },
      { name: "human" },
    ]);
    expect(new Set(scene.inbox.events.map(({ conversation }) => conversation.key))).toEqual(new Set([key]));
    expect(scene.inbox.events.every(({ author }) => author.role === "customer")).toBe(true);
  });

  it.each([
    [{ kind: "ignored", reason: "not-an-agent" }, "Only the support team can do this."],
    [{ kind: "recorded", reason: "refused-claimed-by-other" }, "Somebody else has claimed this."],
    [{ kind: "failed", reason: "fault" }, "That didn't work because of a fault on our side. Please try once more."],
    [null, "Got it. This takes a moment."],
  ])("is answered by what became of it: %o", async (outcome, text) => {
    await using scene = await openSlackScene();
    const card = await postWith(scene, "C0AGENTS", [{ name: "resolve", handoffId }]);
    scene.inbox.outcome = outcome;

    await scene.slack.press("Ben", card, "Resolve");
    await scene.surface.stop();

    expect(scene.slack.transcript("C0AGENTS")).toContain(`(only Ben sees this): ${text}`);
  });

  it("is a decision about what handoffs taught, with a form that begins with the answer", async () => {
    await using scene = await openSlackScene();
    const seen = "2026-03-02T08:00:00.000Z";
    const review = { candidateId: handoffId, seen };
    const card = await postWith(scene, "C0AGENTS", [
      { name: "review", ...review, verdict: "approve" },
      { name: "review-edit", ...review, answer: "Open Settings." },
      { name: "review", ...review, verdict: "reject" },
    ]);
    scene.inbox.outcome = { kind: "commanded", reason: "command" };

    await scene.slack.press("Ben", card, "Approve");
    await scene.slack.press("Ben", card, "Edit the answer");
    expect(scene.slack.form("Ben")).toContain("The answer");
    await scene.slack.submitView("Ben", { "The answer": "Open Settings, then Backup." });
    await scene.slack.press("Ben", card, "Reject");

    expect(scene.inbox.events).toMatchObject([
      { action: { name: "review", ...review, verdict: "approve" }, conversation: { key: `C0AGENTS:${card.ts}` } },
      { action: { name: "review-edit", ...review, answer: "Open Settings, then Backup." } },
      { action: { name: "review", ...review, verdict: "reject" }, author: { role: "agent" } },
    ]);
  });

  it("is what was wrong with an answer, also in a form for one's own words", async () => {
    await using scene = await openSlackScene();
    const { key } = scene.thread();
    const asked = await postWith(scene, key, [
      { name: "fault", answerId, fault: "wrong" },
      { name: "fault", answerId, fault: "not-my-question" },
      { name: "fault-words", answerId, words: "" },
    ]);

    await scene.slack.press("Anna", asked, "Not my question");
    await scene.slack.press("Anna", asked, "In your own words");
    const attempt = await scene.slack.submitView("Anna", { "Only the team sees this": "It is 10 days." });

    expect(attempt.isAcknowledged).toBe(true);
    expect(scene.inbox.events).toMatchObject([
      { action: { name: "fault", answerId, fault: "not-my-question" }, conversation: { key } },
      { action: { name: "fault-words", answerId, words: "It is 10 days." }, conversation: { key } },
    ]);
  });

  it("opens a form for an internal note, which is kept as a note of the card's thread", async () => {
    await using scene = await openSlackScene();
    const card = await postWith(scene, "C0AGENTS", [{ name: "resolve", handoffId }]);

    await scene.slack.press("Ben", card, "Add internal note");
    expect(scene.slack.form("Ben")).toContain("Only the team sees this");
    const attempt = await scene.slack.submitView("Ben", { "Only the team sees this": "She called before." });

    expect(attempt.isAcknowledged).toBe(true);
    expect(scene.slack.form("Ben")).toBeNull();
    expect(scene.inbox.events).toMatchObject([
      {
        kind: "note",
        text: "She called before.",
        conversation: { key: `C0AGENTS:${card.ts}` },
        author: { id: "U0BEN", role: "agent" },
      },
    ]);
  });

  it.each([
    [{ kind: "recorded", reason: "note" }, false],
    [null, false],
    [{ kind: "recorded", reason: "refused-not-an-agent" }, true],
    [{ kind: "recorded", reason: "refused-closed" }, true],
    [{ kind: "ignored", reason: "note-outside-handoff" }, true],
    [{ kind: "failed", reason: "fault" }, true],
  ])("keeps the form of a note open, and says so, when the note was lost: %o", async (outcome, isLost) => {
    await using scene = await openSlackScene();
    const card = await postWith(scene, "C0AGENTS", [{ name: "resolve", handoffId }]);
    scene.inbox.outcome = outcome;

    await scene.slack.press("Ben", card, "Add internal note");
    await scene.slack.submitView("Ben", { "Only the team sees this": "She called before." });

    const form = scene.slack.form("Ben");
    if (isLost) expect(form).toContain("This note could not be kept");
    else expect(form).toBeNull();
  });

  it("opens a form for what a customer adds to their rating", async () => {
    await using scene = await openSlackScene();
    const asked = await postWith(scene, "C0GENERAL", [{ name: "say-why", handoffId, words: "" }]);

    await scene.slack.press("Anna", asked, "Say why");
    scene.inbox.outcome = { kind: "ignored", reason: "over" };
    await scene.slack.submitView("Anna", { "Say why": "Fast, and kind." });
    expect(scene.slack.form("Anna")).toContain("This could not be kept");
    scene.inbox.outcome = { kind: "recorded", reason: "rated" };
    await scene.slack.submitView("Anna", { "Say why": "Fast, and kind." });

    expect(scene.slack.form("Anna")).toBeNull();
    expect(scene.inbox.events.at(-1)).toMatchObject({
      kind: "action",
      action: { name: "say-why", handoffId, words: "Fast, and kind." },
      conversation: { key: `C0GENERAL:${asked.ts}` },
      author: { id: "U0ANNA", role: "customer" },
    });
  });

  it("says so when the form cannot be opened", async () => {
    await using scene = await openSlackScene();
    const card = await postWith(scene, "C0AGENTS", [{ name: "resolve", handoffId }]);
    scene.slack.faults.next("views.open", { kind: "status", status: 500 });

    await scene.slack.press("Ben", card, "Add internal note");
    await scene.surface.stop();

    expect(scene.slack.transcript("C0AGENTS")).toContain("The form could not be opened just now.");
  });
});

describe("slash commands", () => {
  for (const transport of ["http", "socket"] as const) {
    it(`are answered in a thread of the person's direct messages (${transport})`, async () => {
      await using scene = await openSlackScene({ transport });
      const { slack, inbox } = scene;

      const attempt = await slack.slash("Anna", "C0GENERAL", "/deskhand ask When do you open & close?");

      const dm = slack.directChannel("Anna");
      const [root] = slack.messages(dm);
      expect(attempt.isAcknowledged).toBe(true);
      expect(slack.transcript("C0GENERAL")).toContain("The answer comes in your direct messages with Deskhand.");
      expect(slack.transcript(dm)).toContain("When do you open & close?");
      expect(inbox.events).toMatchObject([
        {
          kind: "message",
          text: "When do you open & close?",
          addressesBot: true,
          conversation: { key: `${dm}:${root!.ts}` },
          channelId: dm,
          author: { id: "U0ANNA", displayName: "Anna", role: "customer" },
        },
      ]);
    });
  }

  it.each([
    ["/kb sync docs", "command", "kb sync docs"],
    ["/kb status", "command", "kb status"],
    ["/kb", "command", "kb"],
    ["/deskhand kb sync docs", "command", "kb sync docs"],
    ["/deskhand help", "command", "help"],
    ["/deskhand", "command", "help"],
    ["/deskhand ask", "command", "help"],
    ["/deskhand when do you open?", "message", "when do you open?"],
    ["/deskhand help me", "message", "help me"],
  ])("%s is a %s", async (line, kind, said) => {
    await using scene = await openSlackScene();

    await scene.slack.slash("Carla", "C0GENERAL", line);

    const [event] = scene.inbox.events;
    expect(event).toMatchObject({ kind, author: { role: "admin" } });
    expect(event?.kind === "command" ? event.line : event?.kind === "message" && event.text).toBe(said);
  });

  it("say so when the direct message cannot be written, and take it back when nothing was stored", async () => {
    await using scene = await openSlackScene();
    const { slack, inbox } = scene;
    slack.faults.next("conversations.open", { kind: "status", status: 500 });
    await slack.slash("Anna", "C0GENERAL", "/deskhand ask Hello?");
    expect(slack.transcript("C0GENERAL")).toContain("I couldn't write to you in your direct messages just now.");

    inbox.failures = 1;
    const attempt = await slack.slash("Anna", "C0GENERAL", "/deskhand ask Hello?");
    expect(attempt.isAcknowledged).toBe(false);
    expect(slack.messages(slack.directChannel("Anna"))).toEqual([]);
    expect(inbox.events).toEqual([]);
  });
});
