/**
 * Trains the confidence model on labelled folders, through the real sync and search:
 *
 *   npx tsc -p tsconfig.json --noEmit false --outDir .bench && node .bench/test/bench/train-confidence.js DIR... > report.json
 *
 * It prints the held-out figures and writes src/answering/confidence/model.ts. See label-searches.ts for what is asked and
 * docs/decisions/0008-confidence.md for what was tried.
 */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { localModels } from "../../infra/models/wire-models.js";
import { FEATURES } from "../../src/answering/confidence/feature-names.js";
import {
  trainConfidence,
  type HeldOutFigures,
  type LabelledSearch,
  type Training,
} from "../../src/answering/confidence/train.js";
import { labelFolder } from "./label-searches.js";

function render({ model, heldOut }: Training, today: string): string {
  const whole = heldOut.filter(({ setting }) => setting === "whole");
  return `import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on ${today}; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
${whole.map((held) => ` * ${describe(held)}`).join("\n")}
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "${today}-${fingerprint(model)}",
  intercept: ${rounded(model.intercept)},
  inputs: {
${FEATURES.map((name) => `    ${name}: ${renderInput(model.inputs[name])},`).join("\n")}
  },
};
`;
}

function renderInput({ center, spread, weight }: Training["model"]["inputs"]["exact"]): string {
  return `{ center: ${rounded(center)}, spread: ${rounded(spread)}, weight: ${rounded(weight)} }`;
}

/** Two models of one day are two models. */
function fingerprint(model: Training["model"]): string {
  return createHash("sha256").update(JSON.stringify(model)).digest("hex").slice(0, 6);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

function describe(held: HeldOutFigures): string {
  return (
    `${held.dataset} (${held.queries}): AUROC ${figure(held.auroc)}, AURC ${figure(held.aurc)}, cov@10 ` +
    `${figure(held["coverage@risk10"])}, cov@20 ${figure(held["coverage@risk20"])}, ECE ${figure(held.ece)}`
  );
}

function figure(value: number | null): string {
  return value === null ? "none" : value.toFixed(3);
}

const today = new Date().toISOString().slice(0, 10);
const labelled: LabelledSearch[] = [];
for (const directory of process.argv.slice(2)) {
  const startedAt = performance.now();
  labelled.push(...(await labelFolder(directory)));
  process.stderr.write(`${directory}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}
const training = trainConfidence(labelled, localModels().textVectors);
await writeFile("src/answering/confidence/model.ts", render(training, today));
process.stdout.write(`${JSON.stringify(training.heldOut, null, 2)}\n`);
