import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { createOpenAiEmbeddings } from "../../../../infra/models/openai/embeddings.js";
import { createOpenAiResearchModel } from "../../../../infra/models/openai/research-model.js";
import type { FakeOpenAi } from "../../../fakes/openai/fake-openai.js";
import { isObject } from "../../../fakes/openai/rules.js";
import { calls, writes, writesDraft, type Script } from "../../../fakes/openai/scripts.js";
import { draft, modelOf, newDialects, rewriterOf, startFake } from "./scene.js";

const dataDirectory = process.env["TEST_DATA_DIR"] ?? "";
const file = path.join(dataDirectory, "..", "contracts", "openai-openapi.json");
const isThere = dataDirectory !== "" && existsSync(file);
const skipped = isThere ? "" : " (skipped: TEST_DATA_DIR has no contracts/openai-openapi.json beside it)";

/** Reads the description once, and compiles what is asked for. */
class Contract {
  readonly #schemas: Readonly<Record<string, unknown>>;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    const text = readFileSync(file, "utf8");
    const document = JSON.parse(text, withoutNullable) as { components: { schemas: Record<string, unknown> } };
    this.#ajv.addSchema(document, "openai");
    this.#schemas = document.components.schemas;
  }

  check(name: string, value: unknown): void {
    const validate = this.#compiled.get(name) ?? this.#ajv.compile({ $ref: `openai#/components/schemas/${name}` });
    this.#compiled.set(name, validate);
    validate(value);
    expect({ name, errors: validate.errors ?? [] }).toEqual({ name, errors: [] });
  }

  /** The description allows what it does not name; OpenAI refuses it. */
  checkNames(name: string, value: object): void {
    const known = this.#namesOf(this.#schemas[name]);
    expect(Object.keys(value).filter((key) => !known.has(key))).toEqual([]);
  }

  /** The schema of an event of the Responses API's stream, by its type. */
  nameOfEvent(type: string): string {
    const union = this.#schemas["ResponseStreamEvent"];
    const names = isObject(union) ? listOf(union["anyOf"]).map(referenceOf) : [];
    return names.find((name) => listOf(this.#typeOf(name)).includes(type)) ?? `an event named ${type}`;
  }

  #typeOf(name: string): unknown {
    const schema = this.#schemas[name];
    const properties = isObject(schema) ? schema["properties"] : null;
    const type = isObject(properties) ? properties["type"] : null;
    return isObject(type) ? type["enum"] : null;
  }

  #namesOf(schema: unknown): ReadonlySet<string> {
    if (!isObject(schema)) return new Set();
    const parts = [this.#schemas[referenceOf(schema)], ...listOf(schema["allOf"])];
    const own = isObject(schema["properties"]) ? Object.keys(schema["properties"]) : [];
    return new Set([...own, ...parts.flatMap((part) => [...this.#namesOf(part)])]);
  }
}

/** Some schemas still say `nullable`, as before OpenAPI 3.1, also of a list of values that has no null. */
function withoutNullable(_: string, value: unknown): unknown {
  if (!isObject(value) || value["nullable"] !== true) return value;
  return { anyOf: [{ ...value, nullable: undefined }, { type: "null" }] };
}

function referenceOf(schema: unknown): string {
  const reference = isObject(schema) ? schema["$ref"] : null;
  return typeof reference === "string" ? (reference.split("/").at(-1) ?? "") : "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function post(fake: FakeOpenAi, to: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${fake.apiKey}`, "content-type": "application/json" };
  return (await fetch(`${fake.baseUrl}${to}`, { method: "POST", headers, body: JSON.stringify(body) })).text();
}

function eventsOf(stream: string): readonly unknown[] {
  const lines = stream.split("\n").filter((line) => line.startsWith("data: ") && line !== "data: [DONE]");
  return lines.map((line) => JSON.parse(line.slice(6)) as unknown);
}

const SCRIPTS: readonly Script[] = [
  writesDraft("Two to four days. [1]"),
  writesDraft("Two to four days. [1]", { ending: "length" }),
  writesDraft("Two to four days. [1]", { ending: "content-filter" }),
  writesDraft("I can't help with that.", { ending: "refusal" }),
];

const OBJECT = writes('{"question":null}');
const HISTORY = [{ role: "customer", text: "How long does standard delivery take?" }] as const;

describe.skipIf(!isThere)(`OpenAI's own description of its API${skipped}`, () => {
  const contract = isThere ? new Contract() : null;

  it.each(["gpt-6-luna", "always-thinks", "never-thinks"])(
    "allows what %s is asked by the Responses API",
    async (model) => {
      const fake = await startFake();
      fake.willWrite(SCRIPTS[0]!);
      await draft(modelOf(fake, { model }));

      for (const { body } of fake.requests) {
        contract?.check("CreateResponse", body);
        contract?.checkNames("CreateResponse", body as object);
      }
    },
  );

  it.each([false, true])("allows what is asked by Chat Completions (old: %s)", async (hasOldChat) => {
    const fake = await startFake({ hasResponses: false, hasOldChat });
    fake.willWrite(SCRIPTS[0]!);
    await draft(modelOf(fake, { model: "never-thinks" }));

    for (const { body } of fake.requests.slice(1)) {
      contract?.check("CreateChatCompletionRequest", body);
      contract?.checkNames("CreateChatCompletionRequest", body as object);
    }
  });

  it.each([
    [undefined, ["json_schema"]],
    [
      ["text", "json_object"],
      ["json_schema", "json_object"],
    ],
    [["text"], ["json_schema", "json_object", "none"]],
  ] as const)("allows how an object is asked for where the endpoint knows %j", async (formats, asked) => {
    for (const hasResponses of [true, false]) {
      const fake = await startFake({ hasResponses, ...(formats === undefined ? {} : { formats }) });
      fake.willWrite(OBJECT);
      await rewriterOf(fake).rewrite("And express?", HISTORY, new AbortController().signal);

      const bodies = fake.requests.filter(({ status }) => status !== 404).map(({ body }) => body as object);
      expect(bodies.map((body) => /"type":"(json_\w+)"/u.exec(JSON.stringify(body))?.[1] ?? "none")).toEqual(asked);
      for (const body of bodies) {
        const name = hasResponses ? "CreateResponse" : "CreateChatCompletionRequest";
        contract?.check(name, body);
        contract?.checkNames(name, body);
      }
    }
  });

  it("describes what the fake answers when it is asked for an object", async () => {
    const fake = await startFake();
    fake.willWrite(OBJECT, OBJECT);
    const properties = { question: { type: ["string", "null"] } };
    const schema = { type: "object", properties, required: ["question"], additionalProperties: false };
    const definition = { name: "nothing", strict: true, schema };
    const format = { type: "json_schema", ...definition };
    const request = { model: "gpt-6-luna", input: "How long?", text: { format } };
    const messages = [{ role: "user", content: "How long?" }];
    const chat = {
      model: "gpt-6-luna",
      messages,
      response_format: { type: "json_schema", json_schema: definition },
    };

    const response = JSON.parse(await post(fake, "/responses", request)) as { text: unknown };
    contract?.check("Response", response);
    expect(response.text).toEqual({ format });
    contract?.check("CreateChatCompletionResponse", JSON.parse(await post(fake, "/chat/completions", chat)));
  });

  it.each([true, false])("allows how a step of a research is asked for (Responses API: %s)", async (hasResponses) => {
    const fake = await startFake({ hasResponses });
    const options = { apiKey: fake.apiKey, baseUrl: fake.baseUrl, model: "gpt-6-luna", prices: null };
    const model = createOpenAiResearchModel({ ...options, dialects: newDialects() });
    fake.willWrite(calls("finish", { documents: [] }));
    const wanted = { callId: "call_1", tool: "search", argument: "customs" };
    const steps = [{ wanted, outcome: { kind: "refused", why: "no" } }] as const;
    const state = { question: "How long?", found: [], steps, stepsLeft: 1, maxOutputTokens: 200 };
    await model.nextStep(state, new AbortController().signal);

    const name = hasResponses ? "CreateResponse" : "CreateChatCompletionRequest";
    const body = fake.requests.at(-1)?.body as { tools: readonly object[]; input?: readonly object[] };
    contract?.check(name, body);
    contract?.checkNames(name, body);
    for (const tool of body.tools) contract?.check(hasResponses ? "FunctionTool" : "ChatCompletionTool", tool);
    const [call, output] = body.input?.slice(1) ?? [];
    if (hasResponses) contract?.check("FunctionToolCall", call);
    if (hasResponses) contract?.check("FunctionCallOutputItemParam", output);
  });

  it("describes what the fake answers when a function is called", async () => {
    const fake = await startFake();
    fake.willWrite(calls("look"), calls("look"));
    const parameters = { type: "object", properties: {}, required: [], additionalProperties: false };
    const definition = { name: "look", parameters, strict: true };
    const tools = [{ type: "function", ...definition }];
    const messages = [{ role: "user", content: "How long?" }];
    const chat = { model: "gpt-6-luna", messages, tools: [{ type: "function", function: definition }] };

    const request = { model: "gpt-6-luna", input: "How long?", tools, tool_choice: "required" };
    const response = JSON.parse(await post(fake, "/responses", request)) as { output: unknown };
    contract?.check("Response", response);
    expect(response.output).toMatchObject([{ type: "function_call", name: "look", arguments: "{}" }]);
    contract?.check("CreateChatCompletionResponse", JSON.parse(await post(fake, "/chat/completions", chat)));
  });

  it("allows what is asked of embeddings", async () => {
    const fake = await startFake();
    const options = { apiKey: fake.apiKey, baseUrl: fake.baseUrl, model: "text-embedding-3-small" };
    const model = createOpenAiEmbeddings({ ...options, dimensions: 256, purpose: "documents" });
    await model.embed(["one", "two"], new AbortController().signal);

    contract?.check("CreateEmbeddingRequest", fake.requests[0]?.body);
  });

  it.each(SCRIPTS)("describes what the fake answers by the Responses API ($ending)", async (script) => {
    const fake = await startFake();
    fake.willWrite(script, script);
    const request = { model: "gpt-6-luna", input: "How long?", instructions: "Be short.", max_output_tokens: 400 };

    contract?.check("Response", JSON.parse(await post(fake, "/responses", request)));
    const events = eventsOf(await post(fake, "/responses", { ...request, stream: true }));
    expect(events.length).toBeGreaterThan(8);
    for (const event of events) {
      contract?.check(contract.nameOfEvent((event as { type: string }).type), event);
    }
  });

  it.each(SCRIPTS)("describes what the fake answers by Chat Completions ($ending)", async (script) => {
    const fake = await startFake();
    fake.willWrite(script, script);
    const request = { model: "gpt-6-luna", messages: [{ role: "user", content: "How long?" }] };

    contract?.check("CreateChatCompletionResponse", JSON.parse(await post(fake, "/chat/completions", request)));
    const streamed = { ...request, stream: true, stream_options: { include_usage: true } };
    for (const chunk of eventsOf(await post(fake, "/chat/completions", streamed))) {
      contract?.check("CreateChatCompletionStreamResponse", chunk);
    }
  });

  it("describes the fake's embeddings in decimals, its models and its errors; it has no words for base64", async () => {
    const fake = await startFake();
    const request = { model: "text-embedding-3-small", input: ["one", "two"], dimensions: 8 };
    contract?.check("CreateEmbeddingResponse", JSON.parse(await post(fake, "/embeddings", request)));
    contract?.check("ErrorResponse", JSON.parse(await post(fake, "/embeddings", { ...request, input: [] })));
    const headers = { authorization: `Bearer ${fake.apiKey}` };
    contract?.check("ListModelsResponse", await (await fetch(`${fake.baseUrl}/models`, { headers })).json());
  });
});
