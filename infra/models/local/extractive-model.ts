import type { AnswerModel, GenerationEvent, GenerationRequest } from "../../../src/ports/models.js";
import { scoreRequest, type ScoredUnit } from "./extractive-scoring.js";
import { selectUnits, type Selection } from "./extractive-selection.js";

/**
 * Answers without any network by quoting: the sentences, steps or table rows of the passages that answer the question
 * best, word for word, each with the number of its passage. Never invents; says nothing when no passage has a sentence.
 */
export function createExtractiveModel(): AnswerModel {
  return {
    id: "local-extractive-1",
    promptVersion: "none",
    writesAtOnce: true,
    generate: (request, signal) => quote(request, signal),
  };
}

async function* quote(request: GenerationRequest, signal: AbortSignal): AsyncGenerator<GenerationEvent> {
  signal.throwIfAborted();
  const pieces = renderSelection(selectUnits(scoreRequest(request)));
  for (const text of pieces) {
    // A real model takes turns with everything else; so does this one, and sees an abort between sentences.
    await Promise.resolve();
    signal.throwIfAborted();
    yield { kind: "text", text };
  }
  const outputTokens = Math.ceil(pieces.join("").length / 4);
  const usage = { calls: 1, inputTokens: 0, outputTokens, cost: 0 };
  yield { kind: "end", finish: "complete", citations: null, usage };
}

/** Markdown pieces that add up to the answer. */
export function renderSelection({ units, isCut }: Selection): readonly string[] {
  const lastStep = units.findLast((unit) => unit.kind === "step");
  return units.map((unit, index) => {
    const more = isCut && unit === lastStep ? " …" : "";
    return `${separator(units, units[index - 1], unit)}${marker(units, unit)}${unit.text}${more} [${unit.passage.number}]`;
  });
}

function separator(units: readonly ScoredUnit[], before: ScoredUnit | undefined, unit: ScoredUnit): string {
  if (before === undefined) return "";
  const isSamePlace = before.passage === unit.passage && before.group === unit.group;
  if (isListed(units, before) && isListed(units, unit)) return isSamePlace ? "\n" : "\n\n";
  // What ends without a mark would run into the next sentence.
  if (isListed(units, before) || isListed(units, unit) || unit.isWarning || !before.isWhole) return "\n\n";
  return before.passage === unit.passage ? " " : "\n\n";
}

function marker(units: readonly ScoredUnit[], unit: ScoredUnit): string {
  if (!isListed(units, unit)) return "";
  return unit.number === null ? "- " : `${unit.number}. `;
}

/** One item, row or phrase alone reads as a sentence; several are a list. */
function isListed(units: readonly ScoredUnit[], unit: ScoredUnit): boolean {
  if (unit.kind === "code" || (unit.kind === "sentence" && unit.isWhole)) return false;
  return peersOf(units, unit).length > 1 || unit.text.includes("\n");
}

function peersOf(units: readonly ScoredUnit[], unit: ScoredUnit): readonly ScoredUnit[] {
  return units.filter(
    (other) =>
      other.passage === unit.passage &&
      other.group === unit.group &&
      other.kind === unit.kind &&
      other.isWhole === unit.isWhole,
  );
}
