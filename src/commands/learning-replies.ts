import { parseReply } from "../answering/parse-reply.js";
import { variantsOf, type Approval } from "../learning/review.js";
import type { ArticleChange } from "../learning/article-change.js";
import type { RegressionReport, WorseCase } from "../learning/regression-gate.js";
import type { Candidate, CandidateState } from "../ports/candidates.js";
import { codeOf } from "../ports/confirmations.js";
import type { Block, Inline, Reply } from "../ports/reply.js";
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
      kindWords(candidate),
      stateWords(candidate),
      candidate.updatedAt.slice(0, 10),
    ]);
  return reply(
    table(["Id", "Question", "Handoffs", "Would be", "State", "Changed"], rows),
    ...more(candidates.length - rows.length),
  );
}

function emptyBlocks(state: CandidateState | null): readonly Block[] {
  if (state === "approved" || state === "rejected") return [paragraph(text(`No candidate was ${state} yet.`))];
  const how = "When an agent has answered a handoff and it is settled, what they wrote becomes one.";
  const others = state === null ? [] : [paragraph(text("Those that were decided on: "), code("learn list all"))];
  return [paragraph(text(`No candidate waits for you. ${how}`)), ...others];
}

/** Without the article's name: not everybody may know of it. */
export function kindWords({ article }: Candidate): string {
  if (article === null) return "a new entry";
  return article.isEntry ? "a change of an entry" : `a change in ${article.source}`;
}

export function stateWords({ state, publishedAt, decidedBy, editedBy, changed, isAnsweredFrom }: Candidate): string {
  const archived = publishedAt === null || isAnsweredFrom ? "" : ", archived since";
  if (state === "approved") {
    return `${changed === null ? "approved" : `put into ${changed.source}`} by ${decidedBy ?? "somebody"}${archived}`;
  }
  if (state === "rejected") return `rejected by ${decidedBy ?? "somebody"}`;
  if (publishedAt !== null) return `${isAnsweredFrom ? "published" : "archived"}, waits with new words`;
  return editedBy === null ? "waits" : `waits, edited by ${editedBy}`;
}

/** @param change what it would change in an article that the reader may read; null where there is none */
export function candidateReply(candidate: Candidate, change: ArticleChange | null): Reply {
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
    ...(candidate.state === "waiting" ? changeBlocks(candidate, change) : []),
    ...nextSteps(candidate),
  );
}

const DIFF_SHOWN = 3_000;

function changeBlocks({ article, candidateId }: Candidate, change: ArticleChange | null): readonly Block[] {
  if (article === null) return [];
  if (change === null) {
    return [
      paragraph(text(`It is close to an article of ${article.source}, which is gone or which you may not read.`)),
    ];
  }
  const { title, source, url, diff, entry } = change;
  const where = url === null ? `${source}, ${change.externalId}` : `${source}: ${url}`;
  const says = diff === "" ? " It says this already." : "";
  const head = paragraph(
    text(entry === null ? "Close to the article " : "Would change the entry "),
    strong(title),
    text(` (${where}).${says}`),
  );
  if (diff === "") return [head];
  const shown = diff.length > DIFF_SHOWN ? `${diff.slice(0, DIFF_SHOWN)}\n…` : diff;
  const whole =
    diff.length > DIFF_SHOWN ? [paragraph(text("All of it: "), code(`learn show ${codeOf(candidateId)} --diff`))] : [];
  return [head, { kind: "code", language: "diff", text: shown }, ...whole];
}

/** Nothing but the change. */
export function articleDiffReply({ article }: Candidate, change: ArticleChange | null): Reply {
  if (article === null) return reply(paragraph(text("It is close to no article: it would be an entry of its own.")));
  if (change === null) return reply(paragraph(text("The article is gone, or you may not read it.")));
  if (change.diff === "") return reply(paragraph(text(`${change.title} says this already.`)));
  return reply({ kind: "code", language: "diff", text: change.diff });
}

export function articleDoneReply({ question, changed, decidedBy }: Candidate): Reply {
  const where = changed === null ? "the article" : `${changed.source}, ${changed.externalId}`;
  const words = `: ${decidedBy ?? "somebody"} has put it into ${where}. It is answered from once that is synced.`;
  return reply(paragraph(strong(question), text(words)));
}

function nextSteps({ state, candidateId, cases, article, changed, isAnsweredFrom }: Candidate): readonly Block[] {
  const id = codeOf(candidateId);
  if (state === "approved" && changed !== null) {
    return [paragraph(text("See its versions: "), code(`kb history ${changed.source} ${changed.externalId}`))];
  }
  if (state === "approved" && isAnsweredFrom)
    return [paragraph(text("To take it out of every answer: "), code(`kb archive ${id}`))];
  if (state === "approved")
    return [paragraph(text("It is not answered from any more. To publish it again: "), code(`learn approve ${id}`))];
  const parting =
    cases.length === 1
      ? []
      : [[code(`learn split ${id} <number>`), text(": parts a handoff that is about something else")]];
  return [
    bullets([
      ...decisions(id, article),
      [code(`learn edit ${id} --answer "…"`), text(": puts other words in its place")],
      ...parting,
      [code(`learn reject ${id} --why "…"`), text(": leaves it")],
    ]),
  ];
}

function decisions(id: string, article: Candidate["article"]): readonly (readonly Inline[])[] {
  if (article === null) return [[code(`learn approve ${id}`), text(": answers from it")]];
  if (article.isEntry) {
    return [
      [code(`learn approve ${id}`), text(": changes the entry")],
      [code(`learn approve ${id} --new`), text(": makes an entry of its own")],
    ];
  }
  return [
    [code(`learn done ${id}`), text(": the article was changed where it comes from")],
    [code(`learn approve ${id}`), text(": answers from it, as an entry of its own")],
  ];
}

function shortened(words: string): string {
  const line = words.replaceAll(/\s+/gu, " ");
  return line.length > CHARACTERS_SHOWN ? `${line.slice(0, CHARACTERS_SHOWN)}…` : line;
}

/** @param problem what keeps it from being answered from; null when nothing does */
export function approvalReply(approval: Approval, problem: string | null): Reply {
  if (approval.kind === "refused") return refusedReply(approval);
  const { entry, report, isForced, isChange } = approval;
  const wordings =
    entry.variants.length === 0 ? "" : ` It also answers ${count(entry.variants.length, "other wording")}.`;
  const outcome = problem === null ? `It is answered from now.${wordings}` : `It is not answered from yet. ${problem}`;
  return reply(
    paragraph(strong(entry.question), text(`: published by ${entry.updatedBy}. ${outcome}`)),
    ...checkedBlocks(report, isForced),
    isChange
      ? paragraph(text("It was changed. What it said before: "), code(`kb history ${entry.source} ${entry.entryId}`))
      : paragraph(text("To take it back: "), code(`kb archive ${codeOf(entry.entryId)}`)),
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
