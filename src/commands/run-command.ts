import type { Author, Platform, Role } from "../ports/chat.js";
import type { CommandConfirmations } from "../ports/confirmations.js";
import { NotFoundError, UsageError } from "../ports/errors.js";
import type { TenantId } from "../ports/ids.js";
import type { NewAuditEntry } from "../ports/knowledge-audit.js";
import { plainReply, type Reply } from "../ports/reply.js";
import type { StoredAnswer } from "../ports/stores.js";
import { chatSource, refuseToRestoreWithSecret, type ChatSourceRules } from "./chat-source.js";
import { COMMAND_HELP, exampleOf, usagesOf } from "./command-help.js";
import { isAllowed, refusal } from "./command-roles.js";
import type { Command } from "./command.js";
import { askToConfirm, CONFIRMATION_REFUSED, needsConfirmation, previewOf, sourceIdOf } from "./confirm-command.js";
import { doctorReply } from "./doctor-reply.js";
import { explainReply } from "./explain-reply.js";
import { addedReply, diffReply, noSourcesReply, removedReply, searchReply, statusReply } from "./knowledge-replies.js";
import type { Operations } from "./operations.js";
import { parseCommand } from "./parse-command.js";
import { bullets, code, paragraph, reply, text } from "./reply-blocks.js";

/** A command line and who typed it, as the platform verified them. */
export interface CommandRequest {
  readonly tenantId: TenantId;
  /** Null for the terminal of whoever runs Deskhand. */
  readonly installationId: string | null;
  readonly platform: Platform;
  /** Null where it is not typed in a conversation. */
  readonly conversationKey: string | null;
  /** Whether nobody reads the reply but the team, or its author alone. */
  readonly isAmongTeam: boolean;
  readonly line: string;
  readonly author: Author;
  readonly audience: readonly string[];
  /** The stored event that holds the line, which is worked on again after a fault; null where nothing is tried again. */
  readonly eventId: string | null;
}

/** What a command needs; never the conversation part, so that a command cannot speak as somebody. */
export type CommandOperations = Omit<Operations, "say" | "follow">;

/** Whose changes are recorded, and what they may read; null: everything. */
export interface OnBehalfOf {
  readonly tenantId: TenantId;
  readonly actor: string;
  readonly audience: readonly string[] | null;
  /** See {@link CommandRequest}. */
  readonly eventId: string | null;
  /** As by `kb entry`. */
  readonly mayChangeEntries: boolean;
}

/** Whoever runs Deskhand. */
export const AT_THE_TERMINAL: Omit<OnBehalfOf, "tenantId"> = {
  ...{ actor: "terminal", audience: null, eventId: null },
  mayChangeEntries: true,
};

export interface CommandRunnerDependencies extends ChatSourceRules {
  operationsFor(who: OnBehalfOf): CommandOperations;
  readonly confirmations: CommandConfirmations;
  /** Records what somebody tried to do and may not. */
  recordRefusal(tenantId: TenantId, entry: NewAuditEntry): Promise<void>;
}

const SEARCH_LIMIT = 5;

/**
 * Runs the commands of conversations. The returned function answers everything with a reply, also what it refuses or
 * does not understand; it rejects only for faults, which are the worker's to retry.
 */
export function createCommandRunner(deps: CommandRunnerDependencies) {
  return async (request: CommandRequest, signal: AbortSignal): Promise<Reply> => {
    try {
      return await runLine(deps, request, signal);
    } catch (error) {
      if (error instanceof UsageError || error instanceof NotFoundError) return plainReply(error.message);
      throw error;
    }
  };
}

/** How a person is named where their changes are recorded. */
export function actorOf(platform: Platform, { id }: Pick<Author, "id">): string {
  return id.startsWith(`${platform}:`) || id === platform ? id : `${platform}:${id}`;
}

async function runLine(deps: CommandRunnerDependencies, request: CommandRequest, signal: AbortSignal): Promise<Reply> {
  const { author } = request;
  const command = parseCommand(request.line);
  if (command.kind === "confirm") return confirm(deps, request, command.code, signal);
  if (!isAllowed(command, author.role)) return refuse(deps, request, command);
  const operations = operationsOf(deps, request);
  if (!needsConfirmation(command)) return run(deps, command, request, operations, signal);
  const preview = await previewOf(command, operations, signal);
  return askToConfirm(deps.confirmations, askerOf(request), request.line, preview);
}

function operationsOf(
  deps: CommandRunnerDependencies,
  { tenantId, author, audience, platform, eventId }: CommandRequest,
): CommandOperations {
  const mayChangeEntries = isAllowed({ kind: "kb-entry" }, author.role);
  return deps.operationsFor({ tenantId, actor: actorOf(platform, author), audience, eventId, mayChangeEntries });
}

function askerOf({ tenantId, installationId, author }: CommandRequest) {
  return { tenantId, installationId, authorId: author.id };
}

async function confirm(
  deps: CommandRunnerDependencies,
  request: CommandRequest,
  typed: string,
  signal: AbortSignal,
): Promise<Reply> {
  const taken = await deps.confirmations.take(askerOf(request), typed, request.eventId);
  if (taken.kind !== "taken") {
    if (taken.kind === "not-yours") await record(deps, request, "confirm", null);
    return plainReply(CONFIRMATION_REFUSED[taken.kind]);
  }
  // Who could do it when they asked may not be able to any more.
  const command = parseCommand(taken.line);
  if (!isAllowed(command, request.author.role)) return refuse(deps, request, command);
  const operations = operationsOf(deps, request);
  const sourceId = await sourceIdOf(command, operations);
  if (sourceId !== null && !taken.sourceIds.includes(sourceId)) return plainReply(CONFIRMATION_REFUSED["other-source"]);
  return run(deps, command, request, operations, signal, taken.sourceIds);
}

async function refuse(deps: CommandRunnerDependencies, request: CommandRequest, command: Command): Promise<Reply> {
  const source = "source" in command ? command.source : null;
  await record(deps, request, command.kind.replace(/^kb-/u, ""), source);
  return plainReply(refusal(command));
}

function record(
  deps: CommandRunnerDependencies,
  { tenantId, platform, author }: CommandRequest,
  action: string,
  sourceName: string | null,
): Promise<void> {
  const actor = actorOf(platform, author);
  return deps.recordRefusal(tenantId, { actor, action, sourceName, detail: { role: author.role }, wasAllowed: false });
}

/** @param confirmed the sources that its author was shown and has confirmed */
async function run(
  deps: CommandRunnerDependencies,
  command: Command,
  request: CommandRequest,
  operations: CommandOperations,
  signal: AbortSignal,
  confirmed?: readonly string[],
): Promise<Reply> {
  const { author, audience } = request;
  switch (command.kind) {
    case "help":
      return helpReply(author.role);
    case "not-understood":
      return plainReply(command.message);
    case "confirm":
      return plainReply(CONFIRMATION_REFUSED.unknown);
    case "kb-status":
      return statusReply(await operations.status(), await operations.removed());
    case "kb-add":
      return addedReply(await operations.addSource(await chatSource(command, deps)));
    case "kb-remove":
      await operations.removeSource(command.source, confirmed?.[0]);
      return removedReply(command.source);
    case "kb-sync":
      return syncReply(command, confirmed, operations, signal);
    case "kb-search":
      return searchReply(await operations.search(command.text, audience, SEARCH_LIMIT, signal));
    case "explain":
      return explainReply(await answerMeant(command.answerId, request, operations));
    case "doctor":
      return doctorReply(await operations.doctor(signal));
    case "kb-restore":
      refuseToRestoreWithSecret(command.source, deps);
      return (await operations.manage(command, signal)).reply;
    case "handoffs-list":
      return (await operations.manage({ ...command, hidesQuestions: !request.isAmongTeam }, signal)).reply;
    default:
      return (await operations.manage(command, signal)).reply;
  }
}

function answerMeant(
  answerId: string | null,
  { installationId, conversationKey }: CommandRequest,
  operations: CommandOperations,
): Promise<StoredAnswer> {
  if (answerId !== null) return operations.explain(answerId);
  if (conversationKey === null) throw new UsageError(`Say which answer: ${usagesOf("explain")}`);
  return operations.explainNewest({ installationId, conversationKey });
}

async function syncReply(
  { source, confirmRemovals }: Extract<Command, { kind: "kb-sync" }>,
  sourceIds: readonly string[] | undefined,
  operations: CommandOperations,
  signal: AbortSignal,
): Promise<Reply> {
  const diffs: Reply[] = [];
  for await (const progress of operations.sync(source, { confirmRemovals, sourceIds }, signal)) {
    if (progress.kind === "done") diffs.push(diffReply(progress.source, progress.diff));
  }
  return diffs.length === 0 ? noSourcesReply() : reply(...diffs.flatMap(({ blocks }) => blocks));
}

function helpReply(role: Role): Reply {
  const allowed = COMMAND_HELP.filter(({ usage }) => isAllowed(parseCommand(exampleOf(usage)), role)).filter(
    ({ usage }) => role === "admin" || !usage.startsWith("confirm"),
  );
  return reply(
    paragraph(text(HOW_TO_ASK)),
    paragraph(text("Commands:")),
    bullets(allowed.map((entry) => [code(entry.usage), text(`: ${entry.text}`)])),
  );
}

const HOW_TO_ASK =
  "To ask, write your question in your own words; in a channel, mention me with it. To get a person, write " +
  '"talk to a person", or press the button for it under an answer.';
