import { useState } from "react";
import { Button, Input, TextField } from "react-aria-components";
import { FAULT_LABELS, FAULT_WORDS_LABEL } from "../../../../src/handoff/action-labels.js";
import { FAULTS, LONGEST_FAULT_WORDS } from "../../../../src/ports/answer-cases.js";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** Asks what was wrong with an answer. What was pressed or written last counts. */
export function FaultButtons({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const answerId = actions.find((action) => action.name === "fault")?.answerId;
  return answerId === undefined ? null : <FaultsFor answerId={answerId} conversation={conversation} />;
}

function FaultsFor({ answerId, conversation }: { answerId: string; conversation: number }) {
  const [said, setSaid] = useStoredValue(`fault.${answerId}`, "");
  const [words, setWords] = useState("");
  const { send, isSending, problem } = useSending("actionId");
  const sendWords = async () => {
    if (await send("/api/actions", { name: "fault-words", answerId, words: words.trim(), conversation })) {
      setSaid("words");
      setWords("");
    }
  };
  return (
    <form
      className="confirm-row"
      aria-label="What was wrong"
      onSubmit={(event) => {
        event.preventDefault();
        void sendWords();
      }}
    >
      {FAULTS.map((fault) => (
        <Button
          key={fault}
          className={said === fault ? "button is-primary" : "button is-quiet"}
          isDisabled={isSending}
          onPress={() =>
            void send("/api/actions", { name: "fault", answerId, fault, conversation }).then(
              (isSent) => isSent && setSaid(fault),
            )
          }
        >
          {FAULT_LABELS[fault]}
        </Button>
      ))}
      <TextField aria-label={FAULT_WORDS_LABEL} value={words} onChange={setWords} maxLength={LONGEST_FAULT_WORDS}>
        <Input placeholder={FAULT_WORDS_LABEL} />
      </TextField>
      <Button type="submit" className="button is-quiet" isDisabled={isSending || words.trim() === ""}>
        Send
      </Button>
      {said === "" ? null : <span role="status">Thank you. The team will look at it.</span>}
      {problem === null ? null : <span role="alert">Not sent. Try again.</span>}
    </form>
  );
}
