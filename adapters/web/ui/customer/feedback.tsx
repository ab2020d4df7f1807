import { Button } from "react-aria-components";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { ExplainButton } from "../explain/explain-button.js";
import { CheckIcon, ThumbDownIcon, ThumbUpIcon } from "../shell/icons.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** "Was this helpful?" under an answer that offers it, and thanks once it is said. */
export function Feedback({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const answerId = actions.find((action) => action.name === "helpful")?.answerId;
  return answerId === undefined ? null : <FeedbackFor answerId={answerId} conversation={conversation} />;
}

function FeedbackFor({ answerId, conversation }: { answerId: string; conversation: number }) {
  const [verdict, setVerdict] = useStoredValue(`feedback.${answerId}`, "");
  const { send, isSending, problem } = useSending("actionId");
  const say = async (name: "helpful" | "not-helpful") => {
    if (await send("/api/actions", { name, answerId, conversation })) setVerdict(name);
  };
  if (verdict !== "") {
    return (
      <div className="feedback is-given">
        <CheckIcon size={16} />
        <span role="status">{verdict === "helpful" ? "Thanks, good to know." : "Thanks. We'll look into it."}</span>
        <ExplainButton answerId={answerId} />
      </div>
    );
  }
  return (
    <div className="feedback" role="group" aria-label="Feedback">
      <span>{problem === null ? "Did this help?" : "Not sent. Try again."}</span>
      <Button
        className="icon-button is-small"
        aria-label="Yes, this helped"
        isDisabled={isSending}
        onPress={() => void say("helpful")}
      >
        <ThumbUpIcon size={16} />
      </Button>
      <Button
        className="icon-button is-small"
        aria-label="No, this did not help"
        isDisabled={isSending}
        onPress={() => void say("not-helpful")}
      >
        <ThumbDownIcon size={16} />
      </Button>
      <ExplainButton answerId={answerId} />
    </div>
  );
}
