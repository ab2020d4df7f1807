import { z } from "zod";
import { FEATURES } from "../../src/answering/confidence/feature-names.js";
import { CONFIDENCE_MODEL } from "../../src/answering/confidence/model.js";
import { DEFAULT_RESEARCH_LIMITS } from "../../src/answering/research/settings.js";
import { analyze, languageOf } from "../../src/text/analyze.js";
import { RERANK_APIS } from "../models/rerank/wire-formats.js";

const calibrationSchema = z.strictObject({
  model: z
    .string()
    .refine((id) => id === CONFIDENCE_MODEL.id, "was fitted for another version: run `deskhand tune threshold` again")
    .describe("The model that it was fitted for."),
  intercept: z.number().describe("The log odds of an average question."),
  weights: z
    .partialRecord(z.enum(FEATURES), z.number())
    .default({})
    .describe("What each part of the confidence weighs; those that are left out weigh what they do as shipped."),
  documents: z
    .record(z.string(), z.number())
    .default({})
    .describe("What is added to the log odds where a document is found first, by its id at its source."),
  words: z
    .record(z.string(), z.number())
    .default({})
    .describe("What is added to the log odds where a question has a word, by its stem."),
  questions: z
    .string()
    .max(64)
    .optional()
    .describe(
      "A mark of the questions that it was fitted to, so that `deskhand eval` can tell when they are measured.",
    ),
});

/** Whether a phrase has a word that carries a topic. */
function hasTopic(phrase: string): boolean {
  return phrase === "" || analyze(phrase, languageOf(phrase)).some(({ isWeak }) => !isWeak);
}

/** Of Slack and Teams; anything else would match no channel. */
const CHANNEL_ID = /^(?:[CDG][A-Z0-9]{2,}|(?:19|a):\S+)$/u;

const topicSchema = z.strictObject({
  name: z.string().min(1, "is empty").max(80).describe("What it is called in traces."),
  phrases: z
    .array(
      z
        .string()
        .trim()
        .min(1, "is empty")
        .max(200)
        .refine(hasTopic, "has only words that every question has, so it would be about every question"),
    )
    .min(1, "must name at least one phrase")
    .max(200)
    .describe("A question is about the topic when it says one of them, in whatever inflection."),
  threshold: z
    .union([z.literal("person"), z.number().min(0).max(1)])
    .default("person")
    .describe("The probability of being right that an answer must have; `person` where a person always answers."),
});

const rerankSchema = z
  .strictObject({
    kind: z
      .enum(["none", "llm", "endpoint"])
      .default("none")
      .describe(
        "none: the order of the search. llm: the model that writes answers orders them, by one more request for each question. " +
          "endpoint: a reranking model at RERANK_URL.",
      ),
    api: z
      .enum(RERANK_APIS)
      .default("cohere")
      .describe("What RERANK_URL speaks: cohere, jina (vLLM too) or tei (Text Embeddings Inference)."),
    model: z
      .string()
      .min(1, "is empty")
      .nullable()
      .default(null)
      .meta({ examples: ["rerank-v4.0-fast"] })
      .describe("The endpoint's model. A tei endpoint has one only; it is then a name for the trace."),
    costPerThousand: z
      .number()
      .min(0)
      .default(0)
      .describe("US dollars that a thousand requests to the endpoint cost, for the trace."),
  })
  .describe("Whether a model orders what the search found anew before an answer is written.");

const groundingSchema = z
  .strictObject({
    judge: z
      .enum(["none", "llm"])
      .default("none")
      .describe(
        "none: what a draft says is checked here alone. llm: the model that writes answers also looks for what the passages do not support, by one more request for each answer, which is then shown whole.",
      ),
  })
  .describe("How a draft is checked before it is shown.");

const atMost = (limit: number, least = 1, schema = z.number().int()) =>
  z.union([z.literal("unlimited"), schema.min(least)]).default(limit);

const budgetsSchema = z
  .strictObject({
    person: z
      .strictObject({
        questionsPerMinute: atMost(20).describe("Questions within a minute; whoever asks more is told to wait, once."),
        questionsPerDay: atMost(300).describe("Questions on a day (UTC); whoever asks more is told so, once."),
      })
      .prefault({})
      .describe("For each person."),
    tenant: z
      .strictObject({
        questionsPerDay: atMost(50_000).describe("Questions of all people on a day (UTC)."),
        tokensPerDay: atMost(20_000_000, 12_000).describe("Tokens that models read and write for answers on a day."),
        dollarsPerDay: atMost(100, 0.05, z.number()).describe(
          "US dollars that answers cost on a day, as far as prices are known.",
        ),
      })
      .prefault({})
      .describe("For all people together; questions above it go to a person."),
  })
  .describe("What may be spent on answers, each a number or `unlimited`.");
const agenticSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe("Whether the model that writes answers may search again, where a first search is not sure."),
    from: z.number().min(0).max(1).default(0).describe("Questions of less confidence than this are not looked into."),
    below: z
      .union([z.literal("threshold"), z.number().min(0).max(1)])
      .default("threshold")
      .describe("Nor are questions of this confidence or more; `threshold`: those that would be answered."),
    steps: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(DEFAULT_RESEARCH_LIMITS.steps)
      .describe("Steps for one question at most; each is one request to the model."),
    tokens: z
      .number()
      .int()
      .min(6_000)
      .default(DEFAULT_RESEARCH_LIMITS.tokens)
      .describe("Tokens for one question at most, read and written, of all its steps."),
    seconds: z
      .number()
      .min(1)
      .max(120)
      .default(DEFAULT_RESEARCH_LIMITS.seconds)
      .describe("Seconds for one question at most."),
    cost: z
      .number()
      .positive()
      .default(DEFAULT_RESEARCH_LIMITS.cost)
      .describe("US dollars for one question at most, by `price`."),
    price: z
      .strictObject({
        input: z.number().min(0).describe("US dollars for a million tokens that are read."),
        output: z.number().min(0).describe("US dollars for a million tokens that are written."),
      })
      .nullable()
      .default(null)
      .meta({ examples: [{ input: 0.1, output: 0.5 }] })
      .describe("What the model costs. null: OpenAI's list prices with OpenAI itself; elsewhere money is not counted."),
  })
  .refine(({ from, below }) => below === "threshold" || from < below, {
    message: "looks into nothing: from must be less than below",
  })
  .describe("Whether a model may look further where the first search is not sure, and what bounds it.");

export const answeringSchema = z
  .strictObject({
    threshold: z
      .union([z.literal("default"), z.number().min(0).max(1)])
      .default("default")
      .describe(
        "Below this probability of being right (0 to 1) a question goes to a person instead of being answered.",
      ),
    topics: z
      .array(topicSchema)
      .max(100)
      .refine((topics) => new Set(topics.map((topic) => topic.name)).size === topics.length, {
        message: "has two topics of the same name",
      })
      .default([])
      .meta({
        examples: [
          [
            { name: "legal", phrases: ["lawsuit", "data protection officer"] },
            { name: "prices", phrases: ["discount", "price"], threshold: 0.9 },
          ],
        ],
      })
      .describe("Topics that a person always answers, or that take a higher probability of being right."),
    channels: z
      .record(
        z.string().regex(CHANNEL_ID, "is no channel's id, like C0123456789 or 19:0123456789abcdef@thread.tacv2"),
        z.number().min(0).max(1),
      )
      .default({})
      .meta({ examples: [{ C0123456789: 0.8 }] })
      .describe("Thresholds of single channels, by the platform's id of the channel; a topic's goes before."),
    accountActions: z
      .enum(["person", "answer"])
      .default("person")
      .describe(
        "Who gets a request to do something with the customer's own account (`refund my order 123`); `answer` treats it like any question.",
      ),
    fedUp: z
      .enum(["person", "answer"])
      .default("person")
      .describe(
        "Who gets a customer who has had enough of the bot (`this is useless`), or asks the same for the third time; `answer`: the bot goes on.",
      ),
    verified: z
      .enum(["faq", "off"])
      .default("faq")
      .describe(
        "Whether who asks a question that stands in your questions and answers gets that answer word for word, without any model.",
      ),
    acceptedRisk: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.05)
      .describe("The share of wrong answers for which `deskhand tune threshold` finds the threshold."),
    calibration: calibrationSchema
      .nullable()
      .default(null)
      .describe("What `deskhand tune threshold` fitted to your own questions; null for the confidence as shipped."),
    rerank: rerankSchema.prefault({}),
    grounding: groundingSchema.prefault({}),
    budgets: budgetsSchema.prefault({}),
    agentic: agenticSchema.prefault({}),
  })
  .describe("How questions are answered.");
