import { afterEach } from "vitest";
import {
  createOpenAiAnswerModel,
  type OpenAiAnswerModelOptions,
} from "../../../../infra/models/openai/answer-model.js";
import {
  createOpenAiQuestionRewriter,
  type OpenAiQuestionRewriterOptions,
} from "../../../../infra/models/openai/question-rewriter.js";
import type {
  AnswerModel,
  DraftDecision,
  GenerationEvent,
  GenerationRequest,
  QuestionRewriter,
} from "../../../../src/ports/models.js";
import { createDialectChoice, type DialectChoice } from "../../../../infra/models/openai/dialects.js";
import { FakeOpenAi, type FakeOpenAiOptions } from "../../../fakes/openai/fake-openai.js";

export const REQUEST: GenerationRequest = {
  question: "How long does standard delivery take?",
  language: null,
  history: [],
  passages: [
    {
      number: 1,
      title: "Shipping",
      headingPath: ["Shipping", "Times"],
      kind: "manual",
      text: "Standard delivery takes 2 to 4 business days.",
      score: 1,
    },
  ],
  maxOutputTokens: 400,
};

const running: FakeOpenAi[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.close()));
});

/** A fake that is closed after the test. */
export async function startFake(options: FakeOpenAiOptions = {}): Promise<FakeOpenAi> {
  const fake = await FakeOpenAi.start(options);
  running.push(fake);
  return fake;
}

export function newDialects(): DialectChoice {
  return createDialectChoice(() => undefined);
}

export function modelOf(fake: FakeOpenAi, options: Partial<OpenAiAnswerModelOptions> = {}): AnswerModel {
  return createOpenAiAnswerModel({
    apiKey: fake.apiKey,
    baseUrl: fake.baseUrl,
    model: "gpt-6-luna",
    prices: null,
    dialects: newDialects(),
    ...options,
  });
}

export function rewriterOf(fake: FakeOpenAi, options: Partial<OpenAiQuestionRewriterOptions> = {}): QuestionRewriter {
  const { apiKey, baseUrl } = fake;
  return createOpenAiQuestionRewriter({
    apiKey,
    baseUrl,
    model: "gpt-6-luna",
    prices: null,
    dialects: newDialects(),
    ...options,
  });
}

export interface Drafted {
  readonly text: string;
  readonly pieces: number;
  readonly decision: DraftDecision | null;
  readonly end: Extract<GenerationEvent, { kind: "end" }> | null;
}

export async function draft(
  model: AnswerModel,
  request: GenerationRequest = REQUEST,
  signal = new AbortController().signal,
): Promise<Drafted> {
  const texts: string[] = [];
  let decision: DraftDecision | null = null;
  for await (const event of model.generate(request, signal)) {
    if (event.kind === "end") return { text: texts.join(""), pieces: texts.length, decision, end: event };
    if (event.kind === "text") texts.push(event.text);
    else decision = event.decision;
  }
  return { text: texts.join(""), pieces: texts.length, decision, end: null };
}

export function pathsOf(fake: FakeOpenAi): readonly string[] {
  return fake.requests.map(({ path }) => path);
}
