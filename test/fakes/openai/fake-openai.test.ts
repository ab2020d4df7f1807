import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeOpenAi } from "./fake-openai.js";
import { writes } from "./scripts.js";

let fake: FakeOpenAi;
let chatOnly: FakeOpenAi;

beforeAll(async () => {
  fake = await FakeOpenAi.start();
  chatOnly = await FakeOpenAi.start({ hasResponses: false, hasOldChat: true });
});

afterAll(async () => {
  await Promise.all([fake.close(), chatOnly.close()]);
});

interface Refused {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
}

async function post(to: FakeOpenAi, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${to.baseUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${to.apiKey}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const reply = (await response.json()) as { error?: { code: string | null; param: string | null } };
  return { status: response.status, code: reply.error?.code, param: reply.error?.param } as Refused;
}

type Refusal = readonly [rule: string, path: string, body: unknown, refused: Partial<Refused>];

const WRITE = { model: "gpt-6-luna", input: "Hello" };
const CHAT = { model: "gpt-6-luna", messages: [{ role: "user", content: "Hello" }] };
const EMBED = { model: "text-embedding-3-small", input: ["Hello"] };
const SHAPE = {
  type: "object",
  properties: { question: { type: ["string", "null"] } },
  required: ["question"],
  additionalProperties: false,
};
const MANY = Array.from({ length: 2049 }, () => "a");

const NOT_STRICT: readonly (readonly [how: string, schema: object])[] = [
  ["that is a list", { type: "array", items: SHAPE }],
  ["that lets others in", { ...SHAPE, additionalProperties: true }],
  ["that says nothing of others", { ...SHAPE, additionalProperties: undefined }],
  ["with a field that may be missing", { ...SHAPE, required: [] }],
  ["that requires a field it does not have", { ...SHAPE, required: ["question", "answer"] }],
  ["with a length", { ...SHAPE, properties: { question: { type: "string", maxLength: 400 } } }],
  ["with a keyword that nobody knows", { ...SHAPE, colour: "red" }],
  ["with a field without a type", { ...SHAPE, properties: { question: {} } }],
  ["with an object inside that is not strict", { ...SHAPE, properties: { question: { type: "object" } } }],
];

const INVALID_SCHEMA = { code: "invalid_json_schema", param: "text.format.schema" };
const CHAT_INVALID_SCHEMA = { code: "invalid_json_schema", param: "response_format" };

function asSchema(changes: object): object {
  return { ...WRITE, text: { format: { type: "json_schema", name: "a", strict: true, schema: SHAPE, ...changes } } };
}

function asChatSchema(changes: object): object {
  const json_schema = { name: "a", strict: true, schema: SHAPE, ...changes };
  return { ...CHAT, response_format: { type: "json_schema", json_schema } };
}

const TOOL = { type: "function", name: "search", parameters: SHAPE, strict: true };
const CHAT_TOOL = { type: "function", function: { name: "search", parameters: SHAPE, strict: true } };
const CALL = { type: "function_call", call_id: "call_1", name: "search", arguments: "{}" };
const OUTPUT = { type: "function_call_output", call_id: "call_1", output: "Nothing." };
const CALLING = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "call_1", type: "function", function: { name: "search", arguments: "{}" } }],
};
const TOLD = { role: "tool", tool_call_id: "call_1", content: "Nothing." };

function withTool(changes: object): object {
  return { ...WRITE, tools: [{ ...TOOL, ...changes }] };
}

function withItems(...items: readonly object[]): object {
  return { ...WRITE, tools: [TOOL], input: [{ role: "user", content: "Hello" }, ...items] };
}

function withMessages(...messages: readonly object[]): object {
  return { ...CHAT, tools: [CHAT_TOOL], messages: [...CHAT.messages, ...messages] };
}

const TOOL_REFUSALS: readonly Refusal[] = [
  ["no tools", "/responses", { ...WRITE, tools: [] }, { code: "empty_array", param: "tools" }],
  ["a tool of Chat Completions", "/responses", { ...WRITE, tools: [CHAT_TOOL] }, { param: "tools[0].function" }],
  ["a tool of the Responses API", "/chat/completions", { ...CHAT, tools: [TOOL] }, { code: "unknown_parameter" }],
  ["a tool without a name", "/responses", withTool({ name: undefined }), { param: "tools[0].name" }],
  ["a tool's name with a blank", "/responses", withTool({ name: "a b" }), { param: "tools[0].name" }],
  [
    "a tool that says nothing of strictness",
    "/responses",
    withTool({ strict: undefined }),
    { param: "tools[0].strict" },
  ],
  ...NOT_STRICT.flatMap(([how, parameters]) => [
    [
      `a strict tool ${how}`,
      "/responses",
      withTool({ parameters }),
      { code: "invalid_function_parameters", param: "tools[0].parameters" },
    ] as const,
    [
      `a strict tool ${how}`,
      "/chat/completions",
      { ...CHAT, tools: [{ type: "function", function: { ...CHAT_TOOL.function, parameters } }] },
      { code: "invalid_function_parameters", param: "tools[0].function.parameters" },
    ] as const,
  ]),
  ["a choice among no tools", "/responses", { ...WRITE, tool_choice: "required" }, { param: "tool_choice" }],
  ["a choice among no tools", "/chat/completions", { ...CHAT, tool_choice: "auto" }, { param: "tool_choice" }],
  [
    "a choice that is not offered",
    "/responses",
    { ...WRITE, tools: [TOOL], tool_choice: { type: "function", name: "open" } },
    { code: "invalid_value", param: "tool_choice" },
  ],
  ["an unknown choice", "/responses", { ...WRITE, tools: [TOOL], tool_choice: "any" }, { code: "invalid_value" }],
  ["one call at a time of no tools", "/responses", { ...WRITE, parallel_tool_calls: false }, { status: 400 }],
  ["an output without its call", "/responses", withItems(OUTPUT), { status: 400, param: "input" }],
  ["a call without its output", "/responses", withItems(CALL), { status: 400, param: "input" }],
  ["an output before its call", "/responses", withItems(OUTPUT, CALL), { status: 400, param: "input" }],
  [
    "a call without an id",
    "/responses",
    withItems({ ...CALL, call_id: undefined }, OUTPUT),
    { param: "input[1].call_id" },
  ],
  [
    "too long an id",
    "/responses",
    withItems({ ...CALL, call_id: "x".repeat(65) }),
    { code: "string_above_max_length" },
  ],
  ["arguments that are no text", "/responses", withItems({ ...CALL, arguments: {} }), { code: "invalid_type" }],
  ["a tool's message without its call", "/chat/completions", withMessages(TOLD), { status: 400 }],
  ["a calling message that nothing follows", "/chat/completions", withMessages(CALLING), { status: 400 }],
  [
    "a message between a call and what came of it",
    "/chat/completions",
    withMessages(CALLING, { role: "user", content: "Well?" }, TOLD),
    { status: 400 },
  ],
  [
    "a tool's message without an id",
    "/chat/completions",
    withMessages(CALLING, { role: "tool", content: "" }),
    { status: 400 },
  ],
];

const REFUSALS: readonly Refusal[] = [
  ...TOOL_REFUSALS,
  [
    "an unknown argument",
    "/responses",
    { ...WRITE, max_tokens: 5 },
    { code: "unknown_parameter", param: "max_tokens" },
  ],
  ["an unknown argument inside", "/responses", { ...WRITE, reasoning: { depth: 1 } }, { param: "reasoning.depth" }],
  ["no model", "/responses", { input: "Hello" }, { code: "missing_required_parameter", param: "model" }],
  ["no input", "/responses", { model: "gpt-6-luna" }, { code: "missing_required_parameter", param: "input" }],
  ["input of a wrong type", "/responses", { ...WRITE, input: 5 }, { code: "invalid_type", param: "input" }],
  ["an empty list of messages", "/responses", { ...WRITE, input: [] }, { code: "empty_array", param: "input" }],
  [
    "a message without a role",
    "/responses",
    { ...WRITE, input: [{ content: "Hello" }] },
    { code: "missing_required_parameter", param: "input[0].role" },
  ],
  [
    "an unknown role",
    "/responses",
    { ...WRITE, input: [{ role: "bot", content: "Hello" }] },
    { code: "invalid_value", param: "input[0].role" },
  ],
  ["stream that is no boolean", "/responses", { ...WRITE, stream: "yes" }, { code: "invalid_type", param: "stream" }],
  [
    "too small a limit",
    "/responses",
    { ...WRITE, max_output_tokens: 15 },
    { code: "integer_below_min_value", param: "max_output_tokens" },
  ],
  ["a limit that is no integer", "/responses", { ...WRITE, max_output_tokens: 99.5 }, { code: "invalid_type" }],
  ["too big a limit", "/responses", { ...WRITE, max_output_tokens: 128_001 }, { param: "max_output_tokens" }],
  ["an unknown effort", "/responses", { ...WRITE, reasoning: { effort: "some" } }, { code: "invalid_value" }],
  [
    "an effort that the model does not have",
    "/responses",
    { ...WRITE, model: "always-thinks", reasoning: { effort: "none" } },
    { code: "unsupported_value", param: "reasoning.effort" },
  ],
  [
    "effort for a model that does not think",
    "/responses",
    { ...WRITE, model: "never-thinks", reasoning: { effort: "none" } },
    { code: "unsupported_parameter", param: "reasoning.effort" },
  ],
  [
    "sampling while thinking",
    "/responses",
    { ...WRITE, temperature: 0 },
    { code: "unsupported_parameter", param: "temperature" },
  ],
  ["a number that is none", "/responses", { ...WRITE, temperature: "0" }, { code: "invalid_type" }],
  ["metadata that is no object", "/responses", { ...WRITE, metadata: [] }, { code: "invalid_type" }],
  [
    "more than 16 pairs of metadata",
    "/responses",
    { ...WRITE, metadata: Object.fromEntries(MANY.slice(0, 17).map((_, index) => [`key${index}`, "value"])) },
    { code: "object_above_max_properties" },
  ],
  [
    "too long an identifier",
    "/responses",
    { ...WRITE, safety_identifier: "x".repeat(65) },
    { code: "string_above_max_length" },
  ],
  ["an unknown model", "/responses", { ...WRITE, model: "gpt-0" }, { status: 404, code: "model_not_found" }],
  ["a model that only embeds", "/responses", { ...WRITE, model: EMBED.model }, { code: "unsupported_model" }],
  [
    "more than the model can read",
    "/responses",
    { ...WRITE, model: "never-thinks", input: "a ".repeat(8193) },
    { code: "context_length_exceeded" },
  ],
  ["what it was not told to write", "/responses", WRITE, { code: "unscripted" }],
  ["a body that is no object", "/responses", [], { code: "invalid_type" }],
  ["a body that is no JSON", "/responses", "{", { code: null }],
  ["an unknown address", "/answers", WRITE, { status: 404, code: null }],
  ["an unknown argument", "/chat/completions", { ...CHAT, input: "Hello" }, { code: "unknown_parameter" }],
  ["no messages", "/chat/completions", { model: "gpt-6-luna" }, { param: "messages" }],
  [
    "the old limit for a model that thinks",
    "/chat/completions",
    { ...CHAT, max_tokens: 50 },
    { code: "unsupported_parameter", param: "max_tokens" },
  ],
  [
    "options of a stream without a stream",
    "/chat/completions",
    { ...CHAT, stream_options: { include_usage: true } },
    { param: "stream_options" },
  ],
  [
    "what Chat Completions call a format",
    "/responses",
    { ...WRITE, response_format: { type: "json_object" } },
    { code: "unsupported_parameter", param: "response_format" },
  ],
  [
    "what the Responses API calls a format",
    "/chat/completions",
    { ...CHAT, text: { format: { type: "json_object" } } },
    { code: "unknown_parameter", param: "text" },
  ],
  ["an unknown format", "/responses", { ...WRITE, text: { format: { type: "xml" } } }, { param: "text.format.type" }],
  [
    "a schema inside, as Chat Completions have it",
    "/responses",
    { ...WRITE, text: { format: { type: "json_schema", json_schema: { name: "a", schema: SHAPE } } } },
    { code: "unknown_parameter", param: "text.format.json_schema" },
  ],
  [
    "a schema outside, as the Responses API has it",
    "/chat/completions",
    { ...CHAT, response_format: { type: "json_schema", name: "a", schema: SHAPE } },
    { code: "unknown_parameter" },
  ],
  ["a schema without a name", "/responses", asSchema({ name: undefined }), { param: "text.format.name" }],
  ["a name with a blank", "/responses", asSchema({ name: "a b" }), { param: "text.format.name" }],
  ["too long a name", "/responses", asSchema({ name: "a".repeat(65) }), { code: "string_above_max_length" }],
  ["no schema", "/responses", asSchema({ schema: undefined }), { code: "missing_required_parameter" }],
  ...NOT_STRICT.flatMap(([how, schema]) => [
    [`a strict schema ${how}`, "/responses", asSchema({ schema }), INVALID_SCHEMA] as const,
    [`a strict schema ${how}`, "/chat/completions", asChatSchema({ schema }), CHAT_INVALID_SCHEMA] as const,
  ]),
  [
    "JSON that the input does not ask for",
    "/responses",
    { ...WRITE, instructions: "Write JSON.", text: { format: { type: "json_object" } } },
    { code: null, param: "input" },
  ],
  [
    "JSON that no message asks for",
    "/chat/completions",
    { ...CHAT, response_format: { type: "json_object" } },
    { code: null, param: "messages" },
  ],
  ["no input", "/embeddings", { model: EMBED.model }, { param: "input" }],
  ["an empty text", "/embeddings", { ...EMBED, input: ["a", ""] }, { code: "empty_string", param: "input[1]" }],
  ["an empty text alone", "/embeddings", { ...EMBED, input: "" }, { code: "empty_string" }],
  ["no text", "/embeddings", { ...EMBED, input: [] }, { code: "empty_array" }],
  ["more than 2,048 texts", "/embeddings", { ...EMBED, input: MANY }, { code: "array_above_max_length" }],
  [
    "a text of more than 8,192 tokens",
    "/embeddings",
    { ...EMBED, input: "a ".repeat(8193) },
    { code: "context_length_exceeded" },
  ],
  [
    "more than 300,000 tokens",
    "/embeddings",
    { ...EMBED, input: Array.from({ length: 38 }, () => "a ".repeat(8000)) },
    { code: "max_tokens_per_request" },
  ],
  ["an unknown encoding", "/embeddings", { ...EMBED, encoding_format: "hex" }, { code: "invalid_value" }],
  ["more dimensions than there are", "/embeddings", { ...EMBED, dimensions: 1537 }, { param: "dimensions" }],
  ["no dimensions", "/embeddings", { ...EMBED, dimensions: 0 }, { code: "integer_below_min_value" }],
  [
    "dimensions of a model with one size",
    "/embeddings",
    { ...EMBED, model: "nomic-embed-text", dimensions: 256 },
    { param: "dimensions" },
  ],
  ["a model that only writes", "/embeddings", { ...EMBED, model: "gpt-6-luna" }, { code: "unsupported_model" }],
];

describe("the fake of OpenAI refuses", () => {
  it.each(REFUSALS)("%s at %s", async (_, path, body, refused) => {
    await expect(post(fake, path, body)).resolves.toMatchObject({ status: 400, ...refused });
  });

  it("a missing and a wrong key", async () => {
    const refused = { status: 401, code: "invalid_api_key" };
    await expect(post(fake, "/responses", WRITE, { authorization: "" })).resolves.toMatchObject(refused);
    await expect(post(fake, "/responses", WRITE, { authorization: "Bearer x" })).resolves.toMatchObject(refused);
  });

  it("a body of another type", async () => {
    await expect(post(fake, "/responses", WRITE, { "content-type": "text/plain" })).resolves.toMatchObject({
      status: 400,
    });
  });

  it("a format that it does not know, and no other", async () => {
    const few = await FakeOpenAi.start({ formats: ["text", "json_object"] });

    await expect(post(few, "/responses", asSchema({}))).resolves.toMatchObject({ status: 400, param: "text.format" });
    await expect(post(few, "/chat/completions", asChatSchema({}))).resolves.toMatchObject({ param: "response_format" });
    const words = { ...WRITE, input: "Write JSON.", text: { format: { type: "json_object" } } };
    await expect(post(few, "/responses", words)).resolves.toMatchObject({ code: "unscripted" });
    await few.close();
  });

  it("no strict schema that is strict, and no other schema that is not", async () => {
    for (const body of [asSchema({}), asSchema({ strict: false, schema: { ...SHAPE, required: [] } })]) {
      await expect(post(fake, "/responses", body)).resolves.toMatchObject({ code: "unscripted" });
    }
  });

  it("to write what does not fit a strict schema, unless it stands for an endpoint that ignores it", async () => {
    for (const [script, status] of [
      [writes("Two days."), 500],
      [writes('{"question":5}'), 500],
      [writes('{"question":null,"more":1}'), 500],
      [writes('{"question":null}'), 200],
      [writes("Two days.", { ignoresSchema: true }), 200],
      [{ ...writes("Two days."), object: { question: null } }, 200],
    ] as const) {
      fake.willWrite(script, script);
      await expect(post(fake, "/responses", asSchema({}))).resolves.toMatchObject({ status });
      await expect(post(fake, "/chat/completions", asChatSchema({}))).resolves.toMatchObject({ status });
    }
  });

  it("the Responses API, and new arguments, where it stands for an old endpoint", async () => {
    await expect(post(chatOnly, "/responses", WRITE)).resolves.toMatchObject({ status: 404, code: null });
    for (const argument of [{ max_completion_tokens: 50 }, { stream_options: {} }, { reasoning_effort: "none" }]) {
      const body = { ...CHAT, model: "never-thinks", ...argument };
      await expect(post(chatOnly, "/chat/completions", body)).resolves.toMatchObject({ code: "unknown_parameter" });
    }
  });
});
