import { z } from "zod";
import type { Author, ConversationRef } from "../../../src/ports/chat.js";
import { assertNever, NotFoundError } from "../../../src/ports/errors.js";
import type { HttpRoute } from "../../../src/ports/http.js";
import { LONGEST_RATING_WORDS, RATINGS } from "../../../src/ports/ratings.js";
import { FAULTS, LONGEST_FAULT_WORDS } from "../../../src/ports/answer-cases.js";
import type { ReplyAction } from "../../../src/ports/reply.js";
import { MESSAGE_LIMIT } from "./customer-routes.js";
import { findReadyHandoff, type HandoffRouteDeps } from "./handoff-routes.js";
import {
  agentAuthor,
  agentNameSchema,
  customerAuthor,
  customerConversation,
  envelope,
  pageIdSchema,
} from "./people.js";
import { json, parseBody, requireAdmin, writeRoute } from "./routes.js";
import type { Session } from "./sessions.js";

const byCustomer = { actionId: pageIdSchema, conversation: z.int("is missing").positive("is not positive") };
const byAgent = { actionId: pageIdSchema, agentName: agentNameSchema, handoffId: pageIdSchema };

const wordsSchema = z
  .string("is missing")
  .trim()
  .min(1, "is empty")
  .max(LONGEST_RATING_WORDS, `is longer than ${LONGEST_RATING_WORDS} characters`);

const actionSchema = z.discriminatedUnion("name", [
  z.object({ name: z.literal("human"), ...byCustomer }),
  z.object({ name: z.literal(["helpful", "not-helpful"]), answerId: pageIdSchema, ...byCustomer }),
  z.object({ name: z.literal("fault"), answerId: pageIdSchema, fault: z.literal(FAULTS), ...byCustomer }),
  z.object({
    name: z.literal("fault-words"),
    answerId: pageIdSchema,
    words: z.string("is missing").trim().min(1, "is empty").max(LONGEST_FAULT_WORDS, "is too long"),
    ...byCustomer,
  }),
  z.object({ name: z.literal("confirm-command"), confirmationId: pageIdSchema, ...byCustomer }),
  z.object({ name: z.literal(["solved", "not-solved"]), handoffId: pageIdSchema, ...byCustomer }),
  z.object({ name: z.literal(["claim", "suggest", "resolve", "release", "return", "snooze", "reopen"]), ...byAgent }),
  z.object({ name: z.literal("rate"), handoffId: pageIdSchema, rating: z.literal(RATINGS), ...byCustomer }),
  z.object({ name: z.literal("say-why"), handoffId: pageIdSchema, words: wordsSchema, ...byCustomer }),
  z.object({ name: z.literal("send-suggestion"), suggestionId: pageIdSchema, ...byAgent }),
]);
type ActionBody = z.infer<typeof actionSchema>;

interface Act {
  readonly author: Author;
  readonly conversation: ConversationRef;
  readonly action: ReplyAction;
}

/** Everything that is a button. Which side the session may act on is decided here, whether it is in time by the core. */
export function actionRoute(deps: HandoffRouteDeps): HttpRoute {
  return writeRoute("/api/actions", deps.sessions, async (request, session) => {
    const body = parseBody(request, actionSchema);
    const { author, conversation, action } = await toAct(deps, session, body);
    const common = envelope("action", body.actionId, author, conversation, deps.clock);
    await deps.sink.accept({ ...common, kind: "action", action }, request.signal);
    return json(202, { actionId: body.actionId });
  });
}

async function toAct(deps: HandoffRouteDeps, session: Session, body: ActionBody): Promise<Act> {
  switch (body.name) {
    case "claim":
    case "suggest":
    case "resolve":
    case "release":
    case "return":
    case "snooze":
    case "reopen": {
      requireAdmin(session);
      const handoff = await findReadyHandoff(deps, body.handoffId);
      const action: ReplyAction = { name: body.name, handoffId: handoff.handoffId };
      return { author: agentAuthor(body.agentName), conversation: handoff.agentThread, action };
    }
    case "send-suggestion": {
      requireAdmin(session);
      const { agentThread } = await findReadyHandoff(deps, body.handoffId);
      const action: ReplyAction = { name: "send-suggestion", suggestionId: body.suggestionId };
      return { author: agentAuthor(body.agentName), conversation: agentThread, action };
    }
    // Whether the handoff is this conversation's, is looked at where it is done.
    case "solved":
    case "not-solved":
      return {
        ...customerSide(deps, session, body.conversation),
        action: { name: body.name, handoffId: body.handoffId },
      };
    case "rate": {
      const action: ReplyAction = { name: "rate", handoffId: body.handoffId, rating: body.rating };
      return { ...customerSide(deps, session, body.conversation), action };
    }
    case "say-why": {
      const action: ReplyAction = { name: "say-why", handoffId: body.handoffId, words: body.words };
      return { ...customerSide(deps, session, body.conversation), action };
    }
    case "human":
      return { ...customerSide(deps, session, body.conversation), action: { name: "human" } };
    case "confirm-command": {
      const { author, conversation } = customerSide(deps, session, body.conversation);
      // As with a command that is typed, what they may do is theirs by their session.
      const action: ReplyAction = { name: "confirm-command", confirmationId: body.confirmationId };
      return { author: { ...author, role: session.role }, conversation, action };
    }
    case "helpful":
    case "not-helpful":
    case "fault":
    case "fault-words": {
      const side = customerSide(deps, session, body.conversation);
      await assertOffered(deps, side.conversation, body.answerId);
      return { ...side, action: feedbackOf(body) };
    }
    default:
      return assertNever(body);
  }
}

function feedbackOf(body: Extract<ActionBody, { readonly answerId: string }>): ReplyAction {
  const { answerId } = body;
  switch (body.name) {
    case "fault":
      return { name: "fault", answerId, fault: body.fault };
    case "fault-words":
      return { name: "fault-words", answerId, words: body.words };
    default:
      return { name: body.name, answerId };
  }
}

function customerSide(deps: HandoffRouteDeps, session: Session, number: number): Omit<Act, "action"> {
  const conversation = customerConversation(deps.installationId, session, String(number));
  return { author: customerAuthor(session), conversation };
}

/** Feedback is taken only for an answer that this conversation was asked about. */
async function assertOffered(deps: HandoffRouteDeps, conversation: ConversationRef, answerId: string): Promise<void> {
  const messages = await deps.store.list(conversation, MESSAGE_LIMIT);
  const isOffered = messages
    .flatMap(({ reply }) => reply?.actions ?? [])
    .some((action) => "answerId" in action && action.answerId === answerId);
  if (!isOffered) throw new NotFoundError("no such answer in this conversation");
}
