import { afterEach, describe, expect, it } from "vitest";
import { explainReply } from "../../src/commands/explain-reply.js";
import { replyText } from "../../src/answering/reply-text.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { asksForAnswer, quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import type { WriteRequest } from "../fakes/openai/request-rules.js";
import { writes, type Script } from "../fakes/openai/scripts.js";
import { until } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { WebClient, webCustomer } from "./web-people.js";

const QUESTION = "How do I reset the Hub to factory settings?";
const FOLLOW_UP = "And the camera?";
const REWRITTEN = "How do I reset the camera to factory settings?";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** The whole product with a model endpoint that writes `rewriting` when it is asked for a question. */
async function productWith(rewriting: Script) {
  const writer = (request: WriteRequest) => (asksForAnswer(request) ? quoteFromPassages(request) : rewriting);
  const openai = await FakeOpenAi.start({ writer });
  open.push({ [Symbol.asyncDispose]: () => openai.close() });
  const env = { OPENAI_API_KEY: openai.apiKey, OPENAI_BASE_URL: openai.baseUrl };
  const product = await RunningProduct.start(env, {});
  open.push(product);
  const customer = webCustomer(await WebClient.signIn(product.signInLink));
  return { openai, product, customer };
}

/** Every call to the model, embeddings aside, since the last time: what it was asked for. */
function callsOf(openai: FakeOpenAi): readonly ("question" | "answer")[] {
  const calls = openai.requests.splice(0).filter(({ path }) => path === "/v1/responses");
  return calls.map(({ body }) => (asksForAnswer(body as { input: string }) ? "answer" : "question"));
}

function embeddingsOf(openai: FakeOpenAi): number {
  return openai.requests.filter(({ path }) => path === "/v1/embeddings").length;
}

async function newestExplanation({ app }: RunningProduct): Promise<string> {
  const sql = "select id::text as id from answer order by id desc limit 1";
  const { rows } = await app.database.withTenant("default", (db) => db.query<{ id: string }>(sql, []));
  return replyText(explainReply(await app.operations.explain(rows[0]?.id ?? "")));
}

describe("with a model endpoint", () => {
  it("a follow-up is answered by its rewritten question, for one more call; a first question costs none", async () => {
    const { openai, product, customer } = await productWith(writes(JSON.stringify({ question: REWRITTEN })));
    await product.settled();
    callsOf(openai);

    await customer.ask(QUESTION);
    await until(customer.sees, /\[1\]/u);
    await product.settled();
    expect(embeddingsOf(openai)).toBe(1);
    expect(callsOf(openai)).toEqual(["answer"]);
    expect(await newestExplanation(product)).toContain("Model calls: 1 embedding, 1 generation");

    await customer.followUp(FOLLOW_UP);
    await until(customer.sees, /And the camera\?[\s\S]*\[1\]/u);
    await product.settled();
    const answered = openai.requests.findLast(({ path }) => path === "/v1/responses");
    expect(JSON.stringify(answered?.body)).toContain(REWRITTEN);
    expect(embeddingsOf(openai)).toBe(1);
    expect(callsOf(openai)).toEqual(["question", "answer"]);

    const explained = await newestExplanation(product);
    expect(explained).toContain("Model calls: 1 rewriting, 1 embedding, 1 generation");
    expect(explained).toContain(`Question: ${FOLLOW_UP}`);
    expect(explained).toContain(`Follow-up, searched as: ${REWRITTEN} (by the model)`);
    expect(explained).toMatch(/standalone.*gpt-6-luna/u);
  });

  it("a question of the company's own questions and answers costs no call at all", async () => {
    const { openai, product, customer } = await productWith(writes(JSON.stringify({ question: REWRITTEN })));
    await product.settled();
    openai.requests.length = 0;

    await customer.ask("Hi, which phones does the Northlight app run on, please?");
    await until(customer.sees, /iOS 16 or later[\s\S]*\[1\]/u);
    await product.settled();

    expect(openai.requests).toEqual([]);
    const explained = await newestExplanation(product);
    expect(explained).toContain("Decision: answer (verified)");
    expect(explained).toContain("Model calls: none");
  });

  it("a follow-up is still taken care of when nothing can be made of what the model writes", async () => {
    const { openai, product, customer } = await productWith(
      writes("Sorry, I would rather talk about cats.", { ignoresSchema: true }),
    );

    await customer.ask(QUESTION);
    await until(customer.sees, /\[1\]/u);
    await product.settled();
    callsOf(openai);
    await customer.followUp("And how long does it take?");
    await product.settled();

    expect(callsOf(openai).slice(0, 2)).toEqual(["question", "question"]);
    const explained = await newestExplanation(product);
    expect(explained).toMatch(
      /searched as: And how long does it take\? .*reset.* \(by rule, as the model failed: incomplete\)/u,
    );
  });
});
