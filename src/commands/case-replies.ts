import { FAULT_LABELS } from "../handoff/action-labels.js";
import type { AnswerCase, CaseState } from "../ports/answer-cases.js";
import { codeOf } from "../ports/confirmations.js";
import type { Inline, Reply } from "../ports/reply.js";
import { more } from "./library-replies.js";
import { bullets, code, paragraph, reply, strong, text } from "./reply-blocks.js";

const CASES_SHOWN = 20;
const CHARACTERS_SHOWN = 300;

export function casesReply(cases: readonly AnswerCase[], state: CaseState | null): Reply {
  if (cases.length === 0) return reply(paragraph(text(EMPTY[state ?? "all"])));
  const shown = cases.slice(0, CASES_SHOWN);
  return reply(
    bullets(shown.map(caseLine)),
    ...more(cases.length - shown.length),
    paragraph(text("Say which document answers one: "), code("learn label <id> <source> <document>")),
  );
}

const EMPTY: Readonly<Record<CaseState | "all", string>> = {
  open: "No answer waits to be looked at. When a customer presses Not helpful, it is one.",
  labelled: "No case was labelled yet. See those that wait: learn cases",
  dismissed: "No case was dismissed yet. See those that wait: learn cases",
  all: "No customer has pressed Not helpful yet.",
};

function caseLine(found: AnswerCase): readonly Inline[] {
  return [
    code(codeOf(found.caseId)),
    text(" "),
    strong(found.question),
    text(` ${whatIsWrong(found)} ${stateWords(found)}`),
  ];
}

export function caseReply(found: AnswerCase): Reply {
  const { caseId, question, answer, cited, state } = found;
  const id = codeOf(caseId);
  const said =
    answer === null ? "The answer is from documents that you may not read." : `It was answered: ${shortened(answer)}`;
  const from = cited.map(({ source, externalId }) => `${source}, ${externalId}`).join("; ");
  return reply(
    paragraph(strong(question), text(` (${id}) ${whatIsWrong(found)} ${stateWords(found)}`)),
    paragraph(text(said)),
    ...(from === "" ? [] : [paragraph(text(`It cited: ${from}.`))]),
    ...(state === "open"
      ? [
          bullets([
            [code(`learn label ${id} <source> <document>`), text(": the document that answers it")],
            [code(`learn label ${id} --not-answerable`), text(": no document does")],
            [code(`learn label ${id} --dismiss`), text(": the answer was right, or it is no question to ask again")],
          ]),
        ]
      : []),
  );
}

function whatIsWrong({ fault, words }: AnswerCase): string {
  const said = words === null ? "" : ` "${shortened(words)}"`;
  return `${fault === null ? "Not helpful." : `${FAULT_LABELS[fault]}.`}${said}`;
}

function stateWords({ state, label, labelledBy }: AnswerCase): string {
  const by = labelledBy ?? "somebody";
  if (state === "open") return "";
  if (state === "dismissed" || label === null) return `Dismissed by ${by}.`;
  if (label.document === null) return `Not answerable, says ${by}.`;
  return `Answered by ${label.document.source}, ${label.document.externalId}, says ${by}.`;
}

function shortened(words: string): string {
  const line = words.replaceAll(/\s+/gu, " ");
  return line.length > CHARACTERS_SHOWN ? `${line.slice(0, CHARACTERS_SHOWN)}…` : line;
}
