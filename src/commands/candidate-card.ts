import { parseReply } from "../answering/parse-reply.js";
import { PLACEHOLDER } from "../learning/personal-data.js";
import { endedWords } from "../learning/ended-candidate.js";
import type { Candidate, EndedCandidate } from "../ports/candidates.js";
import { codeOf } from "../ports/confirmations.js";
import type { Reply } from "../ports/reply.js";
import { count } from "./counted.js";
import { kindWords, stateWords } from "./learning-replies.js";
import { code, paragraph, reply, strong, text } from "./reply-blocks.js";

const ANSWER_SHOWN = 2_000;
const NO_CITATIONS: ReadonlySet<number> = new Set();

/** A candidate as the agents' channel shows it: with buttons while it waits, and afterwards with what was decided and by whom. */
export function candidateCard(candidate: Candidate): Reply {
  const { candidateId, question, answer, cases, state, updatedAt: seen, why } = candidate;
  const waits = state === "waiting";
  const shown = answer.length > ANSWER_SHOWN ? `${answer.slice(0, ANSWER_SHOWN)}…` : answer;
  const origin = `From ${count(cases.length, "handoff")}; it would be ${kindWords(candidate)}. Its state: ${stateWords(candidate)}.`;
  const personal = waits && [question, answer].some((words) => PLACEHOLDER.test(words));
  return {
    blocks: [
      paragraph(text(waits ? "Shall this be answered from? " : ""), strong(question)),
      ...parseReply(shown, NO_CITATIONS),
      paragraph(text(origin)),
      ...(why === null ? [] : [paragraph(text(`Why: ${why}`))]),
      ...(personal ? [paragraph(text("In brackets stands what was personal: edit it before it is approved."))] : []),
      paragraph(text("All of it: "), code(`learn show ${codeOf(candidateId)}`)),
    ],
    citations: [],
    actions: waits
      ? [
          { name: "review", candidateId, seen, verdict: "approve" },
          { name: "review-edit", candidateId, seen, answer },
          { name: "review", candidateId, seen, verdict: "reject" },
        ]
      : [],
  };
}

/** The card of a candidate that is no more: nothing of its words, which may be what was deleted, and nothing to press. */
export function endedCard(ended: EndedCandidate): Reply {
  const { into } = ended;
  const said = paragraph(text(endedWords(ended)));
  if (into === null) return reply(said);
  return reply(
    said,
    paragraph(text("It is part of: "), strong(into.question)),
    paragraph(text("All of it: "), code(`learn show ${codeOf(into.candidateId)}`)),
  );
}

/** What a press on the card does, as a command: rights, checks and words are those of the command. */
export function reviewLine(
  action:
    | { readonly candidateId: string; readonly seen: string; readonly verdict: "approve" | "reject" }
    | { readonly candidateId: string; readonly seen: string; readonly answer: string },
): string {
  const { candidateId, seen } = action;
  if ("verdict" in action) return `learn ${action.verdict} ${candidateId} --seen ${seen}`;
  return `learn edit ${candidateId} --seen ${seen} --answer ${quoted(action.answer)}`;
}

/** In quotes that the words do not have. */
function quoted(words: string): string {
  if (!words.includes('"')) return `"${words}"`;
  if (!words.includes("'")) return `'${words}'`;
  return `“${words.replaceAll("”", '"')}”`;
}
