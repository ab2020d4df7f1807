import { describe, expect, it } from "vitest";
import type { ConversationView, MessageView } from "../../../adapters/web/api.js";
import { openQuestionOf } from "../../../adapters/web/ui/customer/open-question.js";
import { plainReply } from "../../../src/ports/reply.js";

const badge = (changes: object = {}): ConversationView["handoff"] => ({
  handoffId: "h1",
  state: "resolved",
  claimedBy: "Ana",
  isSettled: false,
  updatedAt: "2026-11-21T12:00:00Z",
  ...changes,
});

const asked = (messageId: string, handoffId: string): MessageView => ({
  messageId,
  author: { role: "bot", name: "Deskhand" },
  state: "complete",
  reply: plainReply("Is it?", [
    { name: "solved", handoffId },
    { name: "not-solved", handoffId },
  ]),
  partial: [],
  createdAt: "2026-11-21T12:00:00Z",
  editedAt: null,
});

const messages = [asked("m1", "h0"), asked("m2", "h1"), asked("m3", "h1")];

describe("the question whether it is solved", () => {
  it("is open where it was asked last", () => {
    expect(openQuestionOf({ messages, handoff: badge() })).toBe("m3");
  });

  it.each([
    ["settled", badge({ isSettled: true })],
    ["taken up again", badge({ state: "reopened" })],
    ["another handoff", badge({ handoffId: "h2" })],
    ["none", null],
  ])("is closed where the handoff is %s", (_, handoff) => {
    expect(openQuestionOf({ messages, handoff })).toBeNull();
  });
});
