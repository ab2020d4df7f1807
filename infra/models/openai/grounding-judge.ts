import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { cleanText } from "../../../src/answering/text/clean-text.js";
import { ModelError, type GroundingJudge, type JudgedClaim, type PromptPassage } from "../../../src/ports/models.js";
import { packageRoot } from "../../package-root.js";
import { renderSections } from "./data-sections.js";
import type { TimeLimits } from "./deadline.js";
import { passageSection } from "./prompt.js";
import { createStructuredModel, type StructuredModelOptions } from "./structured.js";

/** Goes to the trace, and names the file in `prompts/`; another one whenever a word of it or the layout changes. */
export const JUDGING_PROMPT_VERSION = "grounding-judge-1";

export interface OpenAiGroundingJudgeOptions extends Omit<StructuredModelOptions, "limits"> {
  readonly limits?: TimeLimits;
}

/** The answer waits for it. */
const LIMITS: TimeLimits = { idleMs: 5800, totalMs: 5800 };
const MAX_CLAIM_CHARACTERS = 1500;
/** Some thirty verdicts and what stands around them. */
const MAX_OUTPUT_TOKENS = 600;
const OPERATION = "judging";

const schema = z.object({
  verdicts: z
    .array(
      z.object({
        claim: z.number().int().describe("The claim's number."),
        supported: z.boolean().describe("Whether its passages say it."),
      }),
    )
    .describe("Every claim once."),
});

/** Judges claims by the model that also writes the answers, in a request of its own that does not show it the question. */
export function createOpenAiGroundingJudge(options: OpenAiGroundingJudgeOptions): GroundingJudge {
  const model = createStructuredModel({ ...options, limits: options.limits ?? LIMITS });
  const instruction = readInstruction();
  return {
    id: options.model,
    promptVersion: JUDGING_PROMPT_VERSION,
    async judge(claims, passages, signal) {
      const { value, usage } = await model.ask(
        {
          instruction,
          input: renderJudging(claims, passages),
          schema,
          name: "claim_verdicts",
          operation: OPERATION,
          maxOutputTokens: MAX_OUTPUT_TOKENS,
        },
        signal,
      );
      const verdicts = new Map(value.verdicts.map(({ claim, supported }) => [claim, supported]));
      const isSupported = claims.map((_, index) => verdicts.get(index + 1));
      if (value.verdicts.length !== claims.length || !isSupported.every((verdict) => verdict !== undefined)) {
        throw new ModelError("incomplete", OPERATION, { usage });
      }
      return { isSupported, usage };
    },
  };
}

function readInstruction(): string {
  const file = join(packageRoot(), "infra", "models", "openai", "prompts", `${JUDGING_PROMPT_VERSION}.md`);
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim();
}

/** Only passages that a claim cites are shown. */
export function renderJudging(claims: readonly JudgedClaim[], passages: readonly PromptPassage[]): string {
  const cited = new Set(claims.flatMap((claim) => claim.passages));
  return renderSections([
    ...passages.filter(({ number }) => cited.has(number)).map(passageSection),
    ...claims.map(({ text, passages: numbers }, index) => ({
      label: `claim ${index + 1}, of ${numbers.map((number) => `passage [${number}]`).join(" and ")}`,
      text: cleanText(text).slice(0, MAX_CLAIM_CHARACTERS).toWellFormed(),
    })),
  ]);
}
