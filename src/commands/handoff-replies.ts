import { REPORT_DAYS, type AskedHandoff, type TargetShare, type TeamLoad } from "../ports/handoff-reports.js";
import type { Reply } from "../ports/reply.js";
import { codeOf } from "../ports/confirmations.js";
import { count, moment } from "./counted.js";
import { bullets, code, paragraph, reply, strong, table, text } from "./reply-blocks.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const NONE = "Nothing was handed over to people yet.";

const AGENTS_SHOWN = 20;

/** What each team has to do and how fast it was, then who of it holds how many. */
export function loadReply(loads: readonly TeamLoad[], now: Date): Reply {
  if (loads.length === 0) return reply(paragraph(text(NONE)));
  const rows = loads.map((load) => [
    nameOf(load),
    String(load.open),
    String(load.waiting),
    load.waitingSince === null ? "" : lasting(now.getTime() - load.waitingSince.getTime()),
    String(load.overdue),
    medianWords(load.firstReplies),
    shareWords(load.firstReplies),
    shareWords(load.resolutions),
  ]);
  const holders = loads.flatMap((load) => load.agents.map((agent) => ({ team: nameOf(load), ...agent })));
  return reply(
    table(
      ["Team", "Open", "Waiting", "Longest", "Overdue", "First reply", "First reply in time", "Resolved in time"],
      rows,
    ),
    paragraph(text(`First replies are medians of open time, of the last ${REPORT_DAYS} days.`)),
    ...(holders.length === 0 ? [paragraph(text("Nobody holds one."))] : [paragraph(strong("Who holds how many"))]),
    ...(holders.length === 0
      ? []
      : [
          bullets(holders.slice(0, AGENTS_SHOWN).map(({ name, team, holds }) => [text(`${name} (${team}): ${holds}`)])),
        ]),
    ...(holders.length > AGENTS_SHOWN
      ? [paragraph(text(`And ${count(holders.length - AGENTS_SHOWN, "person")} more.`))]
      : []),
  );
}

const CHARACTERS_SHOWN = 40;

const QUESTIONS_ELSEWHERE =
  "What they asked is shown where nobody else reads it: in the agents' channel, in a direct message with me, in the console, and by deskhand handoffs list.";

/** The newest handoffs, each with how its question begins, but for where others than the team read it. */
export function listReply(listed: readonly AskedHandoff[], most: number, hidesQuestions = false): Reply {
  if (listed.length === 0) return reply(paragraph(text(NONE)));
  const rows = listed.map((one) => [
    codeOf(one.handoffId),
    one.customer,
    ...(hidesQuestions ? [] : [beginning(one.question)]),
    one.state,
    one.team ?? "",
    one.claimedBy ?? "",
    one.rating === null ? "" : String(one.rating),
    moment(one.openedAt),
  ]);
  return reply(
    table(
      ["Id", "Customer", ...(hidesQuestions ? [] : ["Asked"]), "State", "Team", "With", "Rating", "Opened (UTC)"],
      rows,
    ),
    ...(hidesQuestions ? [paragraph(text(QUESTIONS_ELSEWHERE))] : []),
    ...(listed.length < most ? [] : [paragraph(text(`The newest ${most}.`))]),
    paragraph(text("What was said in one of them: "), code("deskhand handoffs transcript <id>")),
  );
}

function beginning(question: string): string {
  const characters = Array.from(question.replaceAll(/\s+/gu, " ").trim());
  if (characters.length <= CHARACTERS_SHOWN) return characters.join("");
  return `${characters.slice(0, CHARACTERS_SHOWN).join("").trimEnd()}…`;
}

function nameOf({ team }: TeamLoad): string {
  return team ?? "the team";
}

function medianWords({ medianMs, count: replies }: TargetShare): string {
  return medianMs === null ? "none yet" : `${lasting(medianMs)} (of ${replies})`;
}

function shareWords({ promised, kept }: TargetShare): string {
  return promised === 0 ? "nothing promised" : `${Math.floor((100 * kept) / promised)} % (${kept} of ${promised})`;
}

/** For example `5 min`, `3 h`, `2 days`. */
function lasting(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(0, Math.round(ms / MINUTE_MS))} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return count(Math.round(ms / DAY_MS), "day");
}
