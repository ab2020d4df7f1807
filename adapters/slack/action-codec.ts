import { z } from "zod";
import { FAULTS, type Fault } from "../../src/ports/answer-cases.js";
import { RATINGS, type Rating } from "../../src/ports/ratings.js";
import { HANDOFF_ACTIONS, type HandoffActionName, type ReplyAction } from "../../src/ports/reply.js";

/** Names of everything that can be pressed or sent in, as Slack carries them. */
export const ACTION_ID = {
  human: "deskhand.human",
  note: "deskhand.note",
  feedback: "deskhand.feedback",
  confirm: "deskhand.confirm",
  send: "deskhand.send-suggestion",
  sayWhy: "deskhand.say-why",
  faultWords: "deskhand.fault-words",
} as const;

const idSchema = z.uuid();
const handoffSchema = z.enum(HANDOFF_ACTIONS);
const FEEDBACK = /^(helpful|not-helpful):(.+)$/u;

export function feedbackValue(verdict: "helpful" | "not-helpful", answerId: string): string {
  return `${verdict}:${answerId}`;
}

/** Buttons of one message have different ids. Those of cards that were posted by earlier versions are among them. */
export function handoffActionId(name: HandoffActionName): string {
  return `deskhand.${name}`;
}

export function ratingActionId(rating: Rating): string {
  return `deskhand.rate.${rating}`;
}

export function faultActionId(fault: Fault): string {
  return `deskhand.fault.${fault}`;
}

function nameIn(actionId: string): string | null {
  return actionId.startsWith("deskhand.") ? actionId.slice("deskhand.".length) : null;
}

/** What was pressed, or null for what is not ours or holds no id. Ids are only names: what they allow is decided later. */
export function readAction(actionId: string, value: string): ReplyAction | null {
  if (actionId === ACTION_ID.human) return { name: "human" };
  if (actionId === ACTION_ID.feedback) {
    const found = FEEDBACK.exec(value);
    const answerId = idSchema.safeParse(found?.[2]);
    if (!answerId.success) return null;
    return { name: found?.[1] === "helpful" ? "helpful" : "not-helpful", answerId: answerId.data };
  }
  const id = idSchema.safeParse(value);
  if (!id.success) return null;
  if (actionId === ACTION_ID.confirm) return { name: "confirm-command", confirmationId: id.data };
  const fault = FAULTS.find((one) => actionId === faultActionId(one));
  if (fault !== undefined) return { name: "fault", answerId: id.data, fault };
  const rating = RATINGS.find((one) => actionId === ratingActionId(one));
  if (rating !== undefined) return { name: "rate", handoffId: id.data, rating };
  if (actionId === ACTION_ID.send) return { name: "send-suggestion", suggestionId: id.data };
  const name = handoffSchema.safeParse(nameIn(actionId));
  return name.success ? { name: name.data, handoffId: id.data } : null;
}
