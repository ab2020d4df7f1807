import { z } from "zod";
import { canConfirm } from "../../../src/commands/knowledge-replies.js";
import { parseCommand } from "../../../src/commands/parse-command.js";
import type { CommandRequest } from "../../../src/commands/run-command.js";
import type { DocumentLibrary } from "../../../src/ports/document-library.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import type { HttpRequest, HttpRoute } from "../../../src/ports/http.js";
import type { TenantId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin, SourceStatus, SyncDiff, SyncRemark } from "../../../src/ports/knowledge.js";
import type { Reply } from "../../../src/ports/reply.js";
import type { SourceLifecycle } from "../../../src/ports/source-lifecycle.js";
import type { SyncRuns } from "../../../src/ports/sync-runs.js";
import type { CommandResultView, DeskView, RunView, SourceView } from "../api.js";
import { CONSOLE_AUDIENCE, customerAuthor } from "./people.js";
import { adminOnly, json, parseBody, readRoute, writeRoute } from "./routes.js";
import type { Session, Sessions } from "./sessions.js";

export interface KnowledgeDeskDeps {
  readonly admin: Pick<KnowledgeAdmin, "status">;
  readonly lifecycle: Pick<SourceLifecycle, "removed">;
  readonly library: Pick<DocumentLibrary, "documents" | "versions">;
  readonly runs: Pick<SyncRuns, "shownTo">;
  /** Runs a command as conversations do, with their roles, confirmations and records. */
  readonly runCommand: (request: CommandRequest, signal: AbortSignal) => Promise<Reply>;
  /** Has a source synced by whoever does that; resolves once it is asked for. @throws {NotFoundError} */
  readonly requestSync: (source: string, actor: string) => Promise<void>;
  readonly tenantId: TenantId;
  readonly installationId: string;
  readonly sessions: Sessions;
}

/** Names of a run's documents that the page lists; the rest is counted. */
const NAMES_LISTED = 50;

/** A confirmed sync may take its time; who pressed the button need not stay. */
const LONGEST_COMMAND_MS = 30 * 60_000;

const commandSchema = z.object({
  line: z.string("is missing").trim().min(1, "is empty").max(4_000, "is longer than 4000 characters"),
});

/** The page on knowledge: what there is, for admins, and the same commands as in a conversation. */
export function knowledgeDeskRoutes(deps: KnowledgeDeskDeps): readonly HttpRoute[] {
  const { sessions, tenantId } = deps;
  const reader = { tenantId, audience: CONSOLE_AUDIENCE };
  return [
    readRoute(
      "/api/knowledge/sources",
      sessions,
      adminOnly(async () => json(200, await deskView(deps))),
    ),
    readRoute(
      "/api/knowledge/documents",
      sessions,
      adminOnly(async (request) => json(200, await deps.library.documents(reader, named(request, "source"), null))),
    ),
    readRoute(
      "/api/knowledge/versions",
      sessions,
      adminOnly(async (request) => {
        const versions = await deps.library.versions(reader, named(request, "source"), named(request, "document"));
        return json(200, { versions });
      }),
    ),
    writeRoute("/api/knowledge/commands", sessions, async (request, session) => {
      const { line } = parseBody(request, commandSchema);
      return json(200, await runLine(deps, session, line));
    }),
  ];
}

function named(request: HttpRequest, name: string): string {
  const value = request.query.get(name) ?? "";
  if (value === "") throw new NotFoundError(`no ${name} was named`);
  return value;
}

/** A sync goes on by itself, and the page watches it; everything else is answered. */
async function runLine(deps: KnowledgeDeskDeps, session: Session, line: string): Promise<CommandResultView> {
  const { tenantId, installationId } = deps;
  const author = { ...customerAuthor(session), role: session.role };
  const command = parseCommand(line);
  if (command.kind === "kb-sync" && command.source !== null && !command.confirmRemovals && session.role === "admin") {
    await deps.requestSync(command.source, author.id);
    return { blocks: [], confirmationId: null };
  }
  const place = { tenantId, installationId, platform: "web", conversationKey: null, isAmongTeam: true } as const;
  const request = { ...place, line, author, audience: CONSOLE_AUDIENCE, eventId: null };
  const { blocks, actions } = await deps.runCommand(request, AbortSignal.timeout(LONGEST_COMMAND_MS));
  const confirmation = actions.find(({ name }) => name === "confirm-command");
  return { blocks, confirmationId: confirmation?.name === "confirm-command" ? confirmation.confirmationId : null };
}

async function deskView(deps: KnowledgeDeskDeps): Promise<DeskView> {
  const { admin, lifecycle, tenantId } = deps;
  const [sources, removed] = await Promise.all([admin.status(tenantId), lifecycle.removed(tenantId)]);
  return { sources: await Promise.all(sources.map((source) => sourceView(deps, source))), removed };
}

async function sourceView(deps: KnowledgeDeskDeps, source: SourceStatus): Promise<SourceView> {
  const { name, kind, location, documents, chunks, acl, pausedAt, isDemo = false, everyMinutes = null } = source;
  const lastRun = source.lastRun === null ? null : await runView(deps, source.lastRun);
  const owner = source.owner ?? null;
  return { name, kind, location, documents, chunks, audience: acl, isDemo, pausedAt, everyMinutes, owner, lastRun };
}

/** Everything is counted; named is what the console may read of the first names. */
async function runView({ runs, tenantId }: KnowledgeDeskDeps, diff: SyncDiff): Promise<RunView> {
  const { state, startedAt, finishedAt, unchanged } = diff;
  const told = await runs.shownTo({ tenantId, audience: CONSOLE_AUDIENCE }, firstNames(diff));
  return {
    state,
    startedAt,
    finishedAt,
    progress: diff.progress ?? null,
    unchanged,
    added: { total: diff.added.length, names: told.added },
    changed: { total: diff.changed.length, names: told.changed },
    removed: { total: diff.removed.length, names: told.removed },
    held: { total: diff.heldRemovals.length, names: told.heldRemovals },
    mayConfirm: canConfirm(diff),
    failed: { total: diff.failed.length, names: told.failed.map(remark) },
    skipped: { total: diff.skipped.length, names: told.skipped.map(remark) },
  };
}

function firstNames(diff: SyncDiff): SyncDiff {
  return {
    ...diff,
    added: diff.added.slice(0, NAMES_LISTED),
    changed: diff.changed.slice(0, NAMES_LISTED),
    removed: diff.removed.slice(0, NAMES_LISTED),
    heldRemovals: diff.heldRemovals.slice(0, NAMES_LISTED),
    failed: diff.failed.slice(0, NAMES_LISTED),
    skipped: diff.skipped.slice(0, NAMES_LISTED),
    remarks: [],
  };
}

function remark({ externalId, message }: SyncRemark): string {
  return externalId === "" ? message : `${externalId}: ${message}`;
}
