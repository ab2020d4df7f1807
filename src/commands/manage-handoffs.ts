import { reportSince, type HandoffReports } from "../ports/handoff-reports.js";
import type { HandoffCommand } from "./handoff-command.js";
import { loadReply } from "./handoff-replies.js";
import type { Managed } from "./manage-knowledge.js";

/** Answers what is asked of handoffs. */
export async function manageHandoffs(reports: HandoffReports, _command: HandoffCommand, now: Date): Promise<Managed> {
  const loads = await reports.load(reportSince(now));
  return { reply: loadReply(loads, now), data: loads };
}
