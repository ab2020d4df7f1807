import type { Block, Inline, Reply } from "../ports/reply.js";
import type { AnswerStage, StoredAnswer } from "../ports/stores.js";
import { fieldOf, textOf } from "./explained-fields.js";
import { leftOut } from "./explain-grounding.js";
import { lookedFurther, researchSteps } from "./explain-research.js";
import { searchedSynonyms } from "./explain-synonyms.js";
import { bullets, paragraph, reply, strong, table, text } from "./reply-blocks.js";

/** How an answer came to be, from its trace. */
export function explainReply(answer: StoredAnswer): Reply {
  const decision = `${answer.decision} (${answer.reason})`;
  return reply(
    paragraph(strong("Question: "), text(answer.question)),
    bullets([
      [strong("Decision: "), text(decision)],
      [strong("Confidence: "), text(`${percent(answer.confidence)}, threshold ${percent(answer.threshold)}`)],
      ...language(answer.stages),
      ...followUp(answer.stages),
      ...searchedSynonyms(answer.stages),
      ...topics(answer.stages),
      ...budget(answer.stages),
      ...lookedFurther(answer.stages),
      ...reranked(answer.stages),
      ...modelCalls(answer.stages),
      ...judged(answer.stages),
      ...madeUpCitations(answer.stages),
      ...ordersTaken(answer.stages),
      [strong("At: "), text(answer.createdAt.toISOString())],
      [strong("Answer id: "), text(answer.answerId)],
    ]),
    ...(answer.text === "" ? [] : [paragraph(strong("Text: "), text(answer.text))]),
    ...leftOut(answer.stages),
    ...passages(answer.stages),
    table(
      ["Stage", "ms", "US$", "Model"],
      answer.stages.map((stage) => [stage.stage, stage.ms.toFixed(1), stage.cost.toFixed(4), stage.model ?? ""]),
    ),
    ...researchSteps(answer.stages),
    ...signals(answer.stages),
  );
}

const TOLD_BY: Readonly<Record<string, string>> = {
  question: "by its words",
  conversation: "by what was written before",
};

/** What the question was taken to be written in; the answer was asked for in it. */
function language(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const output = stages.find(({ stage }) => stage === "language")?.output;
  if (output === undefined) return [];
  const code = textOf(output, "language");
  const told = TOLD_BY[textOf(output, "by")] ?? "";
  return [[strong("Language: "), text(code === "" ? "not recognised" : `${code} (${told})`)]];
}

/** What a follow-up was taken to ask, and who said so. */
function followUp(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const output = stages.find(({ stage }) => stage === "standalone")?.output;
  if (output?.["isNewTopic"] === true) return [[strong("New topic: "), text("what was said before was left out")]];
  if (output?.["isFollowUp"] !== true) return [];
  const failure = textOf(output, "failure");
  const by = textOf(output, "by") === "model" ? "by the model" : "by rule";
  const why = failure === "" ? by : `${by}, as the model failed: ${failure}`;
  return [[strong("Follow-up, searched as: "), text(`${textOf(output, "text")} (${why})`)]];
}

/** Those of the house's topics that it is about: why a person answers it, or what its threshold is. */
function topics(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const about = stages.find(({ stage }) => stage === "policy")?.output["topics"];
  if (!Array.isArray(about) || about.length === 0) return [];
  return [[strong("Topics: "), text(about.map(String).join(", "))]];
}

/** Why only what costs nothing was looked for. */
function budget(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const used = stages.find(({ stage }) => stage === "budget")?.output;
  if (used === undefined) return [];
  const { questions = 0, tokens = 0, cost = 0 } = numbersOf(used);
  const what = `${questions} questions, ${tokens} tokens, US$ ${cost.toFixed(2)}`;
  return [[strong("Budget of the day, spent before: "), text(what)]];
}

const CALLS: readonly (readonly [stage: string, what: string])[] = [
  ["standalone", "rewriting"],
  ["retrieve", "embedding"],
  ["research", "research"],
  ["rerank", "reranking"],
  ["generate", "generation"],
  ["judge", "judging"],
];

/** How often each model was asked: none at all for an answer that needed none. */
function modelCalls(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const counts = CALLS.flatMap(([name, what]) => {
    const output = stages.find(({ stage }) => stage === name)?.output;
    const calls = name === "retrieve" ? embeddings(stages) : output?.["calls"];
    return typeof calls === "number" && calls > 0 ? [`${calls} ${what}`] : [];
  });
  return [[strong("Model calls: "), text(counts.length === 0 ? "none" : counts.join(", "))]];
}

/** Vectors of the question, and of what else was searched for. */
function embeddings(stages: readonly AnswerStage[]): number {
  const counts = stages.map(({ stage, output }) => {
    const count = stage === "retrieve" ? output["calls"] : stage === "research" ? output["embeddings"] : 0;
    return typeof count === "number" ? count : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function madeUpCitations(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const unknown = stages.find(({ stage }) => stage === "generate")?.output["unknownCitations"];
  if (!Array.isArray(unknown) || unknown.length === 0) return [];
  return [[strong("Passages named that there were not: "), text(unknown.map(String).join(", "))]];
}

/** What was taken out of passages because it speaks to the writer of the answer. */
function ordersTaken(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const rows = ["verified", "pack"].flatMap((name) => {
    const output = stages.find(({ stage }) => stage === name)?.output;
    const passages = output?.["passages"];
    if (output === undefined || !Array.isArray(passages)) return [];
    return passages.flatMap((passage: unknown) => {
      const count = name === "pack" ? fieldOf(passage, "ordersTaken") : output["ordersTaken"];
      if (typeof count !== "number" || count === 0) return [];
      const sentences = count === 1 ? "1 sentence" : `${count} sentences`;
      const title = textOf(passage, "title");
      if (name === "verified") return [`the verified answer “${title}” was not quoted, as ${sentences} of it are such`];
      return [`${sentences} of “${title}” (passage ${String(fieldOf(passage, "number"))})`];
    });
  });
  return rows.length === 0 ? [] : [[strong("Orders to the writer, taken out: "), text(rows.join("; "))]];
}

/** Whether a model ordered the passages anew, and what that changed. */
function reranked(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const output = stages.find(({ stage }) => stage === "rerank")?.output;
  if (output === undefined) return [];
  const failure = textOf(output, "failure");
  const isNew = output["isFirstNew"] === true;
  const what = isNew ? "another document came first; the confidence is of the one before" : "the first document stayed";
  return [[strong("Reranked: "), text(failure === "" ? what : `no, the model failed: ${failure}`)]];
}

/** What a judge took out of the draft, or why it could not. */
function judged(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const output = stages.find(({ stage }) => stage === "judge")?.output;
  if (output === undefined) return [];
  const failure = textOf(output, "failure");
  if (failure !== "") return [[strong("Judged: "), text(`no, the model failed: ${failure}`)]];
  const { unsupported } = output;
  const taken = Array.isArray(unsupported) ? unsupported.map((claim) => `“${String(claim)}”`) : [];
  const what = taken.length === 0 ? "all claims supported" : `not supported, left out: ${taken.join(", ")}`;
  return [[strong("Judged: "), text(what)]];
}

/** What the confidence that was decided by was made from: each part with its value and what it added to the log odds, strongest first. */
function signals(stages: readonly AnswerStage[]): readonly Block[] {
  const output = stages.findLast(({ stage }) => stage === "confidence")?.output;
  const pulls = Object.entries(numbersOf(output?.["pulls"]));
  if (pulls.length === 0) return [];
  const parts = numbersOf(output?.["parts"]);
  const rows = pulls
    .sort(([, one], [, other]) => Math.abs(other) - Math.abs(one))
    .map(([name, pull]) => [name, parts[name]?.toFixed(2) ?? "", `${pull < 0 ? "" : "+"}${pull.toFixed(2)}`]);
  return [paragraph(strong("What the confidence is made from")), table(["Part", "Value", "Log odds"], rows)];
}

function numbersOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
      typeof each === "number" ? [[name, each]] : [],
    ),
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** What was answered from stands in the first ones; `--json` has all. */
const PASSAGES_SHOWN = 5;

function passages(stages: readonly AnswerStage[]): readonly Block[] {
  const searched = stages.findLast(({ stage }) => stage === "research" || stage === "retrieve");
  const looked = searched ?? stages.find(({ stage }) => stage === "verified");
  const found = looked?.output["passages"];
  if (!Array.isArray(found) || found.length === 0) return [];
  const more = found.length - PASSAGES_SHOWN;
  const rows = found
    .slice(0, PASSAGES_SHOWN)
    .map((passage: unknown, index) => [
      String(index + 1),
      textOf(passage, "title"),
      textOf(passage, "externalId"),
      score(passage),
    ]);
  const shown = more > 0 ? [text(` (the first ${PASSAGES_SHOWN} of ${found.length})`)] : [];
  return [paragraph(strong("Passages found"), ...shown), table(["", "Document", "Id", "Score"], rows)];
}

function score(passage: unknown): string {
  const fused = fieldOf(fieldOf(passage, "scores"), "fused");
  return typeof fused === "number" ? fused.toFixed(3) : "";
}
