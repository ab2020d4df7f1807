import type { OpenAI } from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import type { FunctionTool, ResponseInputItem } from "openai/resources/responses/responses";
import type { z } from "zod";
import { ModelError, type ModelUsage } from "../../../src/ports/models.js";
import { chatArguments } from "./chat-api.js";
import { createClient, type OpenAiEndpoint } from "./client.js";
import type { Deadline } from "./deadline.js";
import type { Dialect, DialectChoice, Refusal } from "./dialects.js";
import { payFor, wholeReplyTo, type Payer, type Spent } from "./paid-work.js";
import { responsesArguments } from "./responses-api.js";
import type { FunctionCall, Refused, WholeReply } from "./whole-replies.js";

/** A function that a model may want called. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** An object whose fields are all there. */
  readonly schema: z.ZodType;
}

/** What a model wanted before, and what came of it. */
export interface AnsweredCall {
  readonly call: FunctionCall;
  readonly output: string;
}

export interface ToolQuestion {
  /** What it is for, in the words of an error message. */
  readonly operation: string;
  readonly instruction: string;
  readonly input: string;
  readonly tools: readonly Tool[];
  /** Oldest first. Nothing is kept at the provider, so all of it is sent each time. */
  readonly before: readonly AnsweredCall[];
  readonly maxOutputTokens: number;
}

/** Asks a model which of some functions it wants called. */
export interface ToolModel {
  /**
   * The first call that it wants; null when it wrote a text instead.
   * @throws {ModelError} with what was paid for it; `rejected` also where the endpoint knows no tools.
   */
  ask(
    question: ToolQuestion,
    signal: AbortSignal,
  ): Promise<{ readonly call: FunctionCall | null; readonly usage: ModelUsage }>;
}

export interface ToolModelOptions extends OpenAiEndpoint, Payer {
  /** One for everything that asks this model. */
  readonly dialects: DialectChoice;
}

/** Asks any OpenAI-compatible endpoint that knows tools, by the Responses API or by Chat Completions. */
export function createToolModel(options: ToolModelOptions): ToolModel {
  const asker = { ...options, client: createClient(options) };
  return { ask: (question, signal) => ask(asker, question, signal) };
}

interface Asker extends ToolModelOptions {
  readonly client: OpenAI;
}

async function ask(asker: Asker, question: ToolQuestion, signal: AbortSignal) {
  const { value: call, usage } = await payFor(
    asker,
    question.operation,
    (deadline, spent) => askUntilUnderstood(asker, question, deadline, spent),
    signal,
  );
  return { call, usage };
}

/** Asks in one dialect after another until the endpoint understands. Each reply is added to what was spent. */
async function askUntilUnderstood(
  asker: Asker,
  question: ToolQuestion,
  deadline: Deadline,
  spent: Spent,
): Promise<FunctionCall | null> {
  const { dialects } = asker;
  for (let dialect = dialects.current(); ;) {
    spent.calls += 1;
    const reply = await tryDialect(asker, question, dialect, deadline);
    if ("refusal" in reply) {
      const next = isAboutTools(reply.refusal) ? null : dialects.after(dialect, reply.refusal);
      if (next === null) throw reply.error;
      dialect = next;
      continue;
    }
    dialects.settle(dialect);
    spent.paid.push(reply.tokens);
    if (reply.failure !== null) throw new ModelError(reply.failure, question.operation);
    return reply.calls[0] ?? null;
  }
}

/** No dialect makes an endpoint know tools. */
function isAboutTools({ param }: Refusal): boolean {
  return /^(?:tools|tool_choice|parallel_tool_calls)\b/u.test(param ?? "");
}

function tryDialect(
  asker: Asker,
  question: ToolQuestion,
  dialect: Dialect,
  deadline: Deadline,
): Promise<WholeReply | Refused> {
  const send = dialect.api === "responses" ? sendResponses : sendChat;
  const sent = send(asker, question, dialect, deadline.signal);
  return wholeReplyTo(sent, dialect.api, question.operation, deadline);
}

function sendResponses({ client, model }: Asker, question: ToolQuestion, dialect: Dialect, signal: AbortSignal) {
  const tools = question.tools.map(({ name, description, schema }): FunctionTool => ({
    type: "function",
    name,
    description,
    parameters: parametersOf(name, schema),
    strict: true,
  }));
  // Without the ids that the provider gave them: those of a model that thinks belong to thoughts that are not kept.
  const before = question.before.flatMap(({ call, output }): ResponseInputItem[] => [
    { type: "function_call", call_id: call.callId, name: call.name, arguments: call.arguments },
    { type: "function_call_output", call_id: call.callId, output },
  ]);
  const body = {
    ...responsesArguments({ model, ...question }, dialect),
    input: [{ role: "user" as const, content: question.input }, ...before],
    tools,
    tool_choice: "required" as const,
    parallel_tool_calls: false,
  };
  return client.responses.create(body, { signal });
}

function sendChat({ client, model }: Asker, question: ToolQuestion, dialect: Dialect, signal: AbortSignal) {
  const tools = question.tools.map(({ name, description, schema }): ChatCompletionTool => ({
    type: "function",
    function: { name, description, parameters: parametersOf(name, schema), strict: true },
  }));
  const before = question.before.flatMap(({ call, output }): ChatCompletionMessageParam[] => [
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: call.callId, type: "function", function: { name: call.name, arguments: call.arguments } }],
    },
    { role: "tool", tool_call_id: call.callId, content: output },
  ]);
  const { messages, ...others } = chatArguments({ model, ...question }, dialect);
  const body = {
    ...others,
    messages: [...messages, ...before],
    tools,
    tool_choice: "required" as const,
    parallel_tool_calls: false,
  };
  return client.chat.completions.create(body, { signal });
}

function parametersOf(name: string, schema: z.ZodType): Record<string, unknown> {
  return zodTextFormat(schema, name).schema;
}
