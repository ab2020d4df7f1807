import type { AgentNames } from "../handoff/agent-names.js";
import type { Clock } from "../ports/clock.js";
import { assertNever } from "../ports/errors.js";
import { reportSince, type HandoffReports } from "../ports/handoff-reports.js";
import type { HandoffCommand } from "./handoff-command.js";
import { listReply, loadReply } from "./handoff-replies.js";
import { asCustomerSees } from "./customers-transcript.js";
import { transcriptMarkdown } from "./handoff-transcript.js";
import type { Managed } from "./manage-knowledge.js";
import { code, paragraph, reply } from "./reply-blocks.js";

/** How many the list shows. */
const MOST_LISTED = 50;

/** How much of a conversation is exported. */
const MOST_ENTRIES = 10_000;

export interface HandoffDesk {
  readonly reports: HandoffReports;
  /** What customers see of the names of agents. */
  readonly agentNames: AgentNames;
  readonly clock: Clock;
}

/** Answers what is asked of handoffs. @throws {NotFoundError} and {UsageError} with messages for whoever asked */
export async function manageHandoffs(
  { reports, agentNames, clock }: HandoffDesk,
  command: HandoffCommand,
): Promise<Managed> {
  switch (command.kind) {
    case "handoffs-status": {
      const now = clock.now();
      const loads = await reports.load(reportSince(now));
      return { reply: loadReply(loads, now), data: loads };
    }
    case "handoffs-list": {
      const listed = await reports.list(MOST_LISTED);
      return { reply: listReply(listed, MOST_LISTED, command.hidesQuestions), data: listed };
    }
    case "handoffs-transcript": {
      const isForCustomer = command.reader === "customer";
      const kept = await reports.transcript(command.handoff, { limit: MOST_ENTRIES, isForCustomer });
      const found = isForCustomer ? await asCustomerSees(kept, agentNames) : kept;
      const markdown = transcriptMarkdown(found);
      return { reply: reply(paragraph(code(markdown))), data: command.format === "json" ? found : markdown };
    }
    default:
      return assertNever(command);
  }
}
