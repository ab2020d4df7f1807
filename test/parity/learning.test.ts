import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultSettings } from "../../infra/config/settings.js";
import { RunningProduct } from "./running-product.js";
import { SolvedHandoffs } from "./solved-handoffs.js";

const ANSWER = "Open Settings, choose Backup, and press Export archive. The file arrives by e-mail.";
const LABELLED = "Which discount do members of staff get?";
const QUESTIONS = ["How do I export my notebook archive?", "Can I get an archive of my notebook exported?"] as const;

let product: RunningProduct;
let handoffs: SolvedHandoffs;
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
  product = await RunningProduct.start({}, { knowledge, learning: { ...defaults.learning, evaluationSet: folder } });
  handoffs = new SolvedHandoffs(product);
}, 60_000);

afterAll(async () => {
  await product[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

it("what an agent answered is answered by the bot once it is approved, also in another customer's words", async () => {
  expect((await handoffs.run({ kind: "learn-list", state: "waiting" })).text).toContain("No candidate waits for you.");
  await handoffs.solve(QUESTIONS[0], ["Hi Cora, let me check.", ANSWER]);
  await handoffs.solve(QUESTIONS[1], [`Hello! ${ANSWER} Have a nice day!`]);
  const [candidate, ...others] = await handoffs.waiting(2);
  expect(others).toEqual([]);
  expect(candidate).toMatchObject({ answer: ANSWER, state: "waiting" });

  const approved = await handoffs.run({
    kind: "learn-approve",
    candidate: candidate!.candidateId.slice(-6),
    isApart: false,
  });
  expect(approved.text).toContain("It is answered from now. It also answers 1 other wording.");
  expect(approved.text).toContain("1 labelled question checked: none got worse.");

  for (const question of QUESTIONS) {
    const { answer } = await handoffs.ask(question);
    expect(answer.decision).toBe("answer");
    expect(answer.text).toContain("press Export archive");
    expect(answer.text).toContain("[1]");
  }
  const reworded = await handoffs.ask("export notebook archive");
  expect(reworded.answer.text).toContain("press Export archive");
}, 90_000);

it("what would answer a labelled question worse is refused with the question, and published only by force", async () => {
  await handoffs.solve("Where do I find my badge number?", [
    "It is printed on the back of the badge, below the photo.",
  ]);
  const [candidate] = await handoffs.waiting(1);
  const code = candidate!.candidateId.slice(-6);
  await handoffs.run({ kind: "learn-edit", candidate: code, question: LABELLED, answer: null });

  const refused = await handoffs.run({ kind: "learn-approve", candidate: code, isApart: false });
  expect(refused.text).toContain("not published, because 1 of 1 labelled question would be answered worse");
  expect(refused.text).toContain(`${LABELLED} Now handed to a person; then answered from this.`);
  expect((await handoffs.ask(LABELLED)).answer.text).not.toContain("printed on the back");

  const forced = await handoffs.run({ kind: "learn-force", candidate: code, isApart: false });
  expect(forced.text).toContain("Published although 1 of 1 labelled question would be answered worse");
  expect((await handoffs.ask(LABELLED)).answer.text).toContain("printed on the back");
}, 90_000);
