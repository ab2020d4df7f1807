import { z } from "zod";
import type { ActionEvent, EventOutcome, Interactions, NoteEvent } from "../../../src/ports/chat.js";
import type { Clock } from "../../../src/ports/clock.js";
import { ACTION_ID, readAction, readReview } from "../action-codec.js";
import { timeOf, toConversationKey } from "../conversation-key.js";
import type { SlackIdentity } from "../identity.js";
import type { People } from "../people.js";
import type { SlackCall } from "../slack-api.js";
import { toSpeaking, type AuthorSettings } from "./authors.js";
import {
  EDIT_VIEW,
  editView,
  readEditView,
  FAULT_VIEW,
  faultView,
  NOTE_BLOCK,
  NOTE_VIEW,
  noteView,
  readFaultView,
  readNoteView,
} from "./note-view.js";
import { readWhyView, WHY_BLOCK, WHY_VIEW, whyView } from "./why-view.js";
import { COULD_NOT_OPEN, outcomeText } from "./outcome-text.js";

export interface InteractivityDeps extends AuthorSettings {
  readonly call: SlackCall;
  readonly interactions: Interactions;
  readonly people: People;
  readonly clock: Clock;
  /** Tells the person who pressed, and nobody else; never throws and is not waited for. */
  readonly tell: (responseUrl: string, text: string) => void;
}

const actionsSchema = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), team_id: z.string().nullish() }),
  channel: z.object({ id: z.string().min(1) }),
  message: z.object({ ts: z.string(), thread_ts: z.string().nullish() }),
  trigger_id: z.string(),
  response_url: z.string().nullish(),
  actions: z
    .array(z.object({ action_id: z.string(), value: z.string().nullish(), action_ts: z.string().nullish() }))
    .min(1),
});
type Pressed = z.infer<typeof actionsSchema>;

const submissionSchema = z.object({
  user: z.object({ id: z.string().min(1), team_id: z.string().nullish() }),
  view: z.object({ id: z.string().min(1), callback_id: z.string(), private_metadata: z.string(), state: z.unknown() }),
});

const anySchema = z.object({});

/** Takes in what people press and send. */
export function createInteractivity(deps: InteractivityDeps) {
  return {
    async action(body: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<void> {
      const parsed = actionsSchema.safeParse(body);
      if (!parsed.success) return;
      const [pressed] = parsed.data.actions;
      const view = pressed === undefined ? null : viewOf(parsed.data, pressed);
      if (view !== null) return openView(deps, parsed.data, view, signal);
      const event = await toActionEvent(deps, parsed.data, identity);
      if (event === null) return;
      const { outcome } = await deps.interactions.interact(event, signal);
      tell(deps, parsed.data, outcomeText(event.action, outcome));
    },

    async view(body: unknown, identity: SlackIdentity, signal: AbortSignal) {
      const parsed = submissionSchema.safeParse(body);
      if (!parsed.success) return null;
      if (parsed.data.view.callback_id === WHY_VIEW) return sendWhy(deps, parsed.data, identity, signal);
      if (parsed.data.view.callback_id === FAULT_VIEW) return takeFaultWords(deps, parsed.data, identity, signal);
      if (parsed.data.view.callback_id === EDIT_VIEW) return takeEdit(deps, parsed.data, identity, signal);
      if (parsed.data.view.callback_id !== NOTE_VIEW) return null;
      const { view } = parsed.data;
      const note = readNoteView(view.private_metadata, view.state);
      if (note === null) return null;
      const sent = await envelopeOf(deps, parsed.data, identity, { ...note, name: "note" });
      const event: NoteEvent = { kind: "note", text: note.text, isShown: false, ...sent };
      const { outcome } = await deps.interactions.interact(event, signal);
      return isLost(outcome)
        ? { [NOTE_BLOCK]: "This note could not be kept: the handoff does not take notes from you now." }
        : null;
    },
  };
}

type Submitted = z.infer<typeof submissionSchema>;

async function envelopeOf(
  deps: InteractivityDeps,
  { view, user }: Submitted,
  identity: SlackIdentity,
  { channel, key, name }: { readonly channel: string; readonly key: string; readonly name: string },
) {
  const appearance = {
    userId: user.id,
    channel,
    userTeam: user.team_id ?? null,
    ownTeam: identity.teamId,
    isShared: false,
  };
  return {
    ...(await toSpeaking(appearance, deps, deps.people)),
    ...keysOf(`${name}:${view.id}`, channel),
    conversation: { installationId: identity.installationId, key },
    occurredAt: deps.clock.now(),
  };
}

/** What is wrong with an answer, in the words of whoever asked. */
async function takeFaultWords(
  deps: InteractivityDeps,
  submitted: Submitted,
  identity: SlackIdentity,
  signal: AbortSignal,
): Promise<Record<string, string> | null> {
  const { view } = submitted;
  const said = readFaultView(view.private_metadata, view.state);
  if (said === null) return null;
  const { answerId, text: words } = said;
  const sent = await envelopeOf(deps, submitted, identity, { ...said, name: "fault-words" });
  const event: ActionEvent = { kind: "action", action: { name: "fault-words", answerId, words }, ...sent };
  const { outcome } = await deps.interactions.interact(event, signal);
  return outcome?.kind === "ignored" || outcome?.kind === "failed"
    ? { [NOTE_BLOCK]: "This could not be kept: the answer is gone, or somebody else asked for it." }
    : null;
}

/** What a candidate is to answer. What becomes of it is said in the card's thread. */
async function takeEdit(
  deps: InteractivityDeps,
  submitted: Submitted,
  identity: SlackIdentity,
  signal: AbortSignal,
): Promise<null> {
  const { view } = submitted;
  const edited = readEditView(view.private_metadata, view.state);
  if (edited === null) return null;
  const { candidateId, seen, text: answer } = edited;
  const sent = await envelopeOf(deps, submitted, identity, { ...edited, name: "review-edit" });
  await deps.interactions.interact(
    { kind: "action", action: { name: "review-edit", candidateId, seen, answer }, ...sent },
    signal,
  );
  return null;
}

/** Whether a note is known to be lost. One whose outcome is still open is stored. */
function isLost(outcome: EventOutcome | null): boolean {
  if (outcome === null) return false;
  return outcome.kind === "ignored" || outcome.kind === "failed" || outcome.reason.startsWith("refused-");
}

/** The same press again has the same id; the next press of the same button has another. */
async function toActionEvent(
  deps: InteractivityDeps,
  body: Pressed,
  identity: SlackIdentity,
): Promise<ActionEvent | null> {
  const { user, channel, message, actions } = body;
  const [pressed] = actions;
  const action = pressed === undefined ? null : readAction(pressed.action_id, pressed.value ?? "");
  if (pressed === undefined || action === null) return null;
  const appearance = {
    userId: user.id,
    channel: channel.id,
    userTeam: user.team_id ?? null,
    ownTeam: identity.teamId,
    isShared: false,
  };
  const at = pressed.action_ts ?? null;
  const press = at ?? body.trigger_id;
  return {
    kind: "action",
    action,
    ...(await toSpeaking(appearance, deps, deps.people)),
    ...keysOf(`action:${channel.id}:${message.ts}:${pressed.action_id}:${user.id}:${press}`, channel.id),
    conversation: { installationId: identity.installationId, key: keyOf(body) },
    occurredAt: at === null ? deps.clock.now() : timeOf(at),
  };
}

function keysOf(eventId: string, channelId: string) {
  return { eventId, channelId, messageId: eventId, revision: 0 };
}

/** The thread that a message belongs to, or will be the start of. */
function keyOf({ channel, message }: Pressed): string {
  return toConversationKey({ channel: channel.id, threadTs: message.thread_ts ?? message.ts });
}

/** The form that a button opens; null where it opens none. */
function viewOf(body: Pressed, pressed: Pressed["actions"][number]) {
  const place = { channel: body.channel.id, key: keyOf(body) };
  if (pressed.action_id === ACTION_ID.note) return noteView(place);
  const review = pressed.action_id === ACTION_ID.edit ? readReview(pressed.value ?? "") : null;
  if (review !== null) {
    const { answer, ...candidate } = review;
    return editView({ ...place, ...candidate }, answer);
  }
  const answerId = z.uuid().safeParse(pressed.value);
  if (pressed.action_id === ACTION_ID.faultWords && answerId.success) {
    return faultView({ ...place, answerId: answerId.data });
  }
  const handoffId = z.uuid().safeParse(pressed.value);
  return pressed.action_id === ACTION_ID.sayWhy && handoffId.success
    ? whyView({ ...place, handoffId: handoffId.data })
    : null;
}

/** What a customer adds to their rating. */
async function sendWhy(deps: InteractivityDeps, submitted: Submitted, identity: SlackIdentity, signal: AbortSignal) {
  const { view } = submitted;
  const why = readWhyView(view.private_metadata, view.state);
  if (why === null) return null;
  const { handoffId, words } = why;
  const sent = await envelopeOf(deps, submitted, identity, { ...why, name: "why" });
  const event: ActionEvent = { kind: "action", action: { name: "say-why", handoffId, words }, ...sent };
  const { outcome } = await deps.interactions.interact(event, signal);
  return isLost(outcome)
    ? { [WHY_BLOCK]: "This could not be kept: the time for it is over, or the rating is not yours." }
    : null;
}

async function openView(deps: InteractivityDeps, body: Pressed, view: object, signal: AbortSignal): Promise<void> {
  try {
    await deps.call("views.open", { trigger_id: body.trigger_id, view }, anySchema, signal);
  } catch {
    tell(deps, body, COULD_NOT_OPEN);
  }
}

function tell(deps: InteractivityDeps, { response_url }: Pressed, text: string): void {
  if (typeof response_url === "string") deps.tell(response_url, text);
}
