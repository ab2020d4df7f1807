import { Button } from "react-aria-components";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** Does what a command has asked to be confirmed. It can be pressed once. */
export function ConfirmButton({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const action = actions.find((one) => one.name === "confirm-command");
  return action === undefined ? null : <ConfirmFor id={action.confirmationId} conversation={conversation} />;
}

function ConfirmFor({ id, conversation }: { id: string; conversation: number }) {
  const [said, setSaid] = useStoredValue(`confirmed.${id}`, "");
  const { send, isSending, problem } = useSending("actionId");
  const confirm = async () => {
    if (await send("/api/actions", { name: "confirm-command", confirmationId: id, conversation })) setSaid("yes");
  };
  const label = problem === null ? "Confirm" : "Not sent. Try again";
  return (
    <p className="confirm-row">
      <Button className="button is-danger" isDisabled={isSending || said !== ""} onPress={() => void confirm()}>
        {said === "" ? label : "Confirmed"}
      </Button>
    </p>
  );
}
