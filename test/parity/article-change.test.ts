import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultSettings } from "../../infra/config/settings.js";
import { ana } from "../support/events.js";
import { testRepository, type TestRepository } from "../support/git-repository.js";
import { RunningProduct } from "./running-product.js";
import { SolvedHandoffs } from "./solved-handoffs.js";

const unaborted = new AbortController().signal;
const REFUNDS = `---
title: Refunds
---

# Refunds

We refund what you have sent back, see [returns](returns.md).

## Duration

A refund to your credit card takes 5 working days
after we have received the parcel.

## Vouchers

Vouchers are valid for a year.
`;

let repository: TestRepository;
let product: RunningProduct;
let handoffs: SolvedHandoffs;

beforeAll(async () => {
  repository = testRepository({ "docs/refunds.md": REFUNDS });
  const defaults = defaultSettings();
  const source = { name: "manual", kind: "git" as const, path: repository.location, audience: ["public"] };
  const knowledge = { ...defaults.knowledge, demo: false, sources: [source] };
  // Everything is handed over, whatever is found.
  const answering = { ...defaults.answering, threshold: 0.9999 };
  product = await RunningProduct.start({}, { knowledge, answering });
  handoffs = new SolvedHandoffs(product);
}, 60_000);

afterAll(async () => {
  await product[Symbol.asyncDispose]();
  repository[Symbol.dispose]();
});

it("an answer that an article contradicts is a patch of its file, and done once somebody has applied it", async () => {
  await handoffs.solve("How long does a refund to my credit card take?", [
    "A refund to your credit card takes 10 working days after we have received the parcel.",
  ]);
  const [candidate] = await handoffs.waiting(1);
  const id = candidate!.candidateId.slice(-6);
  const listed = await handoffs.run({ kind: "learn-list", state: "waiting" });
  expect(listed.text).toContain("a change in manual");

  const shown = await handoffs.run({ kind: "learn-show", candidate: id, isDiff: false });
  expect(shown.text).toContain("Close to the article Refunds");
  expect(shown.text).toContain(`learn done ${id}`);

  const { data } = await handoffs.run({ kind: "learn-show", candidate: id, isDiff: true });
  const { diff, isPatch } = data as { diff: string; isPatch: boolean };
  expect(isPatch).toBe(true);
  execFileSync("git", ["apply"], { cwd: repository.location, input: diff });
  expect(await readFile(join(repository.location, "docs/refunds.md"), "utf8")).toBe(
    REFUNDS.replace("takes 5 working days\nafter", "takes 10 working days after"),
  );

  const done = await handoffs.run({ kind: "learn-done", candidate: id });
  expect(done.text).toContain("has put it into manual, docs/refunds.md");
  await expect(handoffs.waiting(0)).resolves.toEqual([]);
  await expect(handoffs.run({ kind: "learn-reject", candidate: id, why: null })).rejects.toThrow("kb history manual");
}, 60_000);

it("an answer that an entry does not have is put into the entry by approving, and what it said before can be seen", async () => {
  const written = await product.app.operations.manage(
    {
      kind: "kb-write",
      question: "Where do I park at the head office?",
      answer: "Park in the garage below the head office.",
      variants: [],
      until: null,
    },
    unaborted,
  );
  const { entryId } = written.data as { entryId: string };
  for (const step of ["approve", "publish"] as const) {
    await product.app.operations.manage({ kind: "kb-entry", step, entry: entryId }, unaborted);
  }
  const added = "The garage of the head office is closed on Sundays.";
  await handoffs.solve("Can I park at the head office on a Sunday?", [added]);
  const [candidate] = await handoffs.waiting(1);
  expect(candidate!.article).toMatchObject({ source: "entries", externalId: entryId, isEntry: true });
  const id = candidate!.candidateId.slice(-6);
  const shown = await handoffs.run({ kind: "learn-show", candidate: id, isDiff: false });
  expect(shown.text).toContain(`+${added}`);

  const byAgent = await handoffs.type(ana, `learn approve ${id}`);
  expect(byAgent).toContain("needs an admin, so nothing was published");
  expect(byAgent).toContain(`learn approve ${id} --new`);

  const approved = await handoffs.run({ kind: "learn-approve", candidate: id, isApart: false });
  expect(approved.text).toContain("It was changed.");
  const entries = await product.app.knowledge.entries.list("default", "published");
  expect(entries).toMatchObject([
    {
      entryId,
      question: "Where do I park at the head office?",
      answer: `Park in the garage below the head office.\n\n${added}`,
      variants: ["Can I park at the head office on a Sunday?"],
    },
  ]);
  const history = await product.app.operations.manage(
    { kind: "kb-history", source: "entries", document: entryId, between: null },
    unaborted,
  );
  expect(history.data).toHaveLength(2);
}, 60_000);
