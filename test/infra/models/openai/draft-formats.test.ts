import { describe, expect, it } from "vitest";
import { writes, writesDraft } from "../../../fakes/openai/scripts.js";
import type { FakeOpenAi } from "../../../fakes/openai/fake-openai.js";
import { draft, modelOf, newDialects, rewriterOf, startFake } from "./scene.js";

const TEXT = "Standard delivery takes 2 to 4 business days. [1]";
const DRAFT = writesDraft(TEXT);
const APIS = [
  { api: "Responses API", options: {} },
  { api: "Chat Completions", options: { hasResponses: false } },
] as const;

function formatsOf(fake: FakeOpenAi): readonly (string | null)[] {
  const asked = fake.requests.filter(({ status }) => status !== 404).map(({ body }) => JSON.stringify(body));
  return asked.map((body) => /"type":"(json_\w+)"/u.exec(body)?.[1] ?? null);
}

describe.each(APIS)("the format of a draft by $api", ({ options }) => {
  it("is an object that is held to a schema, with the decision before the text", async () => {
    const fake = await startFake(options);
    fake.willWrite(DRAFT);

    const drafted = await draft(modelOf(fake));

    expect(drafted).toMatchObject({ text: TEXT, decision: "answer", end: { finish: "complete", citations: ["1"] } });
    const body = JSON.stringify(fake.requests.at(-1)?.body);
    expect(body).toContain('"strict":true');
    expect(body).toMatch(/"properties":\{"decision":.*"text":.*"citations":/u);
  });

  it.each([
    ["ask_back", "Do you mean the Hub or the camera?", "ask-back"],
    ["no_answer", "", "no-answer"],
  ] as const)("tells %s apart from an answer", async (decision, text, told) => {
    const fake = await startFake(options);
    fake.willWrite(writesDraft(text, { decision }));

    await expect(draft(modelOf(fake))).resolves.toMatchObject({ text, decision: told, end: { finish: "complete" } });
  });

  it("is Markdown where the endpoint refuses schemas, from then on; a draft costs one call then", async () => {
    const fake = await startFake({ ...options, formats: ["text"] });
    fake.willWrite(DRAFT, DRAFT, writesDraft("", { decision: "no_answer" }));
    const model = modelOf(fake);

    await expect(draft(model)).resolves.toMatchObject({ text: TEXT, decision: null, end: { citations: null } });
    const before = fake.requests.length;
    await expect(draft(model)).resolves.toMatchObject({ text: TEXT, end: { usage: { calls: 1 } } });
    await expect(draft(model)).resolves.toMatchObject({ text: "", decision: "no-answer" });
    expect(fake.requests).toHaveLength(before + 2);
    expect(formatsOf(fake)).toEqual(["json_schema", null, null, null]);
    expect(JSON.stringify(fake.requests.at(-1)?.body)).toContain("write NO_ANSWER and nothing else");
  });

  it("is Markdown from then on where the endpoint takes a schema and twice writes Markdown, which is read", async () => {
    const fake = await startFake(options);
    const markdown = writes(TEXT, { ignoresSchema: true });
    fake.willWrite(markdown, markdown, DRAFT);
    const model = modelOf(fake);

    for (let question = 0; question < 3; question += 1) {
      await expect(draft(model)).resolves.toMatchObject({
        text: TEXT,
        end: { usage: { calls: expect.any(Number) as number } },
      });
    }
    expect(formatsOf(fake)).toEqual(["json_schema", "json_schema", null]);
  });

  it("is asked for once more, as Markdown, when an object comes that nobody asked for; both calls are counted", async () => {
    const fake = await startFake(options);
    const dialects = newDialects();
    fake.willWrite(DRAFT);
    await draft(modelOf(fake, { dialects }));
    fake.requests.length = 0;
    fake.willWrite(writes('{"answer":"Two days."}', { ignoresSchema: true }), DRAFT);

    await expect(draft(modelOf(fake, { dialects }))).resolves.toMatchObject({
      text: TEXT,
      end: { usage: { calls: 2 } },
    });
    expect(formatsOf(fake)).toEqual(["json_schema", null]);
  });

  it("is no draft when it breaks off its object after some words, and is not written anew then", async () => {
    const fake = await startFake(options);
    fake.willWrite(writes('{"decision":"answer","text":"Two days. [1]","cit', { ignoresSchema: true }));

    await expect(draft(modelOf(fake))).rejects.toMatchObject({ failure: "incomplete", usage: { inputTokens: 0 } });
  });
});

describe("that an endpoint knows no schemas", () => {
  it("is known to the one who rewrites questions as soon as an answer has found it out", async () => {
    const fake = await startFake({ formats: ["text", "json_object"] });
    const dialects = newDialects();
    fake.willWrite(DRAFT, writes('{"question":null}'));

    await draft(modelOf(fake, { dialects }));
    await rewriterOf(fake, { dialects }).rewrite(
      "And express?",
      [{ role: "customer", text: "How long?" }],
      new AbortController().signal,
    );

    expect(formatsOf(fake)).toEqual(["json_schema", null, "json_object"]);
  });
});
