import type { OpenAI } from "openai";
import type { z } from "zod";
import { ModelError, type ModelUsage } from "../../../src/ports/models.js";
import { chatArguments } from "./chat-api.js";
import { createClient, type OpenAiEndpoint } from "./client.js";
import type { Deadline } from "./deadline.js";
import type { DialectChoice } from "./dialects.js";
import type { DraftRequest } from "./draft-stream.js";
import { payFor, wholeReplyTo, type Payer, type Spent } from "./paid-work.js";
import { responsesArguments } from "./responses-api.js";
import {
  chatFormat,
  createFormatChoice,
  currentWay,
  nextWay,
  promptFor,
  responsesFormat,
  type FormatChoice,
  type ObjectShape,
  type Way,
} from "./structured-formats.js";
import type { Refused, WholeReply } from "./whole-replies.js";

/** Asks a model for an object instead of a text. */
export interface StructuredModel {
  /**
   * Resolves with what the schema makes of a reply that the endpoint says is complete.
   * @throws {ModelError} `rejected` for a refusal, `incomplete` for a reply that is cut or does not fit the schema; with
   * what was paid for it.
   */
  ask<T>(question: StructuredQuestion<T>, signal: AbortSignal): Promise<StructuredAnswer<T>>;
}

export interface StructuredQuestion<T> extends ObjectShape {
  readonly schema: z.ZodType<T>;
  /** What it is for, in the words of an error message. */
  readonly operation: string;
  readonly instruction: string;
  readonly input: string;
  readonly maxOutputTokens: number;
}

export interface StructuredAnswer<T> {
  readonly value: T;
  /** Of every reply that was paid for it. */
  readonly usage: ModelUsage;
}

export interface StructuredModelOptions extends OpenAiEndpoint, Payer {
  /** One for everything that asks this model. */
  readonly dialects: DialectChoice;
}

/**
 * Asks any OpenAI-compatible endpoint: for an object that is held to its schema, or where it knows no schemas, for JSON,
 * or for a text that is read as JSON. Which one it knows is found out with the first valid object, and kept for the life
 * of the process. An endpoint that takes a schema and then writes something else is asked once more, by the next format.
 */
export function createStructuredModel(options: StructuredModelOptions): StructuredModel {
  const asker: Asker = { ...options, client: createClient(options), formats: createFormatChoice(options.dialects) };
  return { ask: (question, signal) => ask(asker, question, signal) };
}

interface Asker extends Pick<StructuredModelOptions, "model" | "prices" | "limits" | "dialects"> {
  readonly client: OpenAI;
  readonly formats: FormatChoice;
}

function ask<T>(asker: Asker, question: StructuredQuestion<T>, signal: AbortSignal): Promise<StructuredAnswer<T>> {
  return payFor(
    asker,
    question.operation,
    (deadline, spent) => askUntilUnderstood(asker, question, deadline, spent),
    signal,
  );
}

/** Asks in one way after another until the endpoint understands. Each reply is added to what was spent. */
async function askUntilUnderstood<T>(
  asker: Asker,
  question: StructuredQuestion<T>,
  deadline: Deadline,
  spent: Spent,
): Promise<T> {
  const { dialects, formats } = asker;
  let mayDoubt = true;
  for (let way = currentWay(asker); ;) {
    spent.calls += 1;
    const reply = await tryWay(asker, question, way, deadline);
    if ("refusal" in reply) {
      const next = nextWay(asker, way, reply.refusal);
      if (next === null) throw reply.error;
      way = next;
      continue;
    }
    dialects.settle(way.dialect);
    spent.paid.push(reply.tokens);
    if (reply.failure !== null) throw new ModelError(reply.failure, question.operation);
    const { data, error } = question.schema.safeParse(objectIn(reply.text));
    if (error === undefined) {
      formats.settle(way.format);
      return data;
    }
    const format = mayDoubt ? formats.after(way.format, "doubtful") : null;
    if (format === null) throw new ModelError("incomplete", question.operation, { cause: error });
    mayDoubt = false;
    way = { ...way, format };
  }
}

function tryWay<T>(
  { client, model }: Asker,
  question: StructuredQuestion<T>,
  { dialect, format }: Way,
  deadline: Deadline,
): Promise<WholeReply | Refused> {
  const { operation, maxOutputTokens } = question;
  const request: DraftRequest = { model, maxOutputTokens, ...promptFor(question, format, question) };
  const { signal } = deadline;
  const sent =
    dialect.api === "responses"
      ? client.responses.create(
          { ...responsesArguments(request, dialect), ...responsesFormat(question, format) },
          { signal },
        )
      : client.chat.completions.create(
          { ...chatArguments(request, dialect), ...chatFormat(question, format) },
          { signal },
        );
  return wholeReplyTo(sent, dialect.api, operation, deadline);
}

/** The object in a text, which may have words or a fence around it; undefined when there is none. */
function objectIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}
