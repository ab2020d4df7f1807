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
  approve: "deskhand.review.approve",
  reject: "deskhand.review.reject",
  edit: "deskhand.review-edit",
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

/** Slack takes no more in a button. */
const LONGEST_VALUE = 2_000;

/** What is edited goes with the button, as far as it has room: the form begins with it. */
export function reviewValue({ candidateId, seen }: ReviewedCandidate, answer = ""): string {
  const value = `${candidateId} ${seen}\n${answer}`;
  return value.length <= LONGEST_VALUE ? value : `${candidateId} ${seen}\n`;
}

export interface ReviewedCandidate {
  readonly candidateId: string;
  readonly seen: string;
}

const REVIEW = /^(\S+) (\S+)\n([\s\S]*)$/u;

export function readReview(value: string): (ReviewedCandidate & { readonly answer: string }) | null {
  const [, id, at, answer = ""] = REVIEW.exec(value) ?? [];
  const candidateId = idSchema.safeParse(id);
  const seen = z.iso.datetime().safeParse(at);
  return candidateId.success && seen.success ? { candidateId: candidateId.data, seen: seen.data, answer } : null;
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
  if (actionId === ACTION_ID.approve || actionId === ACTION_ID.reject) {
    const review = readReview(value);
    if (review === null) return null;
    const { candidateId, seen } = review;
    return { name: "review", candidateId, seen, verdict: actionId === ACTION_ID.approve ? "approve" : "reject" };
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
