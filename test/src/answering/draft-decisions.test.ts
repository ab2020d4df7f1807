import { describe, expect, it } from "vitest";
import { createAnswering } from "../../../src/answering/answering.js";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import { replyText } from "../../../src/answering/reply-text.js";
import type { ConversationTurn } from "../../../src/ports/models.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingListener } from "../../fakes/recording-listener.js";
import { says, ScriptedAnswerModel, type Script } from "../../fakes/scripted-answer-model.js";

const HUB = passageOf("To reset the Hub hold its button for 10 seconds.", { title: "Reset the Hub" });
const CAMERA = passageOf("To reset the camera open its lid and press Reset.", { title: "Reset the camera" });
const ASKED = "Do you want to reset the Hub or the camera?";

async function answerWith(script: Script, history: readonly ConversationTurn[] = [], confidence = 0.9) {
  const listener = new RecordingListener();
  const answering = createAnswering({
    search: new MemorySearch([HUB, CAMERA]),
    verified: noVerifiedAnswers,
    model: new ScriptedAnswerModel(script),
    rewriter: null,
    reranker: null,
    research: null,
    clock: { now: () => new Date() },
    newId: () => "answer-1",
    settings: DEFAULT_ANSWER_SETTINGS,
    estimateConfidence: () => ({ value: confidence, parts: {} }),
  });
  const request = {
    tenantId: "acme",
    conversationId: "conversation",
    inboxId: "inbox",
    question: "Which button do I press to reset the device?",
    history,
    audience: ["public"],
    mayStream: true,
  };
  const result = await answering.answer(request, listener, new AbortController().signal);
  const generate = result.answer.stages.find(({ stage }) => stage === "generate")?.output;
  return { result, listener, generate, text: result.reply === null ? null : replyText(result.reply) };
}

describe("a draft that asks back", () => {
  it("is asked as it is, without citations, and streams to nobody", async () => {
    const { result, listener, text, generate } = await answerWith(says(ASKED, { decision: "ask-back", citations: [] }));

    expect(result.answer).toMatchObject({ decision: "ask-back", reason: "ambiguous", text: ASKED });
    expect(text).toBe(ASKED);
    expect(result.reply).toMatchObject({ citations: [], actions: [{ name: "human" }] });
    expect(listener.sentences).toEqual([]);
    expect(generate).toMatchObject({ decision: "ask-back" });
    expect(result.answer.stages.map(({ stage }) => stage)).not.toContain("ground");
  });

  it("is not asked twice in a row: a person takes over", async () => {
    const history = [
      { role: "customer", text: "How do I reset it?" },
      { role: "bot", text: "Do you mean the Hub or the camera?" },
    ] as const;

    const { result } = await answerWith(says(ASKED, { decision: "ask-back" }), history);

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "still-unclear" });
    expect(result.reply).toBeNull();
  });

  it("goes to a person when it is no question that may be asked", async () => {
    const { result } = await answerWith(says("Call 0900 123 456 now?", { decision: "ask-back" }));

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "not-grounded", text: "" });
  });

  it("is asked of nobody when the search was not sure enough", async () => {
    const { result } = await answerWith(says(ASKED, { decision: "ask-back" }), [], 0.1);

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "low-confidence" });
    expect(result.reply).toBeNull();
  });

  it("goes to a person when it is not complete", async () => {
    const { result } = await answerWith(says(ASKED, { decision: "ask-back", finish: "length" }));

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "model-down" });
  });
});

describe("a draft without an answer", () => {
  it("goes to a person with its own reason, whatever its text says", async () => {
    const draft = says("To reset the Hub hold its button for 10 seconds. [1]", { decision: "no-answer" });
    const { result, listener } = await answerWith(draft);

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "documents-do-not-say", text: "" });
    expect(listener.sentences).toEqual([]);
  });
});

describe("the passages that a draft names", () => {
  const answer = "To reset the Hub hold its button for 10 seconds. [1]";

  it("count only as far as they were offered; the others stand in the trace", async () => {
    const { result, generate } = await answerWith(
      says(answer, { decision: "answer", citations: ["1", "[9]", "x", "9"] }),
    );

    expect(result.answer).toMatchObject({ decision: "answer", reason: "grounded" });
    expect(result.reply?.citations).toMatchObject([{ number: 1, title: "Reset the Hub" }]);
    expect(generate).toMatchObject({ unknownCitations: ["9", "x"] });
  });

  it("make no answer when none of them was offered", async () => {
    const { result } = await answerWith(says(answer, { decision: "answer", citations: ["9"] }));

    expect(result.answer).toMatchObject({ decision: "hand-off", reason: "not-grounded" });
    expect(result.reply).toBeNull();
  });

  it("may be left out: what proves a sentence is cited", async () => {
    const { text } = await answerWith(says(answer, { decision: "answer", citations: [] }));

    expect(text).toBe(answer);
  });
});
