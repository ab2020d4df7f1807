import { answerModel, countTokens, embeddingModel, type FakeAnswerModel, type FakeModel } from "./fake-models.js";
import { checkFormat, RESPONSE_FORMAT, RESPONSES_TEXT, type FormatType } from "./format-rules.js";
import { badRequest } from "./problem.js";
import {
  CALLING_MESSAGE,
  CHAT_TOOLS,
  checkPairs,
  checkToolMessages,
  checkTools,
  FUNCTION_CALL,
  FUNCTION_CALL_OUTPUT,
  RESPONSES_TOOLS,
  TOOL_MESSAGE,
  type ToolUse,
} from "./tool-rules.js";
import {
  boolean,
  integer,
  isObject,
  list,
  nullable,
  object,
  oneOf,
  optional,
  required,
  string,
  stringOr,
  wrongType,
  type Rule,
} from "./rules.js";

/** A request to write, as far as the fake has to know it. */
export interface WriteRequest {
  readonly model: FakeAnswerModel;
  readonly isStreamed: boolean;
  /** Chat Completions send the usage only when asked. */
  readonly wantsUsage: boolean;
  readonly effort: string | null;
  readonly maxOutputTokens: number | null;
  readonly instruction: string;
  readonly input: string;
  readonly formatType: FormatType;
  /** As it was sent, for the reply to say. */
  readonly format: unknown;
  readonly toolUse: ToolUse;
  /** What was called before, oldest first, with what came of it. */
  readonly calls: readonly { readonly name: string; readonly arguments: string; readonly output: string }[];
}

export interface EmbedRequest {
  readonly model: string;
  readonly inputs: readonly string[];
  readonly dimensions: number;
  readonly isBase64: boolean;
  readonly tokens: number;
}

const EFFORT = nullable(oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"));
const METADATA: Rule = (value, path) => {
  if (!isObject(value)) throw wrongType(path, "an object", value);
  if (Object.keys(value).length > 16) {
    throw badRequest("object_above_max_properties", `Invalid '${path}': too many properties.`, path);
  }
};
const number: Rule = (value, path) => {
  if (typeof value !== "number") throw wrongType(path, "a number", value);
};

const MESSAGE = object({
  role: required(oneOf("user", "system", "developer", "assistant")),
  content: required(string()),
  type: optional(oneOf("message")),
});

const ITEM: Rule = (value, path) => {
  const type = isObject(value) ? value["type"] : undefined;
  const rule =
    type === "function_call" ? FUNCTION_CALL : type === "function_call_output" ? FUNCTION_CALL_OUTPUT : MESSAGE;
  rule(value, path);
};

const RESPONSES = object({
  model: required(string()),
  input: required(stringOr(list(ITEM))),
  ...RESPONSES_TOOLS,
  instructions: optional(nullable(string())),
  max_output_tokens: optional(nullable(integer(16))),
  store: optional(nullable(boolean)),
  stream: optional(nullable(boolean)),
  reasoning: optional(nullable(object({ effort: optional(EFFORT) }))),
  text: optional(RESPONSES_TEXT),
  temperature: optional(nullable(number)),
  top_p: optional(nullable(number)),
  metadata: optional(METADATA),
  safety_identifier: optional(string({ longest: 64 })),
  truncation: optional(nullable(oneOf("auto", "disabled"))),
});

const CHAT_MESSAGE: Rule = (value, path) => {
  const plain = object({
    role: required(oneOf("system", "developer", "user", "assistant", "tool")),
    content: required(string()),
  });
  const isCalling = isObject(value) && value["tool_calls"] !== undefined;
  const isTool = isObject(value) && value["role"] === "tool";
  (isCalling ? CALLING_MESSAGE : isTool ? TOOL_MESSAGE : plain)(value, path);
};

const CHAT = object({
  model: required(string()),
  messages: required(list(CHAT_MESSAGE)),
  ...CHAT_TOOLS,
  stream: optional(nullable(boolean)),
  stream_options: optional(nullable(object({ include_usage: optional(boolean) }))),
  max_tokens: optional(nullable(integer(1))),
  max_completion_tokens: optional(nullable(integer(1))),
  reasoning_effort: optional(EFFORT),
  response_format: optional(RESPONSE_FORMAT),
  temperature: optional(nullable(number)),
  top_p: optional(nullable(number)),
  store: optional(nullable(boolean)),
});

const OLD_CHAT = object({
  model: required(string()),
  messages: required(
    list(object({ role: required(oneOf("system", "user", "assistant")), content: required(string()) })),
  ),
  stream: optional(boolean),
  max_tokens: optional(integer(1)),
  temperature: optional(number),
  top_p: optional(number),
});

const EMBEDDINGS = object({
  model: required(string()),
  input: required(stringOr(list(string({ isFilled: true }), { longest: 2048 }))),
  dimensions: optional(integer(1)),
  encoding_format: optional(oneOf("float", "base64")),
  user: optional(string()),
});

const LONGEST_INPUT = 8192;
const LONGEST_REQUEST = 300_000;

export function readResponsesRequest(
  body: unknown,
  models: readonly FakeModel[],
  formats: readonly FormatType[],
  hasTools = true,
): WriteRequest {
  const fields = isObject(body) ? body : {};
  if (fields["response_format"] !== undefined) {
    const message = "Unsupported parameter: 'response_format'. In the Responses API, it has moved to 'text.format'.";
    throw badRequest("unsupported_parameter", message, "response_format");
  }
  RESPONSES(body, "");
  const model = answerModel(models, fields["model"]);
  const effort = isObject(fields["reasoning"]) ? fields["reasoning"]["effort"] : null;
  checkThinking(model, fields, effort, "reasoning.effort", "reasoning");
  const input = textOf(fields["input"]) ?? contentsOf(fields["input"]);
  const toolUse = checkTools(fields, "responses", hasTools);
  const calls = responsesCalls(fields["input"]);
  const format = isObject(fields["text"]) ? fields["text"]["format"] : undefined;
  const formatType = checkFormat({ param: "text.format", format, words: input, known: formats });
  return fitting({
    formatType,
    format,
    toolUse,
    calls,
    model,
    isStreamed: fields["stream"] === true,
    wantsUsage: true,
    effort: textOf(effort),
    maxOutputTokens: numberOf(fields["max_output_tokens"]),
    instruction: textOf(fields["instructions"]) ?? "",
    input,
  });
}

export function readChatRequest(
  body: unknown,
  models: readonly FakeModel[],
  formats: readonly FormatType[],
  isOld: boolean,
  hasTools = true,
): WriteRequest {
  (isOld ? OLD_CHAT : CHAT)(body, "");
  const fields = isObject(body) ? body : {};
  const model = answerModel(models, fields["model"]);
  checkThinking(model, fields, fields["reasoning_effort"], "reasoning_effort", "reasoning_effort");
  if (!isOld && model.efforts.length > 0 && fields["max_tokens"] !== undefined) {
    const message = "Unsupported parameter: 'max_tokens' is not supported with this model.";
    throw badRequest("unsupported_parameter", `${message} Use 'max_completion_tokens' instead.`, "max_tokens");
  }
  const options = fields["stream_options"];
  if (isObject(options) && fields["stream"] !== true) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    throw badRequest(null, message, "stream_options");
  }
  const messages = Array.isArray(fields["messages"]) ? fields["messages"].filter(isObject) : [];
  const format = fields["response_format"];
  const words = contentsOf(messages);
  const formatType = checkFormat({ param: "response_format", format, words, known: formats });
  checkToolMessages(messages);
  const isInstruction = ({ role }: Readonly<Record<string, unknown>>) => role === "system" || role === "developer";
  return fitting({
    formatType,
    format,
    toolUse: checkTools(fields, "chat", hasTools),
    calls: chatCalls(messages),
    model,
    isStreamed: fields["stream"] === true,
    wantsUsage: fields["stream"] !== true || (isObject(options) && options["include_usage"] === true),
    effort: textOf(fields["reasoning_effort"]),
    maxOutputTokens: numberOf(fields["max_completion_tokens"] ?? fields["max_tokens"]),
    instruction: contentsOf(messages.filter(isInstruction)),
    input: contentsOf(messages.filter((message) => !isInstruction(message) && message["role"] !== "tool")),
  });
}

export function readEmbeddingsRequest(body: unknown, models: readonly FakeModel[]): EmbedRequest {
  EMBEDDINGS(body, "");
  const fields = isObject(body) ? body : {};
  const model = embeddingModel(models, fields["model"]);
  const { input, dimensions } = fields;
  const inputs = Array.isArray(input) ? input.map(String) : [textOf(input) ?? ""];
  const sizes = inputs.map(countTokens);
  if (inputs.includes(""))
    throw badRequest("empty_string", "Invalid 'input': input cannot be an empty string.", "input");
  const tokens = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.some((size) => size > LONGEST_INPUT)) {
    const message = `This model's maximum context length is ${LONGEST_INPUT} tokens.`;
    throw badRequest("context_length_exceeded", message, "input");
  }
  if (tokens > LONGEST_REQUEST) {
    const message = `Requested ${tokens} tokens, max ${LONGEST_REQUEST} tokens per request`;
    throw badRequest("max_tokens_per_request", message, "input");
  }
  if (dimensions !== undefined && !model.isReducible) {
    throw badRequest(null, "This model does not support specifying dimensions.", "dimensions");
  }
  if (Number(dimensions) > model.dimensions) {
    throw badRequest(null, `Invalid value for 'dimensions': at most ${model.dimensions}.`, "dimensions");
  }
  const isBase64 = fields["encoding_format"] === "base64";
  return { model: model.id, inputs, dimensions: numberOf(dimensions) ?? model.dimensions, isBase64, tokens };
}

function checkThinking(
  model: FakeAnswerModel,
  fields: Readonly<Record<string, unknown>>,
  effort: unknown,
  param: string,
  root: string,
): void {
  if (model.efforts.length === 0) {
    if (fields[root] === undefined || fields[root] === null) return;
    const message = `Unsupported parameter: '${param}' is not supported with this model.`;
    throw badRequest("unsupported_parameter", message, param);
  }
  if (typeof effort === "string" && !model.efforts.some((one) => one === effort)) {
    const message = `Unsupported value: '${effort}' is not supported with the '${model.id}' model.`;
    throw badRequest("unsupported_value", message, param);
  }
  for (const sampling of ["temperature", "top_p"]) {
    if (fields[sampling] === undefined || effort === "none") continue;
    const message = `Unsupported parameter: '${sampling}' is not supported with this model.`;
    throw badRequest("unsupported_parameter", message, sampling);
  }
}

function fitting(request: WriteRequest): WriteRequest {
  const { model, maxOutputTokens } = request;
  if (maxOutputTokens !== null && maxOutputTokens > model.longestOutput) {
    throw badRequest("invalid_value", `At most ${model.longestOutput} completion tokens.`, "max_output_tokens");
  }
  if (inputTokensOf(request) <= model.contextTokens) return request;
  const message = "Your input exceeds the context window of this model. Please adjust your input and try again.";
  throw badRequest("context_length_exceeded", message, "input");
}

export function inputTokensOf({ instruction, input, toolUse, calls }: WriteRequest): number {
  const tools = toolUse.tools.length === 0 ? "" : JSON.stringify(toolUse.sent);
  const before = calls.map(({ name, arguments: values, output }) => `${name}${values}${output}`).join("");
  return countTokens(instruction) + countTokens(input) + countTokens(tools) + countTokens(before);
}

function responsesCalls(input: unknown): WriteRequest["calls"] {
  const items = Array.isArray(input) ? input.filter(isObject).filter(({ call_id: id }) => id !== undefined) : [];
  checkPairs(items.map((item) => ({ id: String(item["call_id"]), isOutput: item["type"] === "function_call_output" })));
  const outputOf = (id: unknown) => items.find((item) => item["call_id"] === id && item["output"] !== undefined);
  return items.flatMap((item) =>
    item["type"] === "function_call" ? [callOf(item, outputOf(item["call_id"])?.["output"])] : [],
  );
}

function chatCalls(messages: readonly Readonly<Record<string, unknown>>[]): WriteRequest["calls"] {
  return messages.flatMap((message) => {
    const called: readonly unknown[] = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
    return called.filter(isObject).flatMap(({ id, function: definition }) => {
      const output = messages.find((one) => one["tool_call_id"] === id)?.["content"];
      return isObject(definition) ? [callOf(definition, output)] : [];
    });
  });
}

function callOf({ name, arguments: values }: Readonly<Record<string, unknown>>, output: unknown) {
  return { name: String(name), arguments: String(values), output: textOf(output) ?? "" };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function contentsOf(messages: unknown): string {
  const contents = Array.isArray(messages) ? messages.filter(isObject).map(({ content }) => textOf(content) ?? "") : [];
  return contents.join("\n\n");
}
