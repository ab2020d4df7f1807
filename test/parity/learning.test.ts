import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultSettings } from "../../infra/config/settings.js";
import { replyText } from "../../src/answering/reply-text.js";
import type { ConversationRef } from "../../src/ports/chat.js";
import type { Candidate } from "../../src/ports/candidates.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { LearningCommand } from "../../src/commands/learning-command.js";
import { actionFrom, ana, cora, messageFrom } from "../support/events.js";
import { eventually } from "../faults/outcomes.js";
import { RunningProduct } from "./running-product.js";

const unaborted = new AbortController().signal;
const ANSWER = "Open Settings, choose Backup, and press Export archive. The file arrives by e-mail.";
const LABELLED = "Which discount do members of staff get?";
const QUESTIONS = ["How do I export my notebook archive?", "Can I get an archive of my notebook exported?"] as const;

let product: RunningProduct;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskhand-learning-"));
  await writeFile(join(folder, "shipping.md"), "# Shipping\n\nParcels arrive within three days.\n");
  const shipping = { id: "shipping", title: "Shipping", text: "Parcels take three days to arrive." };
  const query = { id: "q1", text: LABELLED, answerable: false };
  await writeFile(join(folder, "corpus.jsonl"), JSON.stringify(shipping));
  await writeFile(join(folder, "queries.jsonl"), JSON.stringify(query));
  await writeFile(join(folder, "qrels.tsv"), "query-id\tdoc-id\tgrade\n");
  const defaults = defaultSettings();
  const sources = [{ name: "docs", path: join(folder, "shipping.md"), audience: ["public"] }];
  const knowledge = { ...defaults.knowledge, demo: false, sources };
  product = await RunningProduct.start({}, { knowledge, learning: { evaluationSet: folder } });
}, 60_000);

afterAll(async () => {
  await product[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function at(key: string): Promise<ConversationRef> {
  const { id } = await product.app.database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "console");
  return { installationId: id, key };
}

/** A customer asks in a conversation of their own. Resolves with what the newest answer there is. */
async function ask(question: string) {
  const place = await at(`customer-${newId()}`);
  const { conversationId } = await product.app.core.sink.accept(messageFrom(cora, place, question), unaborted);
  await product.settled();
  const answer = await product.app.operations.explainNewest({
    installationId: place.installationId,
    conversationKey: place.key,
  });
  return { place, conversationId, answer };
}

/** Handed off, answered by an agent, resolved, and confirmed by the customer. */
async function solve(question: string, replies: readonly string[]): Promise<void> {
  const { place, conversationId, answer } = await ask(question);
  expect(answer.decision).toBe("hand-off");
  const { handoffId, agentConversationId } = await product.app.database.withStores(
    DEFAULT_TENANT,
    async ({ handoffs }) => (await handoffs.newestOf(conversationId))!,
  );
  const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
    db.query<{ key: string }>("select key from conversation where id = $1::uuid", [agentConversationId]),
  );
  const thread = await at(rows[0]!.key);
  for (const reply of replies) {
    await product.app.core.sink.accept(messageFrom(ana, thread, reply), unaborted);
    await product.settled();
  }
  await product.app.core.sink.accept(actionFrom(ana, thread, { name: "resolve", handoffId }), unaborted);
  await product.settled();
  await product.app.core.sink.accept(actionFrom(cora, place, { name: "solved", handoffId }), unaborted);
  await product.settled();
}

async function run(command: LearningCommand) {
  const { reply, data } = await product.app.operations.manage(command, unaborted);
  return { text: replyText(reply), data };
}

async function waiting(handoffs: number): Promise<readonly Candidate[]> {
  return eventually(
    async () => (await run({ kind: "learn-list", state: "waiting" })).data as readonly Candidate[],
    (candidates) => candidates.reduce((sum, { cases }) => sum + cases.length, 0) === handoffs,
    30_000,
  );
}

it("what an agent answered is answered by the bot once it is approved, also in another customer's words", async () => {
  expect((await run({ kind: "learn-list", state: "waiting" })).text).toContain("No candidate waits for you.");
  await solve(QUESTIONS[0], ["Hi Cora, let me check.", ANSWER]);
  await solve(QUESTIONS[1], [`Hello! ${ANSWER} Have a nice day!`]);
  const [candidate, ...others] = await waiting(2);
  expect(others).toEqual([]);
  expect(candidate).toMatchObject({ answer: ANSWER, state: "waiting" });

  const approved = await run({ kind: "learn-approve", candidate: candidate!.candidateId.slice(-6) });
  expect(approved.text).toContain("It is answered from now. It also answers 1 other wording.");
  expect(approved.text).toContain("1 labelled question checked: none got worse.");

  for (const question of QUESTIONS) {
    const { answer } = await ask(question);
    expect(answer.decision).toBe("answer");
    expect(answer.text).toContain("press Export archive");
    expect(answer.text).toContain("[1]");
  }
  const reworded = await ask("export notebook archive");
  expect(reworded.answer.text).toContain("press Export archive");
}, 90_000);

it("what would answer a labelled question worse is refused with the question, and published only by force", async () => {
  await solve("Where do I find my badge number?", ["It is printed on the back of the badge, below the photo."]);
  const [candidate] = await waiting(1);
  const code = candidate!.candidateId.slice(-6);
  await run({ kind: "learn-edit", candidate: code, question: LABELLED, answer: null });

  const refused = await run({ kind: "learn-approve", candidate: code });
  expect(refused.text).toContain("not published, because 1 of 1 labelled question would be answered worse");
  expect(refused.text).toContain(`${LABELLED} Now handed to a person; then answered from this.`);
  expect((await ask(LABELLED)).answer.text).not.toContain("printed on the back");

  const forced = await run({ kind: "learn-force", candidate: code });
  expect(forced.text).toContain("Published although 1 of 1 labelled question would be answered worse");
  expect((await ask(LABELLED)).answer.text).toContain("printed on the back");
}, 90_000);
