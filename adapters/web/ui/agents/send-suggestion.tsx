import { Button } from "react-aria-components";
import { SEND_LABEL } from "../../../../src/handoff/action-labels.js";
import { agentId, type HandoffView, type MessageView } from "../../api.js";
import { SendIcon } from "../shell/icons.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

interface SendSuggestionProps {
  readonly message: MessageView;
  readonly handoff: HandoffView;
  readonly agentName: string;
  readonly onSent: () => void;
}

/** Under a reply that the bot has suggested. Whether it is still in time, is decided where it is sent. */
export function SendSuggestion(props: SendSuggestionProps) {
  const { message, handoff, agentName } = props;
  const action = message.reply?.actions.find(({ name }) => name === "send-suggestion");
  if (action?.name !== "send-suggestion" || !mayReply(handoff, agentName)) return null;
  return <SendFor {...props} suggestionId={action.suggestionId} />;
}

function mayReply({ state, claimedById }: HandoffView, agentName: string): boolean {
  if (state === "waiting" || state === "reopened") return true;
  return (state === "claimed" || state === "snoozed") && claimedById === agentId(agentName);
}

function SendFor(props: SendSuggestionProps & { readonly suggestionId: string }) {
  const { handoff, agentName, suggestionId, onSent } = props;
  const { handoffId } = handoff;
  const [said, setSaid] = useStoredValue(`suggestion.${suggestionId}`, "");
  const { send, isSending, problem } = useSending("actionId");
  const press = async () => {
    if (!(await send("/api/actions", { name: "send-suggestion", handoffId, suggestionId, agentName }))) return;
    setSaid("sent");
    onSent();
  };
  return (
    <p className="confirm-row">
      <Button className="button is-primary" isDisabled={isSending || said !== ""} onPress={() => void press()}>
        <SendIcon size={16} />
        <span>{problem === null ? SEND_LABEL : "Not sent. Try again"}</span>
      </Button>
    </p>
  );
}
