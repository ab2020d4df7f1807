import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atMostTokens, cutToFit, inRequests } from "../../../../infra/models/openai/embedding-batches.js";
import { createNoAnswerFilter } from "../../../../infra/models/openai/no-answer.js";
import { costOf, OPENAI_PRICES } from "../../../../infra/models/openai/prices.js";

describe("requests for embeddings", () => {
  it("hold every text once and in order, and stay within both limits", () => {
    const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 40 }));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 }), (all, inputs, tokens) => {
        const requests = inRequests(all, { inputs, tokens });

        expect(requests.flat()).toEqual(all);
        for (const request of requests) {
          expect(request.length).toBeLessThanOrEqual(inputs);
          const size = request.reduce((sum, text) => sum + atMostTokens(text), 0);
          expect(request.length === 1 || size <= tokens).toBe(true);
        }
      }),
    );
  });

  it("cut a text to its longest beginning that fits, and no other text at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), fc.integer({ min: 1, max: 150 }), (text, tokens) => {
        const cut = cutToFit(text, tokens);

        expect(text.startsWith(cut)).toBe(true);
        expect(atMostTokens(cut)).toBeLessThanOrEqual(tokens);
        expect(cut.isWellFormed()).toBe(true);
        if (atMostTokens(text) <= tokens) expect(cut).toBe(text);
        else expect(atMostTokens(cut)).toBeGreaterThan(tokens * 0.75 - 8);
      }),
    );
  });

  it.each([
    ["One two.\n\nThree four five", 12, "One two.\n\n"],
    ["One two. Three four", 12, "One two. Thr"],
    ["One two three. Four", 16, "One two three."],
    ["One two three four", 15, "One two three "],
    ["Onetwothreefour", 10, "Onetwothre"],
  ])("cut %j at %i tokens after %j", (text, tokens, cut) => {
    expect(cutToFit(text, tokens)).toBe(cut);
  });
});

describe("a draft that says it has no answer", () => {
  const drafts = fc.oneof(
    fc.string(),
    fc.constantFrom("NO_ANSWER", "**NO_ANSWER**", " `NO_ANSWER`. Sorry!", "NO_ANSWER\nThe", "NO", "No_answer", "*NOT*"),
  );

  it("comes to nothing, and every other draft to itself, however it is cut", () => {
    fc.assert(
      fc.property(drafts, fc.array(fc.integer({ min: 1, max: 5 })), (draft, sizes) => {
        const filter = createNoAnswerFilter();
        const passed: string[] = [];
        let rest = draft;
        for (const size of [...sizes, draft.length]) {
          passed.push(filter.push(rest.slice(0, size)));
          rest = rest.slice(size);
        }
        passed.push(filter.end());

        expect(passed.join("")).toBe(/^[\s*_`"'[(]*NO_ANSWER/u.test(draft) ? "" : draft);
      }),
    );
  });

  it("is held back no longer than needed", () => {
    expect(createNoAnswerFilter().push("N")).toBe("");
    expect(createNoAnswerFilter().push("Now")).toBe("Now");
    expect(createNoAnswerFilter().push("1. Open")).toBe("1. Open");
  });
});

describe("the cost of an answer", () => {
  const tokens = { input: 1_000_000, cachedInput: 400_000, output: 100_000 };

  it("counts cached input by its own price", () => {
    expect(costOf("gpt-6-luna", tokens, OPENAI_PRICES)).toBeCloseTo(0.6 * 0.1 + 0.4 * 0.01 + 0.1 * 0.5, 12);
  });

  it("is the same for a dated snapshot, and 0 for a model without a price", () => {
    expect(costOf("gpt-6-luna-2026-07-01", tokens, OPENAI_PRICES)).toBe(costOf("gpt-6-luna", tokens, OPENAI_PRICES));
    expect(costOf("llama3.3", tokens, OPENAI_PRICES)).toBe(0);
  });
});
