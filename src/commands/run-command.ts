import type { Author, Role } from "../ports/chat.js";
import { NotFoundError, UsageError, assertNever } from "../ports/errors.js";
import type { TenantId } from "../ports/ids.js";
import { plainReply, type Reply } from "../ports/reply.js";
import { doctorReply } from "./doctor-reply.js";
import { explainReply } from "./explain-reply.js";
import { diffReply, noSourcesReply, searchReply, statusReply } from "./knowledge-replies.js";
import type { Operations } from "./operations.js";
import { COMMAND_HELP, parseCommand, type Command } from "./parse-command.js";
import { bullets, code, paragraph, reply, text } from "./reply-blocks.js";

/** A command line and who typed it, as the platform verified them. */
export interface CommandRequest {
  readonly tenantId: TenantId;
  readonly line: string;
  readonly author: Author;
  readonly audience: readonly string[];
}

/** What a command needs; never the conversation part, so that a command cannot speak as somebody. */
export type CommandOperations = Pick<Operations, "status" | "sync" | "lastDiff" | "search" | "explain" | "doctor">;

const SEARCH_LIMIT = 5;
const TEAM: readonly Role[] = ["agent", "admin"];
const ADMINS: readonly Role[] = ["admin"];

/** Who may run what; everybody may run the rest. */
const ROLES: Partial<Record<Command["kind"], readonly Role[]>> = {
  "kb-status": TEAM,
  "kb-diff": TEAM,
  "kb-sync": ADMINS,
  explain: TEAM,
  doctor: ADMINS,
};

/**
 * Runs the commands of conversations. The returned function answers everything with a reply, also what it refuses or
 * does not understand; it rejects only for faults, which are the worker's to retry.
 */
export function createCommandRunner(operationsFor: (tenantId: TenantId) => CommandOperations) {
  return async ({ tenantId, line, author, audience }: CommandRequest, signal: AbortSignal): Promise<Reply> => {
    const command = parseCommand(line);
    if (!isAllowed(command, author.role)) {
      return plainReply(refusal(command));
    }
    try {
      return await run(command, author.role, audience, operationsFor(tenantId), signal);
    } catch (error) {
      if (error instanceof UsageError || error instanceof NotFoundError) return plainReply(error.message);
      throw error;
    }
  };
}

/** What somebody must be to run a command, and how they become it. */
function refusal({ kind }: Command): string {
  const required = ROLES[kind] === ADMINS ? ADMIN_NEEDED : TEAM_NEEDED;
  return `${required} Type "help" for what you can do.`;
}

const ADMIN_NEEDED =
  "This command needs an admin. In Slack and Teams that is whoever is listed in deskhand.yaml under slack.admins or " +
  "teams.admins; in the console, whoever opened the link that deskhand start printed.";
const TEAM_NEEDED =
  "Only the support team may run this command: in Slack and Teams type it in the agents' channel; in the console, open " +
  "the link that deskhand start printed.";

function isAllowed(command: Command, role: Role): boolean {
  return ROLES[command.kind]?.includes(role) ?? true;
}

async function run(
  command: Command,
  role: Role,
  audience: readonly string[],
  operations: CommandOperations,
  signal: AbortSignal,
): Promise<Reply> {
  switch (command.kind) {
    case "help":
      return helpReply(role);
    case "kb-status":
      return statusReply(await operations.status());
    case "kb-sync":
      return syncReply(command, operations, signal);
    case "kb-diff":
      return diffReply(command.source, await operations.lastDiff(command.source));
    case "kb-search":
      return searchReply(await operations.search(command.text, audience, SEARCH_LIMIT, signal));
    case "explain":
      return explainReply(await operations.explain(command.answerId));
    case "doctor":
      return doctorReply(await operations.doctor(signal));
    case "not-understood":
      return plainReply(command.message);
    default:
      return assertNever(command);
  }
}

async function syncReply(
  { source, confirmRemovals }: Extract<Command, { kind: "kb-sync" }>,
  operations: CommandOperations,
  signal: AbortSignal,
): Promise<Reply> {
  const diffs: Reply[] = [];
  for await (const progress of operations.sync(source, { confirmRemovals }, signal)) {
    if (progress.kind === "done") diffs.push(diffReply(progress.source, progress.diff));
  }
  return diffs.length === 0 ? noSourcesReply() : reply(...diffs.flatMap(({ blocks }) => blocks));
}

function helpReply(role: Role): Reply {
  const allowed = COMMAND_HELP.filter(({ usage }) => isAllowed(parseCommand(exampleOf(usage)), role));
  return reply(
    paragraph(text(HOW_TO_ASK)),
    paragraph(text("Commands:")),
    bullets(allowed.map((entry) => [code(entry.usage), text(`: ${entry.text}`)])),
  );
}

const HOW_TO_ASK =
  "To ask, write your question in your own words; in a channel, mention me with it. To get a person, write " +
  '"talk to a person", or press the button for it under an answer.';

/** A line that parses as the command whose usage is given. */
function exampleOf(usage: string): string {
  return usage
    .replaceAll(/\[[^\]]*\]/gu, "")
    .replaceAll("<answer id>", "00000000-0000-0000-0000-000000000000")
    .replaceAll(/<[^>]*>/gu, "x");
}
