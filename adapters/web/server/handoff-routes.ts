import { z } from "zod";
import type { ConversationRef, InboundSink } from "../../../src/ports/chat.js";
import type { Clock } from "../../../src/ports/clock.js";
import { controlOf, sendsToCustomer } from "../../../src/handoff/control.js";
import { noteText } from "../../../src/handoff/note-text.js";
import type { FileUploadDesk } from "../../../src/handoff/files/upload-file.js";
import type { HandoffBoard, HandoffSummary, WebMessage, WebMessageStore } from "../../../src/ports/console.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import type { AttachedFile } from "../../../src/ports/files.js";
import type { HttpRequest, HttpRoute } from "../../../src/ports/http.js";
import type { TenantId } from "../../../src/ports/ids.js";
import { isHandoffCard, plainReply, withFiles, type Block, type Reply } from "../../../src/ports/reply.js";
import { findSecrets } from "../../../src/text/find-secrets.js";
import { agentId, type HandoffDetailView, type QueueView } from "../api.js";
import { AGENTS_CHANNEL, startOfThread } from "../stored-chat-adapter.js";
import { MESSAGE_LIMIT } from "./customer-routes.js";
import {
  agentAuthor,
  agentNameSchema,
  envelope,
  fileIdsSchema,
  pageIdSchema,
  saysSomething,
  textBesideFilesSchema,
  textSchema,
} from "./people.js";
import { adminOnly, ConflictError, json, parseBody, readRoute, writeRoute } from "./routes.js";
import type { Sessions } from "./sessions.js";
import { handoffView, messageView, threadMessageView } from "./views.js";

export interface HandoffRouteDeps {
  readonly sink: InboundSink;
  readonly uploads: FileUploadDesk;
  readonly store: WebMessageStore;
  readonly board: HandoffBoard;
  readonly installationId: string;
  readonly tenantId: TenantId;
  readonly clock: Clock;
  readonly sessions: Sessions;
}

/** A handoff whose card is posted, so that there is a thread to write to. */
export type ReadyHandoff = HandoffSummary & { readonly agentThread: ConversationRef };

/** How many handoffs the queue lists. */
const QUEUE_LIMIT = 300;

/** How many notices, of what age, the queue shows. */
const NOTICE_LIMIT = 5;
const NOTICE_AGE_MS = 24 * 60 * 60 * 1_000;

const CLOSED: ReadonlySet<HandoffSummary["state"]> = new Set(["resolved", "returned", "expired"]);
const HELD: ReadonlySet<HandoffSummary["state"]> = new Set(["claimed", "snoozed"]);

const wordsSchema = z.object({ messageId: pageIdSchema, text: textSchema, agentName: agentNameSchema });
type Words = z.infer<typeof wordsSchema>;
const replySchema = wordsSchema
  .extend({ text: textBesideFilesSchema, files: fileIdsSchema })
  .refine(saysSomething, { path: ["text"], message: "is empty" });
type ReplyWords = z.infer<typeof replySchema>;

/** The agents' side, for admins alone: the queue, one handoff, and the two ways to write: to the customer, or to the team alone. */
export function handoffRoutes(deps: HandoffRouteDeps): readonly HttpRoute[] {
  const { sessions } = deps;
  return [
    readRoute(
      "/api/handoffs",
      sessions,
      adminOnly(async () => {
        return json(200, await queueView(deps));
      }),
    ),
    readRoute(
      "/api/handoffs/:id/messages",
      sessions,
      adminOnly(async (request) => json(200, await detailView(deps, request))),
    ),
    writeRoute(
      "/api/handoffs/:id/replies",
      sessions,
      adminOnly(async (request) => {
        const words = parseBody(request, replySchema);
        await reply(deps, await findReadyHandoff(deps, request.params["id"] ?? ""), words, request.signal);
        return json(202, { messageId: words.messageId });
      }),
    ),
    writeRoute(
      "/api/handoffs/:id/notes",
      sessions,
      adminOnly(async (request) => {
        const words = parseBody(request, wordsSchema);
        await writeToTeam(deps, await findReadyHandoff(deps, request.params["id"] ?? ""), words, request.signal);
        return json(202, { messageId: words.messageId });
      }),
    ),
  ];
}

/** @throws {NotFoundError} for a handoff that is not this tenant's, or has no thread on this console yet. */
export async function findReadyHandoff(
  deps: Pick<HandoffRouteDeps, "board" | "tenantId" | "installationId">,
  handoffId: string,
): Promise<ReadyHandoff> {
  const { agentThread, ...handoff } = await findHandoff(deps, handoffId);
  if (agentThread?.installationId !== deps.installationId) throw new NotFoundError("no thread on this console");
  return { ...handoff, agentThread };
}

async function findHandoff(
  deps: Pick<HandoffRouteDeps, "board" | "tenantId">,
  handoffId: string,
): Promise<HandoffSummary> {
  const id = z.uuid().safeParse(handoffId);
  const handoff = id.success ? await deps.board.find(deps.tenantId, id.data) : null;
  if (handoff === null) throw new NotFoundError("no such handoff");
  return handoff;
}

// One more than is listed is read, so that the page can say that there are more.
async function queueView(deps: HandoffRouteDeps): Promise<QueueView> {
  const [handoffs, notices] = await Promise.all([deps.board.list(deps.tenantId, QUEUE_LIMIT + 1), findNotices(deps)]);
  const isCut = handoffs.length > QUEUE_LIMIT;
  const listed = handoffs.slice(0, QUEUE_LIMIT).map((handoff) => handoffView(handoff, deps));
  return { handoffs: listed, isCut, notices: notices.map(threadMessageView) };
}

/** Posts in the agents' channel that are no card, for a day. */
async function findNotices({ store, installationId, clock }: HandoffRouteDeps): Promise<readonly WebMessage[]> {
  const posts = await store.list({ installationId, key: AGENTS_CHANNEL }, MESSAGE_LIMIT);
  const since = clock.now().getTime() - NOTICE_AGE_MS;
  return posts
    .filter(({ reply, createdAt }) => createdAt.getTime() >= since && isNotice(reply))
    .slice(-NOTICE_LIMIT)
    .reverse();
}

function isNotice(reply: Reply | null): boolean {
  return reply !== null && !isHandoffCard(reply);
}

/** The post that the handoff's thread hangs under; null while there is none on this console. */
async function findCard(deps: HandoffRouteDeps, { agentThread }: HandoffSummary): Promise<WebMessage | null> {
  const messageId = agentThread === null ? null : startOfThread(agentThread.key);
  if (messageId === null || agentThread?.installationId !== deps.installationId) return null;
  return deps.store.find({ installationId: deps.installationId, key: AGENTS_CHANNEL }, messageId);
}

async function detailView(deps: HandoffRouteDeps, request: HttpRequest): Promise<HandoffDetailView> {
  const handoff = await findHandoff(deps, request.params["id"] ?? "");
  const [card, conversation, thread] = await Promise.all([
    findCard(deps, handoff),
    deps.store.list(handoff.conversation, MESSAGE_LIMIT),
    handoff.agentThread === null ? [] : deps.store.list(handoff.agentThread, MESSAGE_LIMIT),
  ]);
  return {
    handoff: handoffView(handoff, deps),
    card: card === null ? null : messageView(card),
    conversation: conversation.map(messageView),
    thread: thread.map(threadMessageView),
  };
}

/** Words to the customer; but what is marked as a note, or begins with `!`, is what it is in every agents' thread. */
async function reply(
  deps: HandoffRouteDeps,
  handoff: ReadyHandoff,
  words: ReplyWords,
  signal: AbortSignal,
): Promise<void> {
  const place = { tenantId: deps.tenantId, conversation: handoff.agentThread };
  const marked = noteText(words.text);
  if (marked === null && controlOf(words.text) === null) assertMayReply(handoff, words.agentName);
  const files = await deps.uploads.attached(place, words.files);
  const shown = await deps.uploads.shown(place, words.files);
  if (marked !== null) return note(deps, handoff, asNote(words, marked), signal, { files, shown });
  await tellCore(deps, handoff, words, signal, { files, shown });
}

/** Beside notes it takes what is typed for the bot, but for what would go to the customer. */
async function writeToTeam(
  deps: HandoffRouteDeps,
  handoff: ReadyHandoff,
  words: Words,
  signal: AbortSignal,
): Promise<void> {
  const control = controlOf(words.text);
  if (control === null) return note(deps, handoff, asNote(words, noteText(words.text)), signal);
  if (sendsToCustomer(control)) {
    throw new ConflictError(
      "That sends to the customer, and this is for your team. Type it as a reply to the customer.",
    );
  }
  await tellCore(deps, handoff, words, signal);
}

interface Attached {
  readonly files: readonly AttachedFile[];
  readonly shown: readonly Block[];
}

const NOTHING_ATTACHED: Attached = { files: [], shown: [] };

function asAttached(files: readonly AttachedFile[]): { readonly files?: readonly AttachedFile[] } {
  return files.length === 0 ? {} : { files };
}

/** A message in the agents' thread. The core decides what it is, and whether it is sent. */
async function tellCore(
  deps: HandoffRouteDeps,
  handoff: ReadyHandoff,
  words: Words,
  signal: AbortSignal,
  { files, shown }: Attached = NOTHING_ATTACHED,
): Promise<void> {
  const common = envelope("message", words.messageId, agentAuthor(words.agentName), handoff.agentThread, deps.clock);
  await deps.sink.accept(
    { ...common, kind: "message", text: words.text, addressesBot: true, ...asAttached(files) },
    signal,
  );
  // The core holds it back, and says so below it. What is kept here for the thread is kept for good.
  const isHeldBack = findSecrets(words.text).length > 0;
  await show(deps, handoff, isHeldBack ? { ...words, text: HELD_BACK } : words, "agent", isHeldBack ? [] : shown);
}

/** The core decides this again when it works on the reply; here it keeps words from being shown that will not be sent. */
function assertMayReply({ state, claimedBy, claimedById }: ReadyHandoff, agentName: string): void {
  if (CLOSED.has(state)) throw new ConflictError("This question is closed, so nothing was sent. Leave a note instead.");
  if (HELD.has(state) && claimedById !== agentId(agentName)) {
    throw new ConflictError(`${claimedBy ?? "Somebody else"} has this question. Leave a note instead.`);
  }
}

const HELD_BACK = "(A message with a credential in it.)";

/** Without its mark, unless there is nothing else. */
function asNote(words: Words, marked: string | null): Words {
  return marked === null || marked === "" ? words : { ...words, text: marked };
}

async function note(
  deps: HandoffRouteDeps,
  handoff: ReadyHandoff,
  words: Words,
  signal: AbortSignal,
  { files, shown }: Attached = NOTHING_ATTACHED,
): Promise<void> {
  const author = agentAuthor(words.agentName);
  const common = envelope("note", words.messageId, author, handoff.agentThread, deps.clock);
  await deps.sink.accept({ ...common, kind: "note", text: words.text, ...asAttached(files) }, signal);
  await show(deps, handoff, words, "note", shown);
}

function show(
  deps: HandoffRouteDeps,
  handoff: ReadyHandoff,
  words: Words,
  role: "agent" | "note",
  files: readonly Block[] = [],
): Promise<void> {
  return deps.store.addFromPerson({
    messageId: words.messageId,
    to: handoff.agentThread,
    author: { role, name: words.agentName },
    reply: withFiles(plainReply(words.text), files),
  });
}
