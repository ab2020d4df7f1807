import { describe, expect, it } from "vitest";
import { learnFrom } from "../../../src/learning/learn-from.js";
import type { HandoffLine, SettledHandoff } from "../../../src/ports/candidates.js";

const OPENED = new Date("2026-03-01T10:00:00Z");

function settled(
  replies: readonly string[],
  parts: Partial<SettledHandoff["handoff"]> & { readonly before?: readonly string[] } = {},
): SettledHandoff {
  const { before = [], ...handoff } = parts;
  const entry = (speaker: HandoffLine["speaker"], name: string, text: string, minutes: number) => ({
    speaker,
    name,
    text,
    at: new Date(OPENED.getTime() + minutes * 60_000),
  });
  return {
    handoff: {
      handoffId: "1",
      reason: "nothing-found",
      question: "How do I change the language of the app?",
      customerName: "Cora Lind",
      createdAt: OPENED,
      ...handoff,
    },
    said: [
      ...before.map((text, index) => entry("customer", "Cora Lind", text, index - before.length)),
      ...replies.map((text, index) => entry("agent", "Ana Meyer", text, index + 1)),
    ],
    stages: [],
  };
}

describe("what a handoff taught", () => {
  it("is what the agent answered, without greetings, thanks, waiting and questions back", () => {
    const lesson = learnFrom(
      settled([
        "Hi Cora, thanks for reaching out!",
        "Let me check that for you.",
        "Which version do you have?",
        "You can change it under Settings → General. Pick a language and restart the app. Hope this helps!",
        "You're welcome, have a great day!",
      ]),
    );
    expect(lesson).toEqual({
      kind: "candidate",
      question: "How do I change the language of the app?",
      answer: "You can change it under Settings → General. Pick a language and restart the app.",
      language: "en",
    });
  });

  it("keeps lists and code as they were written", () => {
    const answer = "Run this:\n\n```\ndeskhand sync? one moment\n```\n\n1. Open Settings.\n2. Press Save.";
    expect(learnFrom(settled([`Hello!\n${answer}`]))).toMatchObject({ answer });
  });

  it.each([
    ["names", "Ana Meyer here: tell Cora's colleague to open Settings.", /Ana|Meyer|Cora/u],
    ["e-mail addresses", "Write to cora.lind@example.com with the file.", /cora\.lind@/u],
    ["phone numbers", "Call +49 30 1234567 between nine and five.", /1234567/u],
    ["order numbers", "Open order A-99812 in the list and press Return.", /99812/u],
    ["ticket numbers", "Mention ticket #88213 in the form.", /88213/u],
    ["card numbers", "Enter 4111 1111 1111 1111 in the field.", /1111/u],
    ["bank accounts", "Send it to DE89 3704 0044 0532 0130 00 by Friday.", /3704/u],
    ["addresses", "Send it to 12 Market Street and keep the receipt.", /Market/u],
    ["addresses in German", "Schicken Sie es an die Lindenstraße 12 und heben Sie den Beleg auf.", /Linden/u],
  ])("holds no %s", (_what, reply, personal) => {
    const lesson = learnFrom(settled([reply]));
    expect(lesson.kind).toBe("candidate");
    expect(lesson).not.toMatchObject({ answer: expect.stringMatching(personal) as unknown });
  });

  it("keeps years, versions and amounts", () => {
    const answer = "Since version 4.5.1 of 2025 it costs 1,200 euros for 50 users.";
    expect(learnFrom(settled([answer]))).toMatchObject({ answer });
  });

  it("takes the question from what was said before, where the customer only asked for a person", () => {
    const lesson = learnFrom(
      settled(["Go to Settings and press Export."], {
        question: "a human please",
        before: ["hello", "How can I export my notes?", "talk to a person"],
      }),
    );
    expect(lesson).toMatchObject({ question: "How can I export my notes?" });
  });

  it.each([
    ["no-reply", settled([])],
    ["courtesies-only", settled(["Hi Cora!", "One moment please.", "Did that help?"])],
    ["one-case", settled(["I have refunded your order.", "Your refund will be there on Friday."])],
    ["one-case", settled(["Go to Settings."], { reason: "account-action" })],
    ["no-question", settled(["Go to Settings."], { question: "human please" })],
  ])("is nothing, and says why: %s", (reason, handoff) => {
    expect(learnFrom(handoff)).toEqual({ kind: "none", reason });
  });

  it.each([
    [
      "German",
      "Guten Tag Cora! Einen Moment bitte. Sie finden das unter Einstellungen. Viele Grüße",
      "Sie finden das unter Einstellungen.",
    ],
    [
      "French",
      "Bonjour Cora, un instant. Vous le trouvez dans les paramètres. Bonne journée !",
      "Vous le trouvez dans les paramètres.",
    ],
    ["Spanish", "Hola Cora. Un momento. Lo encuentra en los ajustes. ¡Saludos!", "Lo encuentra en los ajustes."],
  ])("is free of courtesies in %s, too", (_language, reply, answer) => {
    expect(learnFrom(settled([reply]))).toMatchObject({ answer });
  });
});
