import { describe, expect, it } from "vitest";
import { createAnswering } from "../../../src/answering/answering.js";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { recogniseLanguage } from "../../../src/answering/stages/language.js";
import { explainReply } from "../../../src/commands/explain-reply.js";
import { customerText, readInPartText } from "../../../src/handoff/customer-texts.js";
import type { ConversationTurn } from "../../../src/ports/models.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { says, ScriptedAnswerModel } from "../../fakes/scripted-answer-model.js";

function customer(text: string): ConversationTurn {
  return { role: "customer", text };
}

async function ask(question: string, history: readonly ConversationTurn[] = []) {
  const model = new ScriptedAnswerModel(says("Die Lieferung dauert zwei Tage. [1]"));
  const answering = createAnswering({
    search: new MemorySearch([passageOf("Die Lieferung dauert zwei Tage.", { title: "Versand" })]),
    verified: noVerifiedAnswers,
    model,
    rewriter: null,
    reranker: null,
    research: null,
    clock: { now: () => new Date(0) },
    newId: () => "answer",
    settings: DEFAULT_ANSWER_SETTINGS,
    estimateConfidence: () => ({ value: 0.9, parts: {} }),
  });
  const scope = { tenantId: "acme", conversationId: "c", inboxId: "i", audience: ["public"], mayStream: false };
  const request = { ...scope, question, history };
  const result = await answering.answer(request, new RecordingListener(), new AbortController().signal);
  return { result, asked: model.requests[0], stage: result.answer.stages.find(({ stage }) => stage === "language") };
}

describe("the language of a question", () => {
  it("is that of its own words, whatever was written before", async () => {
    const before = [customer("Wie lange dauert die Lieferung?")];

    expect(await recogniseLanguage("Can I send my order back?", before)).toEqual({ code: "en", by: "question" });
  });

  it.each(["¿y en Android?", "Android?", "E-1042"])("is that of the conversation for %j", async (question) => {
    const before = [customer("¿Cómo restablezco mi contraseña?"), { role: "bot", text: "Hello there!" } as const];

    expect(await recogniseLanguage(question, [...before, customer("ok")])).toEqual({ code: "es", by: "conversation" });
  });

  it("is not made up", async () => {
    expect(await recogniseLanguage("E-1042", [])).toEqual({ code: null, by: "nothing" });
  });

  it("is in the trace, is passed to the model, and is explained", async () => {
    const { result, asked, stage } = await ask("Wie lange dauert die Lieferung?");

    expect(stage?.output).toEqual({ language: "de", by: "question" });
    expect(asked?.language).toBe("de");
    expect(result.language).toBe("de");
    expect(replyText(explainReply({ ...result.answer, createdAt: new Date(0) }))).toContain(
      "Language: de (by its words)",
    );
  });

  it("is told to be unknown where nothing tells it", async () => {
    const { result, asked } = await ask("Versand?");

    expect(asked?.language).toBeNull();
    expect(result.language).toBe("en");
    expect(replyText(explainReply({ ...result.answer, createdAt: new Date(0) }))).toContain("Language: not recognised");
  });

  it("is that of the fixed sentence about words that cannot be searched for", async () => {
    const { result } = await ask("Und was ist damit?");

    expect(result.reply === null ? "" : replyText(result.reply)).toBe(
      "Können Sie mir etwas mehr sagen? Zum Beispiel, was Sie vorhaben und was stattdessen passiert.",
    );
  });
});

describe("what a customer is told besides", () => {
  it("is told in their language", () => {
    expect(customerText("handedOver", "de")).toContain("an eine Person aus dem Team");
    expect(readInPartText("de", 8_000)).toContain("die ersten 8.000 Zeichen");
    expect(readInPartText("en", 8_000)).toContain("its first 8,000 characters");
  });
});
