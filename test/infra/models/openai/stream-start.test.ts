import { describe, expect, it } from "vitest";
import { writesDraft } from "../../../fakes/openai/scripts.js";
import { draft, modelOf, pathsOf, REQUEST, startFake } from "./scene.js";

const TEXT = "Standard delivery takes 2 to 4 business days. [1]";
const RESPONSES = "/v1/responses";
const CHAT = "/v1/chat/completions";

function eventStream(words: string, ending: "cut" | "broken" | "stalled" = "cut") {
  return { kind: "event-stream", words, ending } as const;
}

function reported(error: unknown): string {
  return `data: ${JSON.stringify(error)}\n\n`;
}

const UNKNOWN = "Unexpected endpoint or method. (POST /v1/responses)";
const NO_SUCH_API: readonly (readonly [string, string])[] = [
  ["an error in words", reported({ error: UNKNOWN })],
  ["an error with a code of its own", reported({ error: { message: "No.", code: "unknown_endpoint" } })],
  ["an error with a status", reported({ error: { message: "No.", type: "NotFoundError", code: 404 } })],
  ["an error as an event", `event: error\n${reported({ type: "error", code: "unknown_url", message: UNKNOWN })}`],
  ["an error as an object", reported({ object: "error", code: 404, message: UNKNOWN })],
];
const PERHAPS_NO_SUCH_API: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["nothing but the mark of its end", "data: [DONE]\n\n"],
  ["nothing but signs of life", ': ping\n\ndata: {"type":"keepalive"}\n\n'],
  ["half an event", 'data: {"type":"response.cre\n\n'],
  ["a web page", "<!doctype html>\n<title>Welcome</title>\n\n"],
  ["a web page as an event", "data: <!doctype html><title>Welcome</title>\n\n"],
  ["an error that says nothing about the API", reported({ error: { message: "The upstream has gone away." } })],
];

describe("an endpoint whose first event stream holds", () => {
  it.each(NO_SUCH_API)("%s is asked by Chat Completions, from then on", async (_, words) => {
    const fake = await startFake();
    fake.willFail(eventStream(words));
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake);

    await expect(draft(model)).resolves.toMatchObject({ text: TEXT, end: { finish: "complete" } });
    await draft(model);
    expect(pathsOf(fake)).toEqual([RESPONSES, CHAT, CHAT]);
  });

  it.each(PERHAPS_NO_SUCH_API)("%s is asked by Chat Completions, and then by the best API again", async (_, words) => {
    const fake = await startFake();
    fake.willFail(eventStream(words));
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake);

    await expect(draft(model)).resolves.toMatchObject({ text: TEXT, end: { finish: "complete" } });
    await draft(model);
    await draft(model);
    expect(pathsOf(fake)).toEqual([RESPONSES, CHAT, RESPONSES, RESPONSES]);
  });

  it("an argument that it does not know is asked without it, by the same API", async () => {
    const fake = await startFake();
    fake.willFail(eventStream(reported({ error: { message: "Bad reasoning.", type: "BadRequestError", code: 400 } })));
    fake.willWrite(writesDraft(TEXT));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ text: TEXT });
    expect(fake.requests.map(({ body }) => (body as { reasoning: object }).reasoning)).toEqual([
      { effort: "none" },
      { effort: "low" },
    ]);
    expect(pathsOf(fake)).toEqual([RESPONSES, RESPONSES]);
  });

  it.each([
    ["an unknown model", { code: "model_not_found" }, "incomplete"],
    ["a used-up quota", { code: "insufficient_quota" }, "quota"],
    ["a wrong key", { code: "invalid_api_key" }, "auth"],
    ["a fault of its own", { code: "server_error" }, "unreachable"],
    ["a fault of its own, as a status", { code: 500 }, "incomplete"],
  ])("%s is asked no further, and nothing is concluded", async (_, error, failure) => {
    const fake = await startFake({ hasResponses: false });
    fake.willFail(eventStream(reported({ error: { message: "No.", ...error } })));
    fake.willWrite(writesDraft(TEXT));
    const model = modelOf(fake);

    await expect(draft(model)).rejects.toMatchObject({ code: "model", failure });
    expect(pathsOf(fake)).toEqual([RESPONSES]);
    await expect(draft(model)).resolves.toMatchObject({ text: TEXT });
    expect(pathsOf(fake).slice(1)).toEqual([RESPONSES, CHAT]);
  });

  it.each(PERHAPS_NO_SUCH_API)("%s, twice, is asked by Chat Completions from then on", async (_, words) => {
    const fake = await startFake();
    const model = modelOf(fake);
    for (let question = 0; question < 2; question += 1) {
      fake.willFail(eventStream(words));
      fake.willWrite(writesDraft(TEXT));
      await draft(model);
    }
    fake.willWrite(writesDraft(TEXT));
    await draft(model);
    expect(pathsOf(fake)).toEqual([RESPONSES, CHAT, RESPONSES, CHAT, CHAT]);
  });

  it("an argument that it does not know, and then nothing, has not refused the API", async () => {
    const fake = await startFake();
    const unknownArgument = { error: { message: "Unknown argument: reasoning.", code: 400 } };
    fake.willFail(eventStream(reported(unknownArgument)), eventStream(""));
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake);

    await draft(model);
    await draft(model);
    expect(pathsOf(fake)).toEqual([RESPONSES, RESPONSES, CHAT, RESPONSES]);
  });

  it("nothing in either API is asked again with the next question, by the best one first", async () => {
    const fake = await startFake();
    fake.willFail(eventStream(""), eventStream(""));
    fake.willWrite(writesDraft(TEXT));
    const model = modelOf(fake);

    await expect(draft(model)).rejects.toMatchObject({ failure: "incomplete" });
    await expect(draft(model)).resolves.toMatchObject({ text: TEXT });
    expect(pathsOf(fake)).toEqual([RESPONSES, CHAT, RESPONSES]);
  });
});

describe("an event stream that reports an unknown API and stays open", () => {
  it("is closed while the other API writes", async () => {
    const fake = await startFake();
    fake.willFail(eventStream(reported({ type: "error", code: "unknown_url" }), "stalled"));
    fake.willWrite(writesDraft(TEXT, { ending: "stalled" }));

    const events = modelOf(fake).generate(REQUEST, new AbortController().signal)[Symbol.asyncIterator]();
    await events.next();

    await expect.poll(() => fake.openStreams).toBe(1);
    await events.return?.();
  });
});

describe("an event stream that breaks before its first event", () => {
  it("is an answer that did not come: no other API is asked, and nothing is concluded", async () => {
    const fake = await startFake({ hasResponses: false });
    fake.willFail(eventStream(": ping\n\n", "broken"));
    fake.willWrite(writesDraft(TEXT));
    const model = modelOf(fake);

    await expect(draft(model)).rejects.toMatchObject({ failure: "incomplete" });
    await expect(draft(model)).resolves.toMatchObject({ text: TEXT });
    expect(pathsOf(fake)).toEqual([RESPONSES, RESPONSES, CHAT]);
  });
});

describe("an event stream of an endpoint that has answered before", () => {
  it.each([...NO_SUCH_API, ...PERHAPS_NO_SUCH_API])("that holds %s changes nothing", async (_, words) => {
    const fake = await startFake();
    fake.willWrite(writesDraft(TEXT), writesDraft(TEXT));
    const model = modelOf(fake);
    await draft(model);
    fake.willFail(eventStream(words));

    await expect(draft(model)).rejects.toMatchObject({ failure: "incomplete" });
    await draft(model);
    expect(pathsOf(fake)).toEqual([RESPONSES, RESPONSES, RESPONSES]);
  });
});
