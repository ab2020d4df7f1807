import fc from "fast-check";
import { expect, it } from "vitest";
import { RESEARCH_TOOLS, type ResearchModel } from "../../../src/ports/models.js";
import { MemoryReader } from "../../fakes/memory-reader.js";
import { PASSAGES, research } from "./research-scene.js";

const LIMITS = { steps: 5, tokens: 20_000, seconds: 5, cost: 0.05, price: { input: 1, output: 5 } };

const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "d1",
    "d2",
    "d3",
    "D4",
    "d1, d2, d3",
    "lamp warranty",
    "send back",
    "Which parcel?",
    "what's your password?",
  ),
  fc.constantFrom(...PASSAGES.flatMap(({ chunkId, documentId, externalId }) => [chunkId, documentId, externalId])),
  fc.constant("lamp ".repeat(5000)),
);
const wanting = fc.record({
  tool: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...RESEARCH_TOOLS) }, { weight: 1, arbitrary: fc.string() }),
  argument: anything,
  inputTokens: fc.oneof(fc.constant(0), fc.nat(15_000)),
  outputTokens: fc.nat(300),
  fails: fc.constantFrom(false, false, false, false, true),
});

it("ends within its bounds, opens nothing that was not found, and never raises, whatever a model asks for", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wanting, { minLength: 1, maxLength: 12 }), async (wantings) => {
      let calls = 0;
      const found = new Set<string>();
      const puppet: ResearchModel = {
        id: "puppet",
        promptVersion: "puppet-1",
        nextStep: (state) => {
          for (const { name } of state.found) found.add(name);
          for (const { outcome } of state.steps) {
            if (outcome.kind === "found") for (const { name } of outcome.texts) found.add(name);
          }
          const told = wantings[calls % wantings.length];
          calls += 1;
          if (told === undefined || told.fails) return Promise.reject(new TypeError("out of order"));
          const { tool, argument, inputTokens, outputTokens } = told;
          const usage = { calls: 1, inputTokens, outputTokens, cost: 0 };
          return Promise.resolve({ wanted: { callId: "same", tool, argument }, usage });
        },
      };
      const reader = new MemoryReader(PASSAGES);
      const { stage, search, result } = await research({ model: puppet, reader, limits: LIMITS });

      const steps = stage?.output["steps"] as readonly { tool: string; outcome: string; argument: string }[];
      expect(calls).toBeLessThanOrEqual(LIMITS.steps);
      expect(steps.length).toBeLessThanOrEqual(LIMITS.steps);
      // The last call alone may be dearer than was to be expected; nothing is done after it.
      const last = wantings[(calls - 1) % wantings.length];
      const spent = Number(stage?.output["inputTokens"]) + Number(stage?.output["outputTokens"]);
      expect(spent - (last?.inputTokens ?? 0) - (last?.outputTokens ?? 0)).toBeLessThanOrEqual(LIMITS.tokens);
      for (const { outcome, argument } of steps) {
        if (outcome === "opened") expect(found).toContain(argument.trim().toLowerCase());
      }
      expect(reader.asked.length).toBeLessThanOrEqual(steps.filter(({ outcome }) => outcome !== "refused").length);
      for (const { tenantId, audience } of [...search.queries, ...reader.asked]) {
        expect({ tenantId, audience }).toEqual({ tenantId: "acme", audience: ["public", "staff"] });
      }
      expect(["hand-off", "ask-back"]).toContain(result.answer.decision);
    }),
    { numRuns: 300 },
  );
});
