import { z } from "zod";
import { commandLine } from "../../../src/commands/command-line.js";
import type { CommandEvent, ConversationRef, InboundSink, MessageEvent } from "../../../src/ports/chat.js";
import type { Clock } from "../../../src/ports/clock.js";
import type { FileUploadDesk } from "../../../src/handoff/files/upload-file.js";
import type { HandoffBoard, WebMessageStore } from "../../../src/ports/console.js";
import type { HttpRoute } from "../../../src/ports/http.js";
import type { TenantId } from "../../../src/ports/ids.js";
import { plainReply, withFiles } from "../../../src/ports/reply.js";
import type { ConversationView } from "../api.js";
import {
  customerAuthor,
  customerConversation,
  envelope,
  fileIdsSchema,
  pageIdSchema,
  saysSomething,
  textBesideFilesSchema,
} from "./people.js";
import { json, parseBody, readRoute, writeRoute } from "./routes.js";
import type { Session, Sessions } from "./sessions.js";
import { handoffBadge, messageView, ratingView } from "./views.js";

/** How many messages of a conversation the page shows. */
export const MESSAGE_LIMIT = 300;

export interface CustomerRouteDeps {
  readonly sink: InboundSink;
  readonly uploads: FileUploadDesk;
  readonly store: WebMessageStore;
  readonly board: HandoffBoard;
  readonly installationId: string;
  readonly tenantId: TenantId;
  readonly clock: Clock;
  readonly shownAgent: (displayName: string) => string;
  readonly sessions: Sessions;
}

const messageSchema = z
  .object({ messageId: pageIdSchema, text: textBesideFilesSchema, files: fileIdsSchema })
  .refine(saysSomething, { path: ["text"], message: "is empty" });

/** The customer's side: asking, and reading one's own conversations. */
export function customerRoutes(deps: CustomerRouteDeps): readonly HttpRoute[] {
  const path = "/api/conversations/:number/messages";
  return [
    writeRoute(path, deps.sessions, async (request, session) => {
      const conversation = customerConversation(deps.installationId, session, request.params["number"] ?? "");
      const message = parseBody(request, messageSchema);
      await sendAsCustomer(deps, session, conversation, message, request.signal);
      return json(202, { messageId: message.messageId });
    }),
    readRoute(path, deps.sessions, async (request, session) => {
      const conversation = customerConversation(deps.installationId, session, request.params["number"] ?? "");
      return json(200, await conversationView(deps, conversation));
    }),
  ];
}

// The event is stored before the message is shown: what the customer sees as sent is never lost.
async function sendAsCustomer(
  deps: CustomerRouteDeps,
  session: Session,
  conversation: ConversationRef,
  message: z.infer<typeof messageSchema>,
  signal: AbortSignal,
): Promise<void> {
  const author = customerAuthor(session);
  const place = { tenantId: deps.tenantId, conversation };
  const files = await deps.uploads.attached(place, message.files);
  const shown = await deps.uploads.shown(place, message.files);
  await deps.sink.accept(toEvent(deps, session, conversation, { ...message, files }), signal);
  await deps.store.addFromPerson({
    messageId: message.messageId,
    to: conversation,
    author: { role: "customer", name: author.displayName },
    reply: withFiles(plainReply(message.text), shown),
  });
}

function toEvent(
  { clock }: CustomerRouteDeps,
  session: Session,
  conversation: ConversationRef,
  { messageId, text, files }: Omit<z.infer<typeof messageSchema>, "files"> & Pick<Required<MessageEvent>, "files">,
): MessageEvent | CommandEvent {
  const author = customerAuthor(session);
  const line = commandLine(text);
  if (line === null) {
    return {
      ...envelope("message", messageId, author, conversation, clock),
      kind: "message",
      text,
      addressesBot: true,
      ...(files === undefined || files.length === 0 ? {} : { files }),
    };
  }
  // Who asks is a customer to the bot, also an admin who tries it out. What they may run is theirs by their session.
  const sender = { ...author, role: session.role };
  return { ...envelope("command", messageId, sender, conversation, clock), kind: "command", line, isPrivate: true };
}

async function conversationView(deps: CustomerRouteDeps, conversation: ConversationRef): Promise<ConversationView> {
  const [messages, handoff, ratings] = await Promise.all([
    deps.store.list(conversation, MESSAGE_LIMIT),
    deps.board.newestOf(deps.tenantId, conversation),
    deps.board.ratingsOf(deps.tenantId, conversation),
  ]);
  const now = deps.clock.now();
  return {
    messages: messages.map(messageView),
    handoff: handoffBadge(handoff, deps.shownAgent),
    ratings: ratings.map((asked) => ratingView(asked, now)),
  };
}
