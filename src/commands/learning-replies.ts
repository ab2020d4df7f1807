import { parseReply } from "../answering/parse-reply.js";
import { variantsOf, type Approval } from "../learning/review.js";
import type { RegressionReport, WorseCase } from "../learning/regression-gate.js";
import type { Candidate, CandidateState } from "../ports/candidates.js";
import { codeOf } from "../ports/confirmations.js";
import type { Block, Reply } from "../ports/reply.js";
import { count } from "./counted.js";
import { more } from "./library-replies.js";
import { bullets, code, paragraph, reply, strong, table, text } from "./reply-blocks.js";

const ROWS_SHOWN = 50;
const CASES_SHOWN = 20;
const WORSE_SHOWN = 20;
const CHARACTERS_SHOWN = 300;
const NO_CITATIONS: ReadonlySet<number> = new Set();

export function candidatesReply(candidates: readonly Candidate[], state: CandidateState | null): Reply {
  if (candidates.length === 0) return reply(...emptyBlocks(state));
  const rows = candidates
    .slice(0, ROWS_SHOWN)
    .map((candidate) => [
      codeOf(candidate.candidateId),
      candidate.question,
      String(candidate.cases.length),
      stateWords(candidate),
      candidate.updatedAt.slice(0, 10),
    ]);
  return reply(
    table(["Id", "Question", "Handoffs", "State", "Changed"], rows),
    ...more(candidates.length - rows.length),
  );
}

function emptyBlocks(state: CandidateState | null): readonly Block[] {
  if (state === "approved" || state === "rejected") return [paragraph(text(`No candidate was ${state} yet.`))];
  const how = "When an agent has answered a handoff and it is settled, what they wrote becomes one.";
  const others = state === null ? [] : [paragraph(text("Those that were decided on: "), code("learn list all"))];
  return [paragraph(text(`No candidate waits for you. ${how}`)), ...others];
}

function stateWords({ state, publishedAt, decidedBy, editedBy }: Candidate): string {
  if (state === "approved") return `approved by ${decidedBy ?? "somebody"}`;
  if (state === "rejected") return `rejected by ${decidedBy ?? "somebody"}`;
  if (publishedAt !== null) return "published, waits with new words";
  return editedBy === null ? "waits" : `waits, edited by ${editedBy}`;
}

export function candidateReply(candidate: Candidate): Reply {
  const { candidateId, question, answer, cases, why } = candidate;
  const variants = variantsOf(candidate);
  return reply(
    paragraph(strong(question), text(` (${codeOf(candidateId)}): ${stateWords(candidate)}`)),
    ...(why === null ? [] : [paragraph(text(`Why: ${why}`))]),
    ...parseReply(answer, NO_CITATIONS),
    ...(variants.length === 0
      ? []
      : [paragraph(text("Would also answer:")), bullets(variants.map((variant) => [text(variant)]))]),
    paragraph(text(`From ${count(cases.length, "handoff")}:`)),
    bullets(
      cases
        .slice(0, CASES_SHOWN)
        .map((one, index) => [text(`${index + 1}. ${one.question} → ${shortened(one.answer)}`)]),
    ),
    ...more(cases.length - CASES_SHOWN),
    ...nextSteps(candidate),
  );
}

function nextSteps({ state, candidateId, cases }: Candidate): readonly Block[] {
  const id = codeOf(candidateId);
  if (state === "approved") return [paragraph(text("To take it out of every answer: "), code(`kb archive ${id}`))];
  const parting =
    cases.length === 1
      ? []
      : [[code(`learn split ${id} <number>`), text(": parts a handoff that is about something else")]];
  return [
    bullets([
      [code(`learn approve ${id}`), text(": answers from it")],
      [code(`learn edit ${id} --answer "…"`), text(": puts other words in its place")],
      ...parting,
      [code(`learn reject ${id} --why "…"`), text(": leaves it")],
    ]),
  ];
}

function shortened(words: string): string {
  const line = words.replaceAll(/\s+/gu, " ");
  return line.length > CHARACTERS_SHOWN ? `${line.slice(0, CHARACTERS_SHOWN)}…` : line;
}

/** @param problem what keeps it from being answered from; null when nothing does */
export function approvalReply(approval: Approval, problem: string | null): Reply {
  if (approval.kind === "refused") return refusedReply(approval);
  const { entry, report, isForced } = approval;
  const wordings =
    entry.variants.length === 0 ? "" : ` It also answers ${count(entry.variants.length, "other wording")}.`;
  const outcome = problem === null ? `It is answered from now.${wordings}` : `It is not answered from yet. ${problem}`;
  return reply(
    paragraph(strong(entry.question), text(`: published by ${entry.updatedBy}. ${outcome}`)),
    ...checkedBlocks(report, isForced),
    paragraph(text("To take it back: "), code(`kb archive ${codeOf(entry.entryId)}`)),
  );
}

function checkedBlocks(report: RegressionReport, isForced: boolean): readonly Block[] {
  if (report.kind === "unchecked") {
    const words = "Nothing was checked before: deskhand.yaml names no labelled questions (learning.evaluationSet).";
    return [paragraph(text(words))];
  }
  const better = report.better === 0 ? "" : ` ${count(report.better, "answer")} became right.`;
  if (!isForced)
    return [paragraph(text(`${count(report.questions, "labelled question")} checked: none got worse.${better}`))];
  return [paragraph(text(`Published although ${worseWords(report)}.${better}`)), ...worseBlocks(report.worse)];
}

function refusedReply({ candidate, report }: Extract<Approval, { kind: "refused" }>): Reply {
  const id = codeOf(candidate.candidateId);
  return reply(
    paragraph(strong(candidate.question), text(`: not published, because ${worseWords(report)}:`)),
    ...worseBlocks(report.worse),
    paragraph(
      text("Change its words ("),
      code(`learn edit ${id}`),
      text("), or, as an admin, publish it all the same: "),
      code(`learn approve ${id} --force`),
    ),
  );
}

function worseWords({ worse, questions }: Extract<RegressionReport, { kind: "checked" }>): string {
  return `${worse.length} of ${count(questions, "labelled question")} would be answered worse`;
}

function worseBlocks(worse: readonly WorseCase[]): readonly Block[] {
  const items = worse
    .slice(0, WORSE_SHOWN)
    .map(({ question, before, after }) => [text(`${question} Now ${before}; then ${after}.`)]);
  return [bullets(items), ...more(worse.length - items.length)];
}
