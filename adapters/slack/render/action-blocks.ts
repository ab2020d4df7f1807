import type { types } from "@slack/bolt";
import {
  FAULT_LABELS,
  FAULT_WORDS_LABEL,
  HANDOFF_LABELS,
  SAY_WHY_LABEL,
  REVIEW_LABELS,
  SEND_LABEL,
} from "../../../src/handoff/action-labels.js";
import { assertNever } from "../../../src/ports/errors.js";
import type { HandoffActionName, ReplyAction } from "../../../src/ports/reply.js";
import {
  ACTION_ID,
  faultActionId,
  feedbackValue,
  handoffActionId,
  ratingActionId,
  reviewValue,
} from "../action-codec.js";

type ActionBlock = types.ActionsBlock | types.ContextActionsBlock;

/** The buttons under a reply. A verdict on an answer is Slack's own pair of buttons; what is pressed comes back as an id. */
export function actionBlocks(actions: readonly ReplyAction[]): readonly ActionBlock[] {
  const buttons = [...actions.flatMap((action) => buttonsOf(action)), ...noteButton(actions)];
  const answer = actions.find((action) => action.name === "helpful" || action.name === "not-helpful");
  return [
    ...(buttons.length === 0 ? [] : [{ type: "actions" as const, elements: buttons }]),
    ...(answer === undefined ? [] : [feedbackBlock(answer.answerId)]),
  ];
}

function buttonsOf(action: ReplyAction): readonly types.Button[] {
  switch (action.name) {
    case "human":
      return [button(ACTION_ID.human, "Talk to a person", "human")];
    case "claim":
    case "resolve":
    case "solved":
      return [{ ...handoffButton(action.name, action.handoffId), style: "primary" }];
    case "fault":
      return [button(faultActionId(action.fault), FAULT_LABELS[action.fault], action.answerId)];
    case "fault-words":
      return [button(ACTION_ID.faultWords, FAULT_WORDS_LABEL, action.answerId)];
    case "review": {
      const actionId = action.verdict === "approve" ? ACTION_ID.approve : ACTION_ID.reject;
      const pressed = button(actionId, REVIEW_LABELS[action.verdict], reviewValue(action));
      return [{ ...pressed, style: action.verdict === "approve" ? "primary" : "danger" }];
    }
    case "review-edit":
      return [button(ACTION_ID.edit, REVIEW_LABELS.edit, reviewValue(action, action.answer))];
    case "rate":
      return [button(ratingActionId(action.rating), String(action.rating), action.handoffId)];
    case "say-why":
      return [button(ACTION_ID.sayWhy, SAY_WHY_LABEL, action.handoffId)];
    case "send-suggestion":
      return [{ ...button(ACTION_ID.send, SEND_LABEL, action.suggestionId), style: "primary" }];
    case "suggest":
    case "release":
    case "return":
    case "snooze":
    case "reopen":
    case "not-solved":
      return [handoffButton(action.name, action.handoffId)];
    case "confirm-command":
      return [{ ...button(ACTION_ID.confirm, "Confirm", action.confirmationId), style: "danger" }];
    case "helpful":
    case "not-helpful":
      return [];
    default:
      return assertNever(action);
  }
}

/** On the card of a handoff that is open. */
function noteButton(actions: readonly ReplyAction[]): readonly types.Button[] {
  const open = actions.find(({ name }) => name === "claim" || name === "resolve");
  return open !== undefined && "handoffId" in open ? [button(ACTION_ID.note, "Add internal note", open.handoffId)] : [];
}

function handoffButton(name: HandoffActionName, handoffId: string): types.Button {
  return button(handoffActionId(name), HANDOFF_LABELS[name], handoffId);
}

function button(actionId: string, text: string, value: string): types.Button {
  return { type: "button", action_id: actionId, text: plain(text), value };
}

function feedbackBlock(answerId: string): types.ContextActionsBlock {
  const choice = (verdict: "helpful" | "not-helpful", text: string) => ({
    text: plain(text),
    accessibility_label: verdict === "helpful" ? "This answer helped" : "This answer did not help",
    value: feedbackValue(verdict, answerId),
  });
  return {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: ACTION_ID.feedback,
        positive_button: choice("helpful", "Helpful"),
        negative_button: choice("not-helpful", "Not helpful"),
      },
    ],
  };
}

function plain(text: string): types.PlainTextElement {
  return { type: "plain_text", text };
}
