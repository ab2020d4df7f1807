import { describe, expect, it } from "vitest";
import { recogniseIntent } from "../../../src/answering/stages/intent.js";
import { makeStandalone } from "../../../src/answering/stages/standalone.js";

describe("asking for a person", () => {
  it.each([
    "I want to talk to a human",
    "human please",
    "Can I speak with someone about my bill?",
    "I don't want to talk to a bot, give me a human",
    "connect me to an agent",
    "Ich möchte mit einem Menschen sprechen",
    "Je voudrais parler à un conseiller",
    "Quiero hablar con una persona",
    "Quero falar com um atendente",
    "Vorrei parlare con un operatore",
    "Ik wil met een medewerker spreken",
  ])("is heard in: %s", (text) => {
    expect(recogniseIntent(text).kind).toBe("human-please");
  });

  it.each([
    "How do I add an agent to the team?",
    "I don't want to talk to a human",
    "Who can I invite as a member of my company?",
    "Can a person share one account?",
  ])("is not heard in: %s", (text) => {
    expect(recogniseIntent(text).kind).toBe("question");
  });
});

it.each([
  ["Hi!", "greeting"],
  ["hello there", "greeting"],
  ["Bonjour à tous", "greeting"],
  ["Thanks a lot!", "thanks"],
  ["muchas gracias", "thanks"],
  ["Hi, how long does delivery take?", "question"],
  ["hello world example not working", "question"],
])("takes %s for a %s", (text, kind) => {
  expect(recogniseIntent(text).kind).toBe(kind);
});

describe("a follow-up", () => {
  const history = [
    { role: "customer", text: "How long does express delivery take?" },
    { role: "bot", text: "One day." },
  ] as const;

  it.each(["And to Norway?", "What does it cost?", "Norway?"])("takes over what it points back to: %s", (text) => {
    expect(makeStandalone(text, history)).toMatchObject({ isFollowUp: true });
    expect(makeStandalone(text, history).text).toContain("delivery");
  });

  it.each(["How do I reset the password of my guest network?", "Where do I find my invoices and receipts?"])(
    "is not seen in a question that stands alone: %s",
    (text) => {
      expect(makeStandalone(text, history, "en")).toMatchObject({ text, isFollowUp: false, takenOver: [] });
    },
  );
});
