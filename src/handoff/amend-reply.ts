import { replyMarkdown } from "../answering/reply-markdown.js";
import { isFormatted } from "../text/formatted-words.js";
import type { ChatAdapter, DeletionEvent, EditEvent, Platform } from "../ports/chat.js";
import type { StandingReply } from "../ports/standing-reply.js";
import type { TranscriptEntry, Turn } from "../ports/stores.js";
import type { Effects, EventContext } from "../routing/event-context.js";
import { HELD_BACK, holdBack, postReply } from "./agent-replies.js";
import { fromBot } from "./change-handoff.js";
import { deletePosts, takeFilesBack } from "./delete-posts.js";
import type { HandoffScene } from "./handoff-scene.js";
import { controlOf } from "./control.js";
import { append, tell, tellOnly } from "./in-thread.js";
import { noteInBlocks, noteText } from "./note-text.js";
import { relayedWords, secretsIn, type RelayedWords } from "./relayed-words.js";
import { relayTexts } from "./relay-texts.js";

/** An agent's message as it stands, and what becomes of it. */
interface Amended {
  readonly scene: HandoffScene;
  readonly context: EventContext<EditEvent | DeletionEvent>;
  readonly turn: Turn;
  /** What the transcript has of it. */
  readonly kept: TranscriptEntry | null;
  /** The customer's copies of it: one, or the parts of a long one. */
  readonly standing: readonly StandingReply[];
}

export type AdapterFor = (platform: Platform) => ChatAdapter;

/**
 * An agent changed or deleted what they had written: the customer's copy follows, however the handoff stands. What was a
 * note stays one, and what has become one is taken back.
 */
export async function amendReply(
  scene: HandoffScene,
  context: Amended["context"],
  adapterFor: AdapterFor,
): Promise<Effects> {
  const { stores, handoff } = scene;
  const { lease, event } = context;
  const turn = await stores.inbox.turnOf(lease, event);
  if (turn === null) return event.kind === "edit" ? wasNotSent(scene) : ignore("unknown-message");
  if (await isOvertaken(scene, context)) return { ...ignore("overtaken"), turnId: turn.turnId };
  const standing = await stores.deliveries.standing(turn.turnId, "relay");
  const kept = await stores.conversations.saidByAgents(handoff.conversationId, turn.inboxId);
  const amended: Amended = { scene, context, turn, kept, standing };
  const effects = event.kind === "edit" ? await edit(amended, event, adapterFor) : await remove(amended);
  return { ...effects, turnId: turn.turnId };
}

/** Whether a later change of the same message was carried out: this one was delivered late. */
async function isOvertaken({ stores }: HandoffScene, { lease, inboxId, event }: Amended["context"]): Promise<boolean> {
  const around = await stores.inbox.around(lease, inboxId);
  return around.some(
    (other) =>
      other.inboxId !== inboxId && other.outcome !== null && isLater(other.event?.occurredAt, event.occurredAt),
  );
}

function isLater(other: Date | undefined, at: Date): boolean {
  return other !== undefined && other > at;
}

async function edit(amended: Amended, event: EditEvent, adapterFor: AdapterFor): Promise<Effects> {
  const { scene, context, turn, kept, standing } = amended;
  const text = event.text.trim();
  const words = relayedWords(event, text);
  const note = event.note ?? noteText(text) ?? noteInBlocks(words.shown.blocks);
  if (text === "") return ignore("empty");
  if (turn.kind === "note" || kept?.speaker === "note") return editNote(amended, note ?? text, note !== null);
  const mayBeSent = turn.outcome.kind === "relayed" || turn.outcome.reason.startsWith(HELD_BACK);
  if (!mayBeSent) return wasNotSent(scene);
  if (note !== null) return becomeNote(amended, note);
  if (controlOf(text) !== null) return tellOnly(scene, relayTexts.noControl, "refused-change");
  const secrets = secretsIn(event, text);
  if (secrets.length > 0) {
    const wake = await takeBack(amended);
    const notice = standing.length > 0 ? relayTexts.takenBackForSecret(secrets) : relayTexts.heldBack(secrets);
    const effects = await holdBack(scene, context, secrets, notice);
    return { ...effects, wake: [...new Set([...effects.wake, ...wake])] };
  }
  if (standing.length === 0) return postAnew(amended, words);
  return isShown(amended, words) ? ignore("unchanged") : changeCopy(amended, event, words, adapterFor);
}

/** Whether the customer sees these words already, formatted like this. */
function isShown({ kept, standing }: Amended, { text, shown }: RelayedWords): boolean {
  const [copy] = standing;
  if (kept?.text !== text || copy === undefined) return false;
  const isPlain = !isFormatted(shown.blocks) && !isFormatted(copy.reply.blocks);
  return isPlain || replyMarkdown(copy.reply.blocks) === replyMarkdown(shown.blocks);
}

/** Of what was held back, taken back or never arrived nothing is there to be changed. */
async function postAnew({ scene, context, turn }: Amended, words: RelayedWords): Promise<Effects> {
  const effects = await postReply(scene, context.event, words, turn.inboxId);
  if (effects.outcome.kind === "relayed") {
    await scene.stores.conversations.amend(scene.handoff.conversationId, turn.inboxId, words.text);
  }
  return effects;
}

/**
 * One message takes the new words. What several messages stand for is taken back and posted anew, as one reply. Either
 * keeps the name that it was posted under.
 */
async function changeCopy(
  { scene, turn, standing }: Amended,
  event: EditEvent,
  { text, shown }: RelayedWords,
  adapterFor: AdapterFor,
): Promise<Effects> {
  const { stores, handoff } = scene;
  const [only, ...others] = standing;
  const adapter = only === undefined ? null : adapterFor(only.platform);
  if (only === undefined || adapter?.capabilities.edit !== true) {
    return tellOnly(scene, relayTexts.cannotChange, "refused-change");
  }
  const { speaker } = only;
  const fresh = { ...fromBot(scene, handoff.conversationId, "relay", text), speaker, reply: shown };
  const isOneForOne = others.length === 0 && adapter.countParts(fresh) === 1;
  const wake = isOneForOne ? [] : await deletePosts(stores, standing);
  const inPlace = {
    operation: "edit",
    targetDeliveryId: only.deliveryId,
    conversationId: only.conversationId,
  } as const;
  await stores.deliveries.add([isOneForOne ? { ...fresh, ...inPlace } : fresh]);
  if (!(await stores.conversations.amend(handoff.conversationId, turn.inboxId, text))) {
    await append(scene, "agent", event, text, turn.inboxId);
  }
  return {
    outcome: { kind: "relayed", reason: "edit" },
    wake: [...new Set([...wake, handoff.conversationId])],
  };
}

async function editNote({ scene, context, turn, kept }: Amended, text: string, isMarked: boolean): Promise<Effects> {
  const { stores, handoff } = scene;
  if (kept?.text === text) return ignore("unchanged");
  if (!(await stores.conversations.amend(handoff.conversationId, turn.inboxId, text))) {
    await append(scene, "note", context.event, text, turn.inboxId);
  }
  if (!isMarked) return tellOnly(scene, relayTexts.staysNote, "note");
  return { outcome: { kind: "recorded", reason: "note" }, wake: [] };
}

async function becomeNote(amended: Amended, note: string): Promise<Effects> {
  const { scene, context, turn, standing } = amended;
  const wake = await takeBack(amended);
  await append(scene, "note", context.event, note, turn.inboxId);
  if (standing.length > 0) await tell(scene, relayTexts.becameNote);
  return {
    outcome: { kind: "recorded", reason: "became-note" },
    wake: [...new Set([...wake, scene.handoff.agentConversationId])],
  };
}

async function remove(amended: Amended): Promise<Effects> {
  const { kept, standing } = amended;
  if (kept === null && standing.length === 0) return ignore("nothing-to-take-back");
  const wake = await takeBack(amended);
  return kept?.speaker === "note"
    ? { outcome: { kind: "recorded", reason: "note-deleted" }, wake }
    : { outcome: { kind: "relayed", reason: "deletion" }, wake };
}

/** Out of the transcript, and away from the customer. Resolves with the conversations that have posts due. */
async function takeBack({ scene, turn, standing }: Amended): Promise<readonly string[]> {
  const { stores, handoff } = scene;
  await stores.conversations.strike(handoff.conversationId, turn.inboxId);
  const wake = await deletePosts(stores, standing);
  return [...new Set([...wake, ...(await takeFilesBack(stores, turn))])];
}

function wasNotSent(scene: HandoffScene): Promise<Effects> {
  return tellOnly(scene, relayTexts.wasNotSent, "refused-change");
}

function ignore(reason: string): Effects {
  return { outcome: { kind: "ignored", reason }, wake: [] };
}
