import { Button } from "react-aria-components";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** Asks whether what a person has marked as solved is. It can be answered once; words do as well. */
export function SolvedButtons({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const action = actions.find(({ name }) => name === "solved");
  if (action === undefined || !("handoffId" in action)) return null;
  return <SolvedFor handoffId={action.handoffId} conversation={conversation} />;
}

function SolvedFor({ handoffId, conversation }: { handoffId: string; conversation: number }) {
  const [said, setSaid] = useStoredValue(`solved.${handoffId}`, "");
  const { send, isSending, problem } = useSending("actionId");
  const say = async (name: "solved" | "not-solved") => {
    if (await send("/api/actions", { name, handoffId, conversation })) setSaid(name);
  };
  const isDone = isSending || said !== "";
  return (
    <p className="confirm-row">
      <Button className="button is-primary" isDisabled={isDone} onPress={() => void say("solved")}>
        {"Yes, it's solved"}
      </Button>
      <Button className="button is-quiet" isDisabled={isDone} onPress={() => void say("not-solved")}>
        No, not yet
      </Button>
      {problem === null ? null : <span role="alert">Not sent. Try again.</span>}
    </p>
  );
}
