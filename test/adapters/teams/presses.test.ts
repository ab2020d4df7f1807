import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventOutcome, InboundSink } from "../../../src/ports/chat.js";
import { createInteractions } from "../../../src/routing/interactions.js";
import { plainReply } from "../../../src/ports/reply.js";
import { ana, cora } from "../../fakes/teams/people.js";
import { AGENTS, messageTo, openTeams, signal, SUPPORT, type TeamsHarness } from "./teams-harness.js";

const handoffId = "0199a000-0000-7000-8000-0000000000bb";
const answerId = "0199a000-0000-7000-8000-0000000000aa";

let teams: TeamsHarness;
beforeEach(async () => {
  teams = await openTeams();
  await teams.fake.direct(cora, "How do I reset it?");
});
afterEach(async () => teams[Symbol.asyncDispose]());

const human = { action: { name: "human" } };
const pressed = () => teams.accepted.filter(({ kind }) => kind === "action");

describe("pressing a button", () => {
  it("claims a handoff from the agents' channel and says so", async () => {
    const card = plainReply("Cora asks: how?", [
      { name: "claim", handoffId },
      { name: "resolve", handoffId },
    ]);
    const { threadKey } = await teams.surface.adapter.post(messageTo(teams.ref(AGENTS), card), signal);
    const [shown] = teams.fake.transcript(threadKey);
    teams.outcome = { kind: "recorded", reason: "claimed" };
    const { status, body } = await teams.fake.press(ana, shown!, "Claim");

    expect(shown?.buttons).toEqual(["Claim", "Resolve"]);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      statusCode: 200,
      type: "application/vnd.microsoft.activity.message",
      value: "You have claimed this.",
    });
    expect(pressed()).toMatchObject([
      {
        action: { name: "claim", handoffId },
        conversation: { key: threadKey },
        author: { id: ana.aadObjectId, role: "agent" },
      },
    ]);
  });

  it("asks for a suggestion, and sends the one that it stands under", async () => {
    const card = plainReply("Cora asks: how?", [
      { name: "suggest", handoffId },
      { name: "send-suggestion", suggestionId: answerId },
    ]);
    const { threadKey } = await teams.surface.adapter.post(messageTo(teams.ref(AGENTS), card), signal);
    const [shown] = teams.fake.transcript(threadKey);
    await teams.fake.press(ana, shown!, "Suggest a reply");
    teams.outcome = { kind: "relayed", reason: "to-customer" };
    const { body } = await teams.fake.press(ana, shown!, "Send it");

    expect(JSON.parse(body)).toMatchObject({ value: "Sent to the customer as your reply." });
    expect(pressed()).toMatchObject([
      { action: { name: "suggest", handoffId }, author: { role: "agent" } },
      { action: { name: "send-suggestion", suggestionId: answerId }, author: { role: "agent" } },
    ]);
  });

  it("rates from 1 to 5", async () => {
    const ratings = [1, 2, 3, 4, 5] as const;
    const asked = plainReply(
      "How was it?",
      ratings.map((rating) => ({ name: "rate", handoffId, rating })),
    );
    const { threadKey } = await teams.surface.adapter.post(messageTo(teams.ref(AGENTS), asked), signal);
    const [shown] = teams.fake.transcript(threadKey);
    await teams.fake.press(cora, shown!, "4");

    expect(shown?.buttons).toEqual(["1", "2", "3", "4", "5"]);
    expect(pressed()).toMatchObject([{ action: { name: "rate", handoffId, rating: 4 } }]);
  });

  it("sends what was typed about a rating, and not more of it than may be kept", async () => {
    const asked = plainReply("Why?", [{ name: "say-why", handoffId, words: "" }]);
    const { threadKey } = await teams.surface.adapter.post(messageTo(teams.ref(AGENTS), asked), signal);
    const [shown] = teams.fake.transcript(threadKey);
    await teams.fake.press(cora, shown!, "Say why", { words: "Fast, and kind." });
    await teams.fake.press(cora, shown!, "Say why", { words: "x".repeat(1_001) });

    expect(pressed()).toMatchObject([{ action: { name: "say-why", handoffId, words: "Fast, and kind." } }]);
  });

  it("decides about what handoffs taught, with the answer to be edited", async () => {
    const review = { candidateId: handoffId, seen: "2026-03-02T08:00:00.000Z" };
    const card = plainReply("Shall this be answered from?", [
      { name: "review", ...review, verdict: "approve" },
      { name: "review-edit", ...review, answer: "Open Settings." },
      { name: "review", ...review, verdict: "reject" },
    ]);
    const { threadKey } = await teams.surface.adapter.post(messageTo(teams.ref(AGENTS), card), signal);
    const [shown] = teams.fake.transcript(threadKey);
    expect(shown?.buttons).toEqual(["Approve", "Reject", "Save this answer"]);
    await teams.fake.press(cora, shown!, "Approve");
    const data = { action: { name: "review-edit", ...review, answer: "Open Settings." }, answer: "Open Backup." };
    await teams.fake.invoke(cora, threadKey, { action: { type: "Action.Execute", verb: "review-edit", data } });
    expect(pressed()).toMatchObject([
      { action: { name: "review", ...review, verdict: "approve" } },
      { action: { name: "review-edit", ...review, answer: "Open Backup." } },
    ]);
  });

  it("says what was wrong with an answer, also in one's own words", async () => {
    const asked = plainReply("What was wrong?", [
      { name: "fault", answerId, fault: "outdated" },
      { name: "fault-words", answerId, words: "" },
    ]);
    const { threadKey } = await teams.surface.adapter.post(messageTo(teams.ref(AGENTS), asked), signal);
    const [shown] = teams.fake.transcript(threadKey);
    await teams.fake.press(cora, shown!, "It is out of date");
    expect(shown?.buttons).toEqual(["It is out of date", "Send"]);

    const data = { action: { name: "fault-words", answerId, words: "" }, faultWords: "It is 10 days." };
    await teams.fake.invoke(cora, threadKey, { action: { type: "Action.Execute", verb: "fault-words", data } });
    expect(pressed()).toMatchObject([
      { action: { name: "fault", answerId, fault: "outdated" } },
      { action: { name: "fault-words", answerId, words: "It is 10 days." } },
    ]);
  });

  it("takes nobody for an agent because of what a button carries", async () => {
    const data = { action: { name: "resolve", handoffId, role: "agent" }, role: "admin" };
    await teams.fake.invoke(cora, "a:29:cora", { action: { type: "Action.Execute", verb: "resolve", data } });

    expect(pressed()).toMatchObject([{ action: { name: "resolve", handoffId }, author: { role: "customer" } }]);
    expect(pressed()[0]).toHaveProperty("action", { name: "resolve", handoffId });
  });

  it("tells the presses of one message apart, and a redelivered one not", async () => {
    const reply = plainReply("Hold it.", [
      { name: "helpful", answerId },
      { name: "not-helpful", answerId },
    ]);
    await teams.surface.adapter.post(messageTo(teams.ref("a:29:cora"), reply), signal);
    const shown = teams.fake.transcript("a:29:cora").at(-1)!;
    await teams.fake.press(cora, shown, "Helpful");
    await teams.fake.press(cora, shown, "Not helpful");

    const [helpful, notHelpful] = pressed();
    expect(helpful?.eventId).not.toBe(notHelpful?.eventId);
    expect(helpful?.messageId).not.toBe(notHelpful?.messageId);
  });

  it.each<readonly [string, EventOutcome | null, RegExp]>([
    ["it is not known yet", null, /moment/u],
    ["somebody else was faster", { kind: "recorded", reason: "refused-claimed-by-other" }, /Somebody else/u],
    ["it was not allowed", { kind: "ignored", reason: "not-an-agent" }, /Only the support team/u],
    ["it failed", { kind: "failed", reason: "fault" }, /didn't work/u],
    ["it was something new", { kind: "recorded", reason: "brand-new" }, /^Done\.$/u],
  ])("says in a fixed sentence that %s", async (_what, outcome, sentence) => {
    teams.outcome = outcome;
    const data = { action: { name: "claim", handoffId } };
    const { body } = await teams.fake.invoke(cora, SUPPORT, { action: { data } });

    expect((JSON.parse(body) as { value: string }).value).toMatch(sentence);
  });

  it.each([
    ["no data", { action: {} }],
    ["an unknown action", { action: { data: { action: { name: "delete-everything" } } } }],
    ["an id that is none", { action: { data: { action: { name: "claim", handoffId: "1 or 1=1" } } } }],
    ["a polluted object", JSON.parse('{"action":{"data":{"__proto__":{"action":{"name":"human"}}}}}')],
  ])("answers %s with an error card's status and stores nothing", async (_what, value) => {
    const { status, body } = await teams.fake.invoke(cora, SUPPORT, value);

    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 400, type: "application/vnd.microsoft.error" });
    expect(pressed()).toEqual([]);
  });

  it("says that it is on its way when its outcome is not known by the time it must be answered", async () => {
    const accept: InboundSink["accept"] = () =>
      Promise.resolve({ inboxId: "i", conversationId: "c", duplicate: false });
    const interactions = createInteractions({ sink: { accept }, outcomeOf: () => Promise.resolve(null) });
    const answerLimits = { stopAfterMs: 300, graceMs: 1_000 };
    await using slow = await openTeams({ surface: { interactions, answerLimits } });
    const { status, body } = await slow.fake.invoke(cora, slow.fake.chatWith(cora), { action: { data: human } });

    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 200, value: "Got it. This will take a moment." });
  });

  it("answers 503 when it could not be stored", async () => {
    teams.failAccept = () => Promise.reject(new Error("no database"));

    expect(await teams.fake.invoke(cora, SUPPORT, { action: { data: human } })).toMatchObject({ status: 503 });
  });
});
