import type { types } from "@slack/bolt";
import { assertNever } from "../../../src/ports/errors.js";
import type { ReplyAction } from "../../../src/ports/reply.js";
import { ACTION_ID, feedbackValue } from "../action-codec.js";

type ActionBlock = types.ActionsBlock | types.ContextActionsBlock;

/** The buttons under a reply. A verdict on an answer is Slack's own pair of buttons; what is pressed comes back as an id. */
export function actionBlocks(actions: readonly ReplyAction[]): readonly ActionBlock[] {
  const buttons = actions.flatMap((action) => buttonsOf(action));
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
      return [{ ...button(ACTION_ID.claim, "Claim", action.handoffId), style: "primary" }];
    case "resolve":
      return [
        button(ACTION_ID.resolve, "Resolve", action.handoffId),
        button(ACTION_ID.note, "Add internal note", action.handoffId),
      ];
    case "confirm-command":
      return [{ ...button(ACTION_ID.confirm, "Confirm", action.confirmationId), style: "danger" }];
    case "helpful":
    case "not-helpful":
      return [];
    default:
      return assertNever(action);
  }
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
