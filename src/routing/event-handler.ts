import { afterResolved } from "../handoff/after-resolved.js";
import { calledBy } from "../handoff/agent-names.js";
import type { AgentHelp } from "../handoff/agent-help.js";
import type { TakeFiles, TakenFiles } from "../handoff/files/take-files.js";
import type { HandoffHandlers } from "../handoff/handoff-handlers.js";
import type { HandoffRules } from "../handoff/handoff-scene.js";
import type { HandoffOpener } from "../handoff/open-handoff.js";
import { wordsOf } from "../handoff/relayed-words.js";
import { noteFeedback, refuseWords } from "../learning/answer-feedback.js";
import { conversationLanguage } from "../handoff/conversation-language.js";
import { customerText } from "../handoff/customer-texts.js";
import type { Author, ChatAdapter, ConversationRef, InboundEvent, MessageEvent, Platform } from "../ports/chat.js";
import { NotFoundError, NotYetError, assertNever } from "../ports/errors.js";
import { plainReply, type Reply, type ReplyAction } from "../ports/reply.js";
import type { NewId, TenantId } from "../ports/ids.js";
import type { Handoff } from "../ports/handoffs.js";
import type { CoreStores, NeighbouringEvent, WithStores } from "../ports/stores.js";
import type { Amendment } from "./amended-turn.js";
import { amend, relayAmendment } from "./amendment-handler.js";
import type { AnswerHandler } from "./answer-handler.js";
import { newTurn } from "./asked-turn.js";
import { botReply } from "./bot-reply.js";
import { gatherTurn } from "./burst.js";
import { ignored, type Commit, type EventContext } from "./event-context.js";
import { readHistory, type History } from "./read-history.js";
import { route, type Route } from "./route.js";

/** Runs a command that was typed in a conversation. Refusals are replies. */
export type RunCommand = (
  request: {
    readonly tenantId: string;
    readonly installationId: string;
    readonly platform: Platform;
    readonly conversationKey: string;
    readonly isAmongTeam: boolean;
    readonly line: string;
    readonly author: Author;
    readonly audience: readonly string[];
    /** Of the stored event: the same one comes again when a fault kept it from being done. */
    readonly eventId: string;
  },
  signal: AbortSignal,
) => Promise<Reply>;

export interface EventHandlerDependencies {
  readonly withStores: WithStores;
  readonly answer: AnswerHandler;
  readonly handoffs: HandoffHandlers;
  readonly help: AgentHelp;
  readonly opener: HandoffOpener;
  readonly runCommand: RunCommand;
  readonly isAgentsChannel: (tenantId: TenantId, channel: ConversationRef) => boolean;
  readonly takeFiles: TakeFiles;
  readonly adapterFor: (platform: Platform) => ChatAdapter;
  readonly botName: string;
  readonly handoff: Pick<HandoffRules, "agentNames">;
  readonly newId: NewId;
  /** How soon after one another a person's messages are one question; 0: each is its own. */
  readonly burstMs: number;
}

/** @param attempts begun before this one. */
export type EventHandler = (context: EventContext, attempts: number, signal: AbortSignal) => Promise<Commit>;

/** What is read before an event is decided on. */
interface Scene {
  readonly history: History;
  readonly around: readonly NeighbouringEvent[];
  readonly attempts: number;
}

/** Routes an event by the state its conversation is in now, does the slow part, and returns the commit. */
export function createEventHandler(deps: EventHandlerDependencies): EventHandler {
  return async (context, attempts, signal) => {
    const { lease, event, inboxId } = context;
    const { conversationId } = lease;
    const { state, askers, isKnown, ...seen } = await deps.withStores(lease.tenantId, async (stores) => {
      const { conversations, inbox } = stores;
      // In this order: whatever is recorded in between is seen by the second look.
      const isStarting = event.mayBeUnderCard === true && (await conversations.mayBeStarting(conversationId));
      const [found, history, around, known] = await Promise.all([
        conversations.state(conversationId),
        event.kind === "message" ? readHistory(conversations, conversationId) : [],
        event.kind === "message" ? inbox.around(lease, inboxId) : [],
        needsAskers(event) ? conversations.askers(conversationId) : [],
      ]);
      return { state: found, history, around, askers: known, isKnown: !isStarting || found.agentSideOf !== null };
    });
    // An agent was faster than the record of the card: what they wrote is no question to the bot.
    if (!isKnown) throw new NotYetError(`thread of conversation ${conversationId}`);
    const to = route(event, state, askers);
    const files = await takenFiles(deps, to, context, signal);
    return follow(deps, to, { ...context, files }, { ...seen, attempts }, signal);
  };
}

/** Routes on which what came with the words goes to somebody, or may. */
const PASSING: ReadonlySet<Route["kind"]> = new Set([
  "relay-to-agents",
  "relay-to-customer",
  "after-resolved",
  "answer",
]);

/** Routes on which it stays with the team. */
const STAYING: ReadonlySet<Route["kind"]> = new Set(["note", "control", "suggest", "search"]);

/** What goes on. What stays with the team is kept as long where it was put into the console, and is otherwise never read. */
async function takenFiles(
  { takeFiles }: EventHandlerDependencies,
  to: Route,
  context: EventContext,
  signal: AbortSignal,
): Promise<TakenFiles | undefined> {
  const { event } = context;
  const files = event.kind === "message" || event.kind === "note" ? (event.files ?? []) : [];
  if (files.length === 0) return undefined;
  if (PASSING.has(to.kind)) return takeFiles(context, files, signal);
  const kept = files.filter(({ keptId }) => keptId !== undefined);
  if (STAYING.has(to.kind)) await takeFiles(context, kept, signal);
  return undefined;
}

/** What only those press who take part. */
const OF_CUSTOMER: ReadonlySet<ReplyAction["name"]> = new Set([
  ...(["solved", "not-solved", "rate", "say-why"] as const),
  ...(["helpful", "not-helpful", "fault", "fault-words"] as const),
]);

function needsAskers(event: InboundEvent): boolean {
  switch (event.kind) {
    case "message":
    case "edit":
      return !event.addressesBot;
    case "action":
      return OF_CUSTOMER.has(event.action.name);
    default:
      return event.kind === "deletion" || event.kind === "reaction";
  }
}

function follow(
  deps: EventHandlerDependencies,
  to: Route,
  context: EventContext,
  scene: Scene,
  signal: AbortSignal,
): Commit | Promise<Commit> {
  const { handoffs } = deps;
  switch (to.kind) {
    case "answer":
      return isKind(context, "message") ? answerWithFiles(deps, context, scene, signal) : ignored("not-addressed");
    case "only-files":
      return sayOnlyWords(deps, context);
    case "amend":
    case "relay-amendment":
    case "amended-by-agent":
    case "acknowledge":
      return followChange(deps, to, context, signal);
    case "hand-off":
      return handOffOnRequest(deps, context);
    case "relay-to-agents":
      return handoffs.relayToAgents(context, to.handoff, to.text);
    case "relay-to-customer":
      return handoffs.relayToCustomer(context, to.handoff, to.text);
    case "note":
      return handoffs.note(context, to.handoff, to.text);
    case "tell-gone":
      return handoffs.tellGone(context, to.handoff);
    case "turn-away":
      return handoffs.turnAway(context, to.handoff);
    case "press":
      return ifFound(handoffs.press(context, to.handoffId, to.name));
    case "control":
      return handoffs.control(context, to.handoff, to.control);
    case "suggest":
      return orNotFound(deps.help.suggest(context, to.handoffId, signal));
    case "rate":
      return ifFound(handoffs.rate(context, to.handoffId, to.rating));
    case "say-why":
      return ifFound(handoffs.sayWhy(context, to.handoffId, to.words));
    case "send-suggestion":
      return ifFound(handoffs.pressSend(context, to.suggestionId));
    case "search":
      return deps.help.search(context, to.handoffId, to.words, signal);
    case "after-resolved":
      if (!isKind(context, "message")) return ignored("not-addressed");
      return followResolved(deps, context, to.handoff, scene, signal);
    case "feedback":
    case "fault":
    case "fault-words":
      return ifFound(noteFeedback(deps, context, to));
    case "command":
      return runCommand(deps, context, to.line, signal);
    case "ignore":
      return isFaultWords(context.event) ? refuseWords(context, ignored(to.reason)) : ignored(to.reason);
    default:
      return assertNever(to);
  }
}

/** What is done to a message that is there already. */
function followChange(
  deps: EventHandlerDependencies,
  to: Extract<Route, { kind: "amend" | "relay-amendment" | "amended-by-agent" | "acknowledge" }>,
  context: EventContext,
  signal: AbortSignal,
): Commit | Promise<Commit> {
  if (to.kind === "acknowledge") {
    return isKind(context, "reaction") ? deps.handoffs.acknowledge(context, to.handoff) : ignored("not-addressed");
  }
  if (!isAmendment(context)) return ignored("not-addressed");
  if (to.kind === "amend") return amend(deps, context, signal);
  return to.kind === "relay-amendment"
    ? relayAmendment(deps, context, to.handoff)
    : deps.handoffs.amendReply(context, to.handoff);
}

/** What came with a question goes to the agents with it, or to nobody. */
async function answerWithFiles(
  deps: EventHandlerDependencies,
  context: EventContext<MessageEvent>,
  scene: Scene,
  signal: AbortSignal,
): Promise<Commit> {
  const commit = await answerTurn(deps, context, scene, signal);
  return context.files === undefined ? commit : deps.handoffs.withFiles(context, commit);
}

/** A file without a word: the bot reads none. */
function sayOnlyWords({ botName }: EventHandlerDependencies, context: EventContext): Commit {
  const { conversationId } = context.lease;
  return async (stores) => {
    const text = customerText("onlyFiles", await conversationLanguage(stores, conversationId));
    await stores.deliveries.add([botReply(context, plainReply(text), botName)]);
    return { outcome: { kind: "clarified", reason: "only-files" }, wake: [conversationId] };
  };
}

/** The question is what this message says, with what belongs to it and waits behind it. */
function answerTurn(
  deps: EventHandlerDependencies,
  context: EventContext<MessageEvent>,
  { around, attempts, history }: Scene,
  signal: AbortSignal,
): Commit | Promise<Commit> {
  const { event, inboxId } = context;
  const gathered = gatherTurn({ inboxId, event, attempts }, around, deps.burstMs);
  switch (gathered.kind) {
    case "turn":
      return deps.answer(context, newTurn(context, gathered.messages, deps.botName), history, signal);
    case "wait":
      throw new NotYetError(`the burst that ${inboxId} begins`, gathered.forMs);
    case "withdrawn":
      return () => Promise.resolve({ outcome: { kind: "recorded", reason: "withdrawn" }, wake: [] });
    case "answered-already":
      return ignored("answered-already");
    default:
      return assertNever(gathered);
  }
}

/** Whether it is solved, and if they ask something else, that. */
async function followResolved(
  deps: EventHandlerDependencies,
  context: EventContext<MessageEvent>,
  handoff: Handoff,
  scene: Scene,
  signal: AbortSignal,
): Promise<Commit> {
  const { event } = context;
  const { text } = event;
  const since = scene.history.filter(({ at, speaker }) => at >= handoff.createdAt && speaker !== "bot");
  const said = [handoff.question, ...since.map((entry) => entry.text)];
  const { agentNames = "full" } = deps.handoff;
  const helper = handoff.claimedBy === null ? [] : calledBy(agentNames, handoff.claimedBy.displayName);
  const names = [...helper, deps.botName, ...since.map(({ name }) => name)];
  switch (afterResolved(wordsOf(event), { said, names })) {
    case "solved":
      return goesOn(deps, context, scene)
        ? deps.handoffs.passOnThanks(context, handoff, text)
        : deps.handoffs.confirm(context, handoff, text);
    case "not-solved":
      return deps.handoffs.relayToAgents(context, handoff, text);
    case "new-question":
      return deps.handoffs.settleAnd(context, handoff, await answerWithFiles(deps, context, scene, signal));
  }
}

/**
 * Whether the same person has written on since. "Thanks" and, behind it, "but the second one is missing" confirms nothing.
 *
 * @throws {NotYetError} while more may come
 */
function goesOn({ burstMs }: EventHandlerDependencies, { inboxId, event }: EventContext, { around }: Scene): boolean {
  const isOn = around.some(
    (other) =>
      other.inboxId !== inboxId &&
      other.outcome === null &&
      other.event?.author.id === event.author.id &&
      other.event.kind !== "reaction",
  );
  const waitedMs = around.find((own) => own.inboxId === inboxId)?.waitedMs ?? burstMs;
  if (!isOn && waitedMs < burstMs) throw new NotYetError(`the burst that ${inboxId} begins`, burstMs - waitedMs);
  return isOn;
}

/** What a button points at may be gone, or be another tenant's: the two look the same. */
function isFaultWords(event: InboundEvent): boolean {
  return event.kind === "action" && event.action.name === "fault-words";
}

function ifFound(commit: Commit): Commit {
  return async (stores) => {
    try {
      return await commit(stores);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return ignored("not-found")(stores);
    }
  };
}

async function orNotFound(looking: Promise<Commit>): Promise<Commit> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return ignored("not-found");
  }
}

async function runCommand(
  deps: EventHandlerDependencies,
  context: EventContext,
  line: string,
  signal: AbortSignal,
): Promise<Commit> {
  const { lease, event, inboxId: eventId } = context;
  const { author, audience } = event;
  const { tenantId, platform, conversation } = lease;
  const { installationId, key: conversationKey } = conversation;
  const channel = { installationId, key: event.channelId };
  const isPrivate = event.kind === "command" && event.isPrivate === true;
  const isAmongTeam = isPrivate || deps.isAgentsChannel(tenantId, channel);
  const request = { tenantId, installationId, conversationKey, platform, isAmongTeam, line, author, audience, eventId };
  const reply = await deps.runCommand(request, signal);
  return async (stores) => {
    await stores.deliveries.add([botReply(context, reply, deps.botName)]);
    return { outcome: { kind: "commanded", reason: "command" }, wake: [lease.conversationId] };
  };
}

/** "Talk to a person": the newest thing the customer asked is what the agents see. */
function handOffOnRequest({ opener }: EventHandlerDependencies, context: EventContext): Commit {
  const { lease, cause, event } = context;
  return async (stores) => {
    const question = await lastQuestion(stores, lease.conversationId);
    const language = await conversationLanguage(stores, lease.conversationId);
    const wake = await opener.open(stores, {
      lease,
      cause,
      customerName: event.author.displayName,
      customerId: event.author.id,
      customerDomain: event.author.emailDomain ?? null,
      channelId: event.channelId,
      question: question ?? "(The customer asked for a person right away.)",
      reason: "user-asked",
      answer: null,
      tried: [],
      toCustomer: customerText("handedOver", language),
    });
    return { outcome: { kind: "handed-off", reason: "user-asked" }, wake };
  };
}

const HISTORY_FOR_QUESTION = 20;

async function lastQuestion(stores: CoreStores, conversationId: string): Promise<string | null> {
  const history = await stores.conversations.history(conversationId, HISTORY_FOR_QUESTION);
  return history.findLast(({ speaker }) => speaker === "customer")?.text ?? null;
}

function isAmendment(context: EventContext): context is Amendment {
  return isKind(context, "edit") || isKind(context, "deletion");
}

function isKind<Kind extends InboundEvent["kind"]>(
  context: EventContext,
  kind: Kind,
): context is EventContext<Extract<InboundEvent, { kind: Kind }>> {
  return context.event.kind === kind;
}
