import type { DropReason } from "../answering/stages/ground.js";
import type { Block } from "../ports/reply.js";
import type { AnswerStage } from "../ports/stores.js";
import { textOf } from "./explained-fields.js";
import { bullets, paragraph, strong, text } from "./reply-blocks.js";

const WHY: Readonly<Record<DropReason, string>> = {
  "unknown-token": "it has a code, address or command that the passages do not have",
  "too-few-words": "too few of its words are in the passages",
  order: "its steps stand in another order than in the passages",
  "unknown-number": "it has a number that the passages do not have there",
  unit: "its number has another unit in the passages",
  role: "it says of one thing what the passages say of another",
  "unknown-name": "it has a name that the passages do not have",
  opposite: "it says the contrary of the passages",
  negation: "it denies what the passages say, or says what they deny",
  condition: "it leaves out or changes a condition of the passages",
  "changed-word": "it changes a word that matters",
  "lost-its-context": "it leans on a sentence that was left out",
  "introduces-nothing": "it leads to nothing that was kept",
  judged: "the judge found it not supported",
};

/** What the check against the passages took out of the draft, each with its reason, and whether the rest could stand. */
export function leftOut(stages: readonly AnswerStage[]): readonly Block[] {
  const output = stages.findLast(({ stage }) => stage === "ground")?.output;
  const dropped = output?.["dropped"];
  if (!Array.isArray(dropped) || dropped.length === 0) return [];
  const rows = dropped.map((piece: unknown) => [
    text(`“${textOf(piece, "text")}”: ${reasonOf(textOf(piece, "because"))}`),
  ]);
  const rest =
    output?.["canStand"] === true ? "what was kept stands without it" : "what was kept cannot stand without it";
  return [paragraph(strong("Left out of the draft"), text(` (${rest}):`)), bullets(rows)];
}

function reasonOf(because: string): string {
  return Object.entries(WHY).find(([reason]) => reason === because)?.[1] ?? because;
}
