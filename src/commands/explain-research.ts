import type { Block, Inline } from "../ports/reply.js";
import type { AnswerStage } from "../ports/stores.js";
import { fieldOf, textOf } from "./explained-fields.js";
import { paragraph, strong, table, text } from "./reply-blocks.js";

/** Whether a model looked further than the first search, and what ended it. */
export function lookedFurther(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const output = stages.find(({ stage }) => stage === "research")?.output;
  if (output === undefined) return [];
  const failure = textOf(output, "failure");
  const steps = stepsOf(output).length;
  const ended = `${steps} ${steps === 1 ? "step" : "steps"}, ended: ${textOf(output, "ended")}`;
  return [[strong("Looked further: "), text(failure === "" ? ended : `${ended} (${failure})`)]];
}

/** Every step with what it was for and what came of it. */
export function researchSteps(stages: readonly AnswerStage[]): readonly Block[] {
  const steps = stepsOf(stages.find(({ stage }) => stage === "research")?.output);
  if (steps.length === 0) return [];
  const rows = steps.map((step, index) => [
    String(index + 1),
    textOf(step, "tool"),
    textOf(step, "argument"),
    cameOf(step),
    String(numberOf(step, "inputTokens") + numberOf(step, "outputTokens")),
    numberOf(step, "ms").toFixed(0),
  ]);
  return [
    paragraph(strong("Steps further than the first search")),
    table(["", "Tool", "For", "What came of it", "Tokens", "ms"], rows),
  ];
}

function cameOf(step: unknown): string {
  const outcome = textOf(step, "outcome");
  if (outcome === "refused") return `refused: ${textOf(step, "why")}`;
  if (outcome !== "found" && outcome !== "opened") return outcome;
  const documents = fieldOf(step, "documents");
  const list: readonly unknown[] = Array.isArray(documents) ? documents : [];
  const fresh = list.filter((document) => fieldOf(document, "isNew") === true);
  const names = list.slice(0, 3).map((document) => textOf(document, "title"));
  if (outcome === "opened") return `opened ${names.join(", ")}`;
  return list.length === 0 ? "nothing" : `${list.length} documents, ${fresh.length} new: ${names.join(", ")}`;
}

function stepsOf(output: unknown): readonly unknown[] {
  const steps = fieldOf(output, "steps");
  return Array.isArray(steps) ? steps : [];
}

function numberOf(value: unknown, name: string): number {
  const field = fieldOf(value, name);
  return typeof field === "number" ? field : 0;
}
