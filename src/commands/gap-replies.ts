import type { Gap, GapReport } from "../learning/find-gaps.js";
import type { Reply } from "../ports/reply.js";
import { count, day } from "./counted.js";
import { more } from "./library-replies.js";
import { paragraph, reply, strong, table, text } from "./reply-blocks.js";

const GAPS_SHOWN = 15;
const CHARACTERS_SHOWN = 160;

/** What the documents did not answer, the most asked first. */
export function gapsReply(report: GapReport): Reply {
  const { gaps, questions, people, before, isCut } = report;
  const period = `${day(report.since)} to ${day(report.until)}`;
  if (gaps.length === 0) {
    return reply(paragraph(text(`No question went unanswered from ${period}; ${before} in the time before.`)));
  }
  const head = `${count(questions, "question")} of ${people === 1 ? "1 person" : `${people} people`}, ${period}; ${before} in the time before.`;
  const rows = gaps.slice(0, GAPS_SHOWN).map(row);
  return reply(
    paragraph(strong("What the documents do not answer. "), text(head)),
    table(["Asked about", "Questions", "People", "Before", "Nearest document"], rows),
    ...more(gaps.length - rows.length),
    ...(isCut ? [paragraph(text("There were more questions: only the newest were read."))] : []),
  );
}

function row({ question, questions, people, notHelpful, before, document }: Gap): readonly string[] {
  const line = question.replaceAll(/\s+/gu, " ");
  const shown = line.length > CHARACTERS_SHOWN ? `${line.slice(0, CHARACTERS_SHOWN)}…` : line;
  const unhelpful = notHelpful === 0 ? "" : ` (${notHelpful} not helpful)`;
  const nearest = document === null ? "none" : `${document.source}, ${document.externalId}`;
  return [shown, `${questions}${unhelpful}`, String(people), before === 0 ? "new" : String(before), nearest];
}
