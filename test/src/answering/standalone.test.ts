import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { MAX_QUESTION_CHARACTERS } from "../../../src/answering/contract.js";
import { makeStandalone, rewriteFollowUp } from "../../../src/answering/stages/standalone.js";
import { ModelError } from "../../../src/ports/models.js";
import { ScriptedRewriter, STALLS, type Rewriting } from "../../fakes/scripted-rewriter.js";

const HISTORY = [
  { role: "customer", text: "How long does standard delivery take?" },
  { role: "bot", text: "2 to 4 business days." },
] as const;
const QUESTION = "And express?";
const BY_RULE = makeStandalone(QUESTION, HISTORY);
const PAID = { calls: 1, inputTokens: 20, outputTokens: 10, cost: 0.002 };

function rewrite(rewriter: ScriptedRewriter | null, question = QUESTION, signal = new AbortController().signal) {
  return rewriteFollowUp(rewriter, question, { history: HISTORY, language: null }, signal, 100);
}

/** A timer that nobody holds does not live through this. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

describe("a follow-up", () => {
  it("is what the model makes of it, cleaned", async () => {
    const rewriter = new ScriptedRewriter(" How long does\n\u200bexpress delivery\u0007 take? ");

    await expect(rewrite(rewriter)).resolves.toEqual({
      standalone: { text: "How long does express delivery take?", isFollowUp: true, takenOver: [], isNewTopic: false },
      by: "model",
      asked: { failure: null, usage: PAID },
    });
    expect(rewriter.asked).toEqual([{ question: QUESTION, history: HISTORY }]);
  });

  it("stays as it is when the model says that it stands alone", async () => {
    await expect(rewrite(new ScriptedRewriter(null))).resolves.toMatchObject({
      standalone: { text: QUESTION, isFollowUp: true, takenOver: [], isNewTopic: false },
      by: "model",
    });
  });

  it.each<[string, Rewriting]>([
    ["nothing", ""],
    ["only what nobody sees", "\u200b\n"],
    ["no word that could be searched for", "?! …"],
    ["a novel", "delivery ".repeat(50)],
  ])("is made by the rule when the model writes %s; the cost stays", async (_, rewriting) => {
    await expect(rewrite(new ScriptedRewriter(rewriting))).resolves.toEqual({
      standalone: BY_RULE,
      by: "rule",
      asked: { failure: "unusable", usage: PAID },
    });
  });

  it("is made by the rule when the model finds complete what has no content", async () => {
    const { standalone, by } = await rewrite(new ScriptedRewriter(null), "And?");

    expect(by).toBe("rule");
    expect(standalone.text).toContain("delivery");
  });

  it.each<[string, Error, object]>([
    ["is busy", new ModelError("rate-limited", "rewrite"), { failure: "rate-limited", usage: { cost: 0 } }],
    [
      "writes no object, with what that cost",
      new ModelError("incomplete", "rewrite", { usage: PAID }),
      { failure: "incomplete", usage: PAID },
    ],
    ["has a fault of ours", new TypeError("oops"), { usage: { cost: 0 } }],
  ])("is made by the rule when the model %s", async (_, error, asked) => {
    await expect(rewrite(new ScriptedRewriter(error))).resolves.toMatchObject({
      standalone: BY_RULE,
      by: "rule",
      asked,
    });
  });

  it("is made by the rule when the model takes too long; the model is told to stop", async () => {
    const rewriter = new ScriptedRewriter(STALLS);

    const rewriting = rewrite(rewriter);
    collectGarbage();
    await expect(rewriting).resolves.toMatchObject({
      standalone: BY_RULE,
      by: "rule",
      asked: { failure: "timeout" },
    });
    expect(rewriter.signals[0]?.aborted).toBe(true);
  });

  it("ends with the caller's own reason when the caller aborts", async () => {
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const rewriting = rewrite(new ScriptedRewriter(STALLS), QUESTION, controller.signal);
    controller.abort(reason);

    await expect(rewriting).rejects.toBe(reason);
  });

  it("is made by the rule where there is no model", async () => {
    await expect(rewrite(null)).resolves.toEqual({ standalone: BY_RULE, by: "rule", asked: null });
  });
});

it("asks no model about a question that stands alone", async () => {
  const rewriter = new ScriptedRewriter();
  const question = "How do I reset the password of my guest network?";

  await expect(rewrite(rewriter, question)).resolves.toMatchObject({ standalone: { text: question }, asked: null });
  expect(rewriter.asked).toEqual([]);
});

it("no more than the beginning of a very long message is searched for", () => {
  const { text } = makeStandalone(`How do I reset it? ${"word ".repeat(8_000)}`, []);
  expect(text).toHaveLength(MAX_QUESTION_CHARACTERS);
  expect(text).toMatch(/^How do I reset it\?/u);
});

describe('a follow-up that says "there"', () => {
  const after = (...said: readonly string[]) => said.map((text) => ({ role: "customer", text }) as const);

  it.each([
    ["en", "and how do I mute it there?", "What is a channel?", "I am on Android.", ["channel", "Android"]],
    ["de", "und wie schalte ich ihn dort stumm?", "Was ist ein Kanal?", "Ich nutze ein iPhone.", ["kanal", "iPhone"]],
    ["fr", "et comment le couper là ?", "Que sont les salons ?", "J'utilise Linux.", ["salons", "Linux"]],
    ["es", "¿y cómo lo silencio allí?", "¿Qué es un canal?", "Uso la app en Windows.", ["canal", "Windows"]],
  ])("takes over the platform that was named before, in %s", (language, question, previous, first, takenOver) => {
    const filler = Array.from({ length: 20 }, (_, index) => `Thanks ${index}`);
    const standalone = makeStandalone(question, after(first, ...filler, previous), language);
    expect(standalone).toMatchObject({ isFollowUp: true, takenOver });
  });

  it("means the platform that was named last", () => {
    const history = after("I am on Android.", "Now I have an iPhone.", "What is a channel?");
    expect(makeStandalone("how do I mute it there?", history).takenOver).toEqual(["channel", "iPhone"]);
  });

  it.each([
    ["names one itself", "and how do I mute it there on Android?"],
    ["points at no place", "and how do I mute it?"],
  ])("takes none over where it %s", (_, question) => {
    expect(makeStandalone(question, after("I have an iPhone.", "What is a channel?")).takenOver).toEqual(["channel"]);
  });
});
