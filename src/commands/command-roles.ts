import type { Role } from "../ports/chat.js";
import type { Command } from "./command.js";

const TEAM: readonly Role[] = ["agent", "admin"];
const ADMINS: readonly Role[] = ["admin"];
const EVERYBODY: readonly Role[] = ["customer", "agent", "admin"];

/** Who may run what: the team reads, admins change. */
const ROLES: Readonly<Record<Command["kind"], readonly Role[]>> = {
  help: EVERYBODY,
  "not-understood": EVERYBODY,
  "kb-search": EVERYBODY,
  "kb-status": TEAM,
  "kb-diff": TEAM,
  "kb-runs": TEAM,
  "kb-show": TEAM,
  "kb-history": TEAM,
  "kb-entries": TEAM,
  "kb-stale": TEAM,
  "learn-list": TEAM,
  "learn-show": TEAM,
  "learn-edit": TEAM,
  "learn-split": TEAM,
  "learn-approve": TEAM,
  "learn-reject": TEAM,
  "learn-done": TEAM,
  gaps: TEAM,
  "learn-cases": TEAM,
  "learn-case": TEAM,
  "learn-label": TEAM,
  "learn-export": ADMINS,
  "learn-force": ADMINS,
  "handoffs-status": TEAM,
  "handoffs-list": TEAM,
  "handoffs-transcript": ADMINS,
  explain: TEAM,
  "kb-add": ADMINS,
  "kb-sync": ADMINS,
  "kb-remove": ADMINS,
  "kb-pause": ADMINS,
  "kb-resume": ADMINS,
  "kb-restore": ADMINS,
  "kb-purge": ADMINS,
  "kb-restore-document": ADMINS,
  "kb-write": ADMINS,
  "kb-entry": ADMINS,
  "kb-audit": ADMINS,
  // Whose word it is, and whether they may do what they confirm, is looked at when it is done.
  confirm: EVERYBODY,
  doctor: ADMINS,
};

export function isAllowed({ kind }: Pick<Command, "kind">, role: Role): boolean {
  return ROLES[kind].includes(role);
}

/** What somebody must be to run a command, and how they become it. */
export function refusal({ kind }: Pick<Command, "kind">): string {
  const required = ROLES[kind] === ADMINS ? ADMIN_NEEDED : TEAM_NEEDED;
  return `${required} Type "help" for what you can do.`;
}

const ADMIN_NEEDED =
  "This command needs an admin. In Slack and Teams that is whoever is listed in deskhand.yaml under slack.admins or " +
  "teams.admins; in the console, whoever opened the link that deskhand start printed.";
const TEAM_NEEDED =
  "Only the support team may run this command: in Slack and Teams type it in the agents' channel; in the console, open " +
  "the link that deskhand start printed.";
