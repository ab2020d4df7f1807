import type { Author, DeletionEvent, EditEvent, InboundEvent, ReactionEvent } from "../ports/chat.js";
import { ChangedMeanwhileError } from "../ports/errors.js";
import type { HandoffActionName } from "../ports/reply.js";
import type { Handoff, HandoffActor } from "../ports/handoffs.js";
import type { Rating } from "../ports/ratings.js";
import type { Turn } from "../ports/stores.js";
import type { Commit, Effects, EventContext } from "../routing/event-context.js";
import { acknowledge } from "./acknowledge.js";
import { relayToCustomer } from "./agent-replies.js";
import { amendReply, type AdapterFor } from "./amend-reply.js";
import { amendQuestion } from "./amend-question.js";
import { changeHandoff, fromBot, wakeAll } from "./change-handoff.js";
import { CONTROL_HELP, SNOOZE_MS, type HandoffControl } from "./control.js";
import { takeFilesBack } from "./delete-posts.js";
import type { HandoffRules, HandoffScene } from "./handoff-scene.js";
import { append, hasLeft, refuse, tell, tellOnly } from "./in-thread.js";
import { namedFiles, passFiles, passFilesOfQuestion, saidWithFiles, tellCustomerOfFiles } from "./files/pass-files.js";
import { namedTeam } from "./named-team.js";
import { relayedWords, withLineAbove, withLinesBelow } from "./relayed-words.js";
import { rateHandoff, sayWhy } from "./rate-handoff.js";
import { listCanned, sendCanned, sendSuggestion, showHistory, type RelayToCustomer } from "./send-help.js";
import { isOpen, type HandoffEvent } from "./state-machine.js";
import { handoffTexts } from "./texts.js";

/** What people do with a handoff. Each returns the commit that does it. */
export interface HandoffHandlers {
  /** A button on its card, or under what its customer was asked. */
  press(context: EventContext, handoffId: string, name: PressName): Commit;
  /** A customer rates the help that they got. */
  rate(context: EventContext, handoffId: string, rating: Rating): Commit;
  /** What a customer adds to their rating. */
  sayWhy(context: EventContext, handoffId: string, words: string): Commit;
  /** The button under what the bot has suggested. */
  pressSend(context: EventContext, suggestionId: string): Commit;
  /** What an agent typed in its thread for the bot. */
  control(context: EventContext, handoff: Handoff, control: HandoffControl): Commit;
  /** An agent's words to the customer. */
  relayToCustomer(context: EventContext, handoff: Handoff, text: string): Commit;
  /** What came with a question goes to the agents, where the question does; else nothing of it is kept. */
  withFiles(context: EventContext, commit: Commit): Commit;
  /** A customer's words to the agents; to a resolved handoff they say that it isn't. */
  relayToAgents(context: EventContext, handoff: Handoff, text: string): Commit;
  /** A customer confirms, in their own words, that it is solved. The agents read them. */
  confirm(context: EventContext, handoff: Handoff, text: string): Commit;
  /** A customer begins with thanks and goes on in a message of its own: the agents read it, and nothing is settled by it. */
  passOnThanks(context: EventContext, handoff: Handoff, text: string): Commit;
  /** A customer asks something else: what was resolved stays so. Then what follows is done. */
  settleAnd(context: EventContext, handoff: Handoff, then: Commit): Commit;
  /** A customer changed what they had written. The turn is that message's, null when it never came. */
  relayEdit(
    context: EventContext,
    handoff: Handoff,
    edit: { readonly turn: Turn | null; readonly text: string },
  ): Commit;
  relayDeletion(context: EventContext, handoff: Handoff, turn: Turn): Commit;
  /** An agent changed or deleted what they had written: the customer's copy follows. */
  amendReply(context: EventContext<EditEvent | DeletionEvent>, handoff: Handoff): Commit;
  /** Somebody reacted to what was relayed to them. */
  acknowledge(context: EventContext<ReactionEvent>, handoff: Handoff): Commit;
  /** An agent's internal note: kept, and never sent anywhere near the customer. */
  note(context: EventContext, handoff: Handoff, text: string): Commit;
  /** An agent writes in a thread whose handoff has gone to another team: they are not left believing it was sent. */
  tellGone(context: EventContext, handoff: Handoff): Commit;
  /** Somebody in the agents' thread who is none of them, or of whom it cannot be told: they are not left believing it was sent. */
  turnAway(context: EventContext, handoff: Handoff): Commit;
}

export function createHandoffHandlers(rules: HandoffRules, adapterFor: AdapterFor): HandoffHandlers {
  const onStage: OnStage = (context, handoffId, act) => {
    const actor = toActor(context.event.author);
    return async (stores) => {
      const handoff = await stores.handoffs.lock(handoffId);
      const { cause, lease, files } = context;
      return act({ rules, stores, handoff, actor, cause, tenantId: lease.tenantId, files });
    };
  };
  // Gone to another team between the routing and this commit: routed again, the agent is told so.
  const inItsThread: typeof onStage = (context, handoffId, act) =>
    onStage(context, handoffId, (scene) => {
      const isHere = scene.handoff.agentConversationId === context.lease.conversationId;
      if (!isHere) throw new ChangedMeanwhileError(`handoff ${handoffId}`);
      return act(scene);
    });
  return {
    press: (context, handoffId, name) =>
      onStage(context, handoffId, (scene) => press(scene, name, context.lease.conversationId)),
    ...helpHandlers(onStage),
    withFiles: (context, commit) => withFiles(onStage, context, commit),
    control: (context, { handoffId }, control) =>
      inItsThread(context, handoffId, (scene) => obey(scene, control, context)),
    relayToCustomer: (context, { handoffId }, text) =>
      inItsThread(context, handoffId, (scene) => relayToCustomer(scene, context, text)),
    relayToAgents: (context, { handoffId }, text) =>
      onStage(context, handoffId, (scene) => relayToAgents(scene, context.event, text)),
    confirm: (context, { handoffId }, text) =>
      onStage(context, handoffId, async (scene) => {
        mustBeUnsettled(scene);
        await passOn(scene, context.event, text);
        return act(scene, { kind: "solved" });
      }),
    passOnThanks: (context, { handoffId }, text) =>
      onStage(context, handoffId, async (scene) => {
        await passOn(scene, context.event, text);
        return { outcome: { kind: "relayed", reason: "to-agents" }, wake: await wakeAll(scene) };
      }),
    settleAnd:
      (context, { handoffId }, then) =>
      async (stores) => {
        await onStage(context, handoffId, (scene) => {
          mustBeUnsettled(scene);
          return act(scene, { kind: "settle" });
        })(stores);
        return then(stores);
      },
    relayEdit: (context, { handoffId }, edit) =>
      onStage(context, handoffId, (scene) => relayEdit(scene, context.event, edit)),
    relayDeletion: (context, { handoffId }, turn) =>
      onStage(context, handoffId, (scene) => relayDeletion(scene, context.event, turn)),
    amendReply: (context, { handoffId }) =>
      onStage(context, handoffId, (scene) => amendReply(scene, context, adapterFor)),
    acknowledge: (context, { handoffId }) => onStage(context, handoffId, (scene) => acknowledge(scene, context)),
    note: (context, { handoffId }, text) =>
      inItsThread(context, handoffId, (scene) => note(scene, context.event, text)),
    tellGone: (context, { handoffId }) =>
      onStage(context, handoffId, (scene) => tellGone(scene, context.lease.conversationId)),
    turnAway: (context, { handoffId }) => onStage(context, handoffId, (scene) => refuse(scene, "not-an-agent")),
  };
}

function withFiles(onStage: OnStage, context: EventContext, commit: Commit): Commit {
  return async (stores) => {
    const effects = await commit(stores);
    const { handoff } = await stores.conversations.state(context.lease.conversationId);
    if (effects.outcome.kind !== "handed-off" || handoff === null) {
      await stores.files.dropOf(context.inboxId);
      return effects;
    }
    return onStage(context, handoff.handoffId, async (scene) => {
      const wake = await passFilesOfQuestion(scene, context.event.author.displayName);
      return { ...effects, wake: [...new Set([...effects.wake, ...wake])] };
    })(stores);
  };
}

type OnStage = (context: EventContext, handoffId: string, act: (scene: HandoffScene) => Promise<Effects>) => Commit;

function helpHandlers(onStage: OnStage): Pick<HandoffHandlers, "rate" | "sayWhy" | "pressSend"> {
  return {
    rate: (context, handoffId, rating) =>
      onStage(context, handoffId, (scene) =>
        rateHandoff(scene, rating, { author: context.event.author, conversationId: context.lease.conversationId }),
      ),
    sayWhy: (context, handoffId, words) =>
      onStage(context, handoffId, (scene) =>
        sayWhy(scene, words, { author: context.event.author, conversationId: context.lease.conversationId }),
      ),
    pressSend: (context, suggestionId) => async (stores) => {
      const suggestion = await stores.suggestions.read(suggestionId);
      const send = (scene: HandoffScene) =>
        scene.handoff.agentConversationId === context.lease.conversationId
          ? sendSuggestion(scene, suggestion, relayFor(scene, context))
          : tellGone(scene, context.lease.conversationId);
      return onStage(context, suggestion.handoffId, send)(stores);
    },
  };
}

/** Opened again between the routing and this commit: routed again, the words go to the agents. */
function mustBeUnsettled({ handoff }: HandoffScene): void {
  if (handoff.state !== "resolved" || handoff.isSettled)
    throw new ChangedMeanwhileError(`handoff ${handoff.handoffId}`);
}

/** The buttons that change how a handoff stands. */
export type PressName = Exclude<HandoffActionName, "suggest">;

const OUTCOMES: Readonly<Record<PressName, string>> = {
  claim: "claimed",
  resolve: "resolved",
  release: "released",
  return: "returned",
  snooze: "snoozed",
  reopen: "reopened",
  solved: "confirmed",
  "not-solved": "not-solved",
};

/** Whose side a button is on was decided by the router; that it is this customer's handoff, is looked at here. */
async function press(scene: HandoffScene, name: PressName, conversationId: string): Promise<Effects> {
  const { handoff } = scene;
  if (name !== "solved" && name !== "not-solved") {
    const isGone = await hasLeft(scene.stores, handoff, conversationId);
    return isGone ? tellGone(scene, conversationId, handoffTexts.pressedGone) : act(scene, eventOf(name, scene));
  }
  if (handoff.conversationId !== conversationId) return nothing("not-found");
  // Nobody is promised what will not happen: what is over, or with somebody already, stays as it is.
  if (handoff.state !== "resolved" || handoff.isSettled) return nothing("over");
  return (await hasAnother(scene)) ? nothing("already-handed-off") : act(scene, { kind: name });
}

function nothing(reason: "not-found" | "over" | "already-handed-off"): Effects {
  return { outcome: { kind: "ignored", reason }, wake: [] };
}

function eventOf(name: Exclude<PressName, "solved" | "not-solved">, scene: HandoffScene): HandoffEvent {
  return name === "snooze" ? snoozeFor(scene, SNOOZE_MS) : { kind: name };
}

function snoozeFor({ rules }: HandoffScene, ms: number): HandoffEvent {
  return { kind: "snooze", until: new Date(rules.clock.now().getTime() + ms) };
}

async function obey(scene: HandoffScene, control: HandoffControl, context: EventContext): Promise<Effects> {
  switch (control.kind) {
    case "help":
      return tellOnly(scene, CONTROL_HELP, "help");
    case "not-understood":
      return tellOnly(scene, notUnderstood(control), "not-understood");
    case "take":
      return act(scene, { kind: "assign", to: { id: scene.actor.id, displayName: scene.actor.displayName } });
    case "snooze":
      return act(scene, snoozeFor(scene, control.forMs));
    case "team": {
      const named = namedTeam(scene, control.name);
      return named.kind === "team"
        ? act(scene, { kind: "move", team: named.team })
        : tellOnly(scene, named.text, named.reason);
    }
    case "send":
      return send(scene, control.words, relayFor(scene, context));
    case "history":
      return showHistory(scene);
    case "replies":
      return listCanned(scene);
    case "reply":
      return sendCanned(scene, control.name, relayFor(scene, context));
    default:
      return act(scene, { kind: control.kind });
  }
}

function notUnderstood({ typed, meant }: Extract<HandoffControl, { kind: "not-understood" }>): string {
  const hint = meant === null ? "`!help` lists what there is." : `Did you mean ${meant}?`;
  return `There is no ${typed}, so nothing was done and nothing was sent to the customer. ${hint}`;
}

async function act(scene: HandoffScene, event: HandoffEvent): Promise<Effects> {
  if (event.kind === "reopen") {
    // An answer to the same customer that is being committed sees it, or is seen by it.
    await scene.stores.conversations.lock(scene.handoff.conversationId);
    if (await hasAnother(scene)) return refuse(scene, "another-open");
  }
  const result = await changeHandoff(scene, event);
  if (result.kind === "refused") return refuse(scene, result.reason);
  const reason = event.kind in OUTCOMES ? OUTCOMES[event.kind as PressName] : event.kind;
  return { outcome: { kind: "recorded", reason }, wake: [...(await wakeAll(scene)), ...result.wake] };
}

/** Whether the bot has handed the same customer over again since. */
async function hasAnother({ stores, handoff }: HandoffScene): Promise<boolean> {
  const { handoff: open } = await stores.conversations.state(handoff.conversationId);
  return open !== null && open.handoffId !== handoff.handoffId;
}

async function send(scene: HandoffScene, words: string | null, relay: RelayToCustomer): Promise<Effects> {
  if (words !== null) return relay(words);
  return sendSuggestion(scene, await scene.stores.suggestions.newestOf(scene.handoff.handoffId), relay);
}

function relayFor(scene: HandoffScene, context: EventContext): RelayToCustomer {
  return (text, shown) => relayToCustomer(scene, context, text, shown);
}

async function relayToAgents(scene: HandoffScene, event: InboundEvent, text: string): Promise<Effects> {
  const { handoff } = scene;
  // Ended between the routing and this commit: routed again, the words go to the bot.
  const isOver = !isOpen(handoff.state) && (handoff.state !== "resolved" || handoff.isSettled);
  if (isOver) throw new ChangedMeanwhileError(`handoff ${handoff.handoffId}`);
  await changeHandoff(scene, { kind: "customer-wrote" });
  await passOn(scene, event, text);
  return { outcome: { kind: "relayed", reason: "to-agents" }, wake: await wakeAll(scene) };
}

/** A customer's words, to the agents' thread and into the transcript. */
async function passOn(scene: HandoffScene, event: InboundEvent, text: string): Promise<void> {
  const { stores, handoff } = scene;
  const speaker = { role: "customer", name: event.author.displayName } as const;
  const words = withLinesBelow(relayedWords(event, text), namedFiles(scene.files));
  if (words.text !== "") {
    const relayed = fromBot(scene, handoff.agentConversationId, "relay", words.text);
    await stores.deliveries.add([{ ...relayed, speaker, reply: words.shown }]);
  }
  await passFiles(scene, handoff.agentConversationId, speaker);
  await tellCustomerOfFiles(scene);
  await stores.handoffs.addCustomer(handoff.handoffId, event.author.id);
  await append(scene, "customer", event, saidWithFiles(words.text, scene.files));
}

async function relayEdit(
  scene: HandoffScene,
  event: InboundEvent,
  { turn, text }: { readonly turn: Turn | null; readonly text: string },
): Promise<Effects> {
  const { handoff, stores } = scene;
  if (!isOpen(handoff.state)) throw new ChangedMeanwhileError(`handoff ${handoff.handoffId}`);
  const speaker = { role: "customer", name: event.author.displayName } as const;
  const words = relayedWords(event, text);
  const relayed = fromBot(scene, handoff.agentConversationId, "relay", words.text);
  await stores.deliveries.add([{ ...relayed, speaker, reply: withLineAbove(handoffTexts.changed, words.shown) }]);
  const isKept = turn !== null && (await stores.conversations.amend(handoff.conversationId, turn.inboxId, words.text));
  if (!isKept) await append(scene, "customer", event, words.text);
  await amendQuestion(scene, turn, words.text);
  return { outcome: { kind: "relayed", reason: "edit" }, wake: await wakeAll(scene), turnId: turn?.turnId };
}

async function relayDeletion(scene: HandoffScene, event: InboundEvent, turn: Turn): Promise<Effects> {
  const { handoff, stores } = scene;
  await stores.conversations.strike(handoff.conversationId, turn.inboxId);
  await stores.traces.forget(turn.turnId);
  const due = await takeFilesBack(stores, turn);
  await tell(scene, handoffTexts.deleted(event.author.displayName));
  const wake = [...new Set([...due, handoff.agentConversationId])];
  return { outcome: { kind: "relayed", reason: "deletion" }, wake, turnId: turn.turnId };
}

async function note(scene: HandoffScene, event: InboundEvent, text: string): Promise<Effects> {
  const { actor } = scene;
  await append(scene, "note", event, text);
  if (event.kind === "note" && event.isShown === false) {
    return tellOnly(scene, handoffTexts.note(actor.displayName, text), "note");
  }
  return { outcome: { kind: "recorded", reason: "note" }, wake: [] };
}

/** In the thread that the handoff has left. */
async function tellGone(scene: HandoffScene, conversationId: string, words = handoffTexts.gone): Promise<Effects> {
  await scene.stores.deliveries.add([fromBot(scene, conversationId, "notice", words(scene.handoff.team))]);
  return { outcome: { kind: "recorded", reason: "gone" }, wake: [conversationId] };
}

function toActor(author: Author): HandoffActor {
  return { id: author.id, displayName: author.displayName, role: author.role };
}
