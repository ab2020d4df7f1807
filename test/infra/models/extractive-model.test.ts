import { describe, expect, it } from "vitest";
import { createExtractiveModel } from "../../../infra/models/local/extractive-model.js";
import { quoteUnits } from "../../../infra/models/local/extractive-units.js";
import type { GenerationEvent, PromptPassage } from "../../../src/ports/models.js";

function passage(number: number, text: string, changes: Partial<PromptPassage> = {}): PromptPassage {
  return { number, title: "Guest network", headingPath: [], kind: "manual", text, score: 1 / number, ...changes };
}

async function answer(question: string, passages: readonly PromptPassage[]): Promise<string> {
  const events: GenerationEvent[] = [];
  const request = { question, history: [], passages, maxOutputTokens: 400 };
  for await (const event of createExtractiveModel().generate(request, new AbortController().signal)) events.push(event);
  expect(events.at(-1)).toMatchObject({ kind: "end", finish: "complete", usage: { cost: 0 } });
  return events.map((event) => (event.kind === "text" ? event.text : "")).join("");
}

const LIMITS = passage(
  1,
  "Guests are signed out after 8 hours. You can change the session time to any value between 1 and 72 hours.\n\n| Item | Limit |\n| --- | --- |\n| Vouchers at a time | 200 |\n| Shared devices | 4 |",
);
const STEPS = passage(
  2,
  "A guest network keeps visitors away from your files.\n\nTo switch it on:\n\n1. Open **Settings > Network**.\n2. Choose how guests get in:\n   - a password\n   - vouchers\n3. Tap **Save**.\n\n**Warning:** Don't use your own password.",
  { headingPath: ["Switch on the guest network"] },
);

describe("an answer made of quotes", () => {
  it("opens with the sentence that answers, and cites its passage", async () => {
    expect(await answer("When are guests signed out?", [LIMITS, STEPS])).toMatch(
      /^Guests are signed out after 8 hours\. \[1\]/u,
    );
  });

  it("reads a table row out as a sentence", async () => {
    expect(await answer("How many vouchers at a time?", [LIMITS])).toContain("**Vouchers at a time**: 200. [1]");
  });

  it("takes the row that has the time that is asked for, among sentences about the same", async () => {
    const text =
      "We want your kettle to last. This page tells you what we cover, for how long, and how a claim works.\n\n| Product | Warranty |\n| --- | --- |\n| Northlight Kettle | 3 years |\n| Cable | 1 year |\n\nThe warranty period starts on the day you receive the product. With a plan the warranty for one kettle and its lids is extended to five years, as long as the plan stays active without a break. A plan started later than 90 days after the purchase doesn't extend the warranty.";
    const heading = { title: "Warranty", headingPath: ["How long the warranty lasts"] };
    expect(await answer("How long is the warranty?", [passage(1, text, heading)])).toContain("3 years");
  });

  it("knows a compound by its last part", async () => {
    const text = "We repair faults in material.\n\nStones are ours.\n\nDamage by a storm is not covered.";
    expect(await answer("What about a snowstorm?", [passage(1, text)])).toContain("Damage by a storm");
  });

  it("adds what the question asks beside its first half", async () => {
    const text = "A voucher is valid for a day. It can be printed. It can be shared.";
    const other = "Logos must be small files. A logo may be changed.";
    const said = await answer("How long is a voucher valid, and how small must a logo be?", [
      passage(1, text),
      passage(2, other),
    ]);
    expect(said).toContain("valid for a day. [1]");
    expect(said).toContain("Logos must be small files. [2]");
  });

  it("gives the whole procedure for a how-to question, with its warning", async () => {
    expect(await answer("How do I switch on the guest network?", [LIMITS, STEPS])).toBe(
      "To switch it on: [2]\n\n1. Open **Settings > Network**. [2]\n2. Choose how guests get in:\n    - a password\n    - vouchers [2]\n3. Tap **Save**. [2]\n\n**Warning:** Don't use your own password. [2]",
    );
  });

  it("says where a procedure that is too long goes on", async () => {
    const steps = Array.from({ length: 20 }, (_, index) => `${index + 1}. Press the button number ${index + 1} now.`);
    const text = await answer("How do I press the buttons?", [passage(1, steps.join("\n"))]);

    expect(text).toMatch(/^1\. Press the button number 1 now\. \[1\]\n2\. /u);
    expect(text).toMatch(/now\. … \[1\]$/u);
    expect(
      text
        .replaceAll(/\[1\]|…/gu, "")
        .trim()
        .split(/\s+/u).length,
    ).toBeLessThanOrEqual(80);
  });

  it("prefers passages in the language of the question", async () => {
    const german = passage(
      1,
      "Gäste werden nach 8 Stunden abgemeldet. Das ist die Sitzung für Gäste, und sie ist kurz.",
    );
    const english = passage(2, "Guests are signed out after 8 hours. This is the session of the guests.", {
      score: 0.9,
    });

    expect(await answer("How long is the session for the guests?", [german, english])).toMatch(/\[2\]/u);
  });

  it("never passes off a number in brackets as a citation", async () => {
    expect(await answer("Where is the array item?", [passage(1, "The array item is in list [7] here.")])).toBe(
      "The array item is in list (7) here. [1]",
    );
  });

  it("is empty when there is nothing to quote", async () => {
    expect(await answer("Anything?", [])).toBe("");
  });

  it("stops when it is aborted", async () => {
    const request = { question: "When are guests signed out?", history: [], passages: [LIMITS], maxOutputTokens: 1 };
    const controller = new AbortController();
    const stream = createExtractiveModel().generate(request, controller.signal)[Symbol.asyncIterator]();
    await stream.next();
    controller.abort(new Error("enough"));

    await expect(stream.next()).rejects.toThrow("enough");
  });
});

it("cuts a passage into sentences, steps with their choices, rows and code", () => {
  const text = `**Topic**\n\nOne [page](x.md). Two!\n1. Do\n   - this\n2. That\n\n| A | B | C |\n| - | - | - |\n| x | 1 | 2 |\n\n\`\`\`\ncode\n\`\`\``;
  expect(quoteUnits(passage(1, text)).map(({ kind, text: unit, heading }) => [kind, unit, heading])).toEqual([
    ["sentence", "One page.", "Topic"],
    ["sentence", "Two!", "Topic"],
    ["step", "Do\n    - this", "Topic"],
    ["step", "That", "Topic"],
    ["row", "**x** – B: 1; C: 2.", "Topic"],
    ["code", "```\ncode\n```", "Topic"],
  ]);
});
