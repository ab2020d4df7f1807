import { afterEach, describe, expect, it } from "vitest";
import { explainReply } from "../../src/commands/explain-reply.js";
import { replyText } from "../../src/answering/reply-text.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
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

/** The whole product with a model endpoint that writes `rewriting` when it is asked for an object. */
async function productWith(rewriting: Script) {
  const writer = (request: WriteRequest) => (request.formatType === "text" ? quoteFromPassages(request) : rewriting);
  const openai = await FakeOpenAi.start({ writer });
  open.push({ [Symbol.asyncDispose]: () => openai.close() });
  const env = { OPENAI_API_KEY: openai.apiKey, OPENAI_BASE_URL: openai.baseUrl };
  const product = await RunningProduct.start(env, {});
  open.push(product);
  const customer = webCustomer(await WebClient.signIn(product.signInLink));
  return { openai, product, customer };
}

/** Every call to the model, embeddings aside, since the last time: whether it was asked for an object. */
function callsOf(openai: FakeOpenAi): readonly ("object" | "answer")[] {
  const calls = openai.requests.splice(0).filter(({ path }) => path === "/v1/responses");
  return calls.map(({ body }) => ("text" in (body as object) ? "object" : "answer"));
}

async function newestAnswerId({ app }: RunningProduct): Promise<string> {
  const sql = "select id::text as id from answer order by id desc limit 1";
  const { rows } = await app.database.withTenant("default", (db) => db.query<{ id: string }>(sql, []));
  return rows[0]?.id ?? "";
}

describe("with a model endpoint", () => {
  it("a follow-up is answered by its rewritten question, for one more call; a first question costs none", async () => {
    const { openai, product, customer } = await productWith(writes(JSON.stringify({ question: REWRITTEN })));
    await product.settled();
    callsOf(openai);

    await customer.ask(QUESTION);
    await until(customer.sees, /\[1\]/u);
    await product.settled();
    expect(callsOf(openai)).toEqual(["answer"]);

    await customer.followUp(FOLLOW_UP);
    await until(customer.sees, /And the camera\?[\s\S]*\[1\]/u);
    await product.settled();
    const answered = openai.requests.findLast(({ path }) => path === "/v1/responses");
    expect(JSON.stringify(answered?.body)).toContain(REWRITTEN);
    expect(callsOf(openai)).toEqual(["object", "answer"]);

    const explained = replyText(explainReply(await product.app.operations.explain(await newestAnswerId(product))));
    expect(explained).toContain(`Question: ${FOLLOW_UP}`);
    expect(explained).toContain(`Follow-up, searched as: ${REWRITTEN} (by the model)`);
    expect(explained).toMatch(/standalone.*gpt-6-luna/u);
  });

  it("a follow-up is still taken care of when nothing can be made of what the model writes", async () => {
    const { openai, product, customer } = await productWith(writes("Sorry, I would rather talk about cats."));

    await customer.ask(QUESTION);
    await until(customer.sees, /\[1\]/u);
    await product.settled();
    callsOf(openai);
    await customer.followUp("And how long does it take?");
    await product.settled();

    expect(callsOf(openai).slice(0, 2)).toEqual(["object", "object"]);
    const explained = replyText(explainReply(await product.app.operations.explain(await newestAnswerId(product))));
    expect(explained).toMatch(
      /searched as: And how long does it take\? .*reset.* \(by rule, as the model failed: incomplete\)/u,
    );
  });
});
