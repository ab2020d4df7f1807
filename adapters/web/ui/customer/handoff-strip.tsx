import type { ConversationView } from "../../api.js";
import { CheckIcon, PersonIcon } from "../shell/icons.js";

type Badge = NonNullable<ConversationView["handoff"]>;

/** In whose hands the conversation is, said plainly above it. */
export function HandoffStrip({ handoff }: { handoff: ConversationView["handoff"] }) {
  const text = handoff === null ? null : stripText(handoff);
  const isSolved = handoff?.state === "resolved" && handoff.isSettled;
  return (
    <div className="handoff-strip-place" role="status">
      {text === null ? null : (
        <p className={isSolved ? "handoff-strip is-solved" : "handoff-strip"} data-state={handoff?.state}>
          {isSolved ? <CheckIcon size={16} /> : <PersonIcon size={16} />}
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

function stripText({ state, claimedBy, isSettled }: Badge): string | null {
  switch (state) {
    case "waiting":
    case "reopened":
    case "snoozed":
      return "A person has your question. The reply comes right here.";
    case "claimed":
      return `${claimedBy ?? "A person"} has joined and is helping you.`;
    case "resolved":
      return isSettled
        ? "Solved. You can go on asking at any time."
        : `${claimedBy ?? "The team"} considers this solved. Please say below whether it is.`;
    case "returned":
    case "expired":
      return null;
  }
}
