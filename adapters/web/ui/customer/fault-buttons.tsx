import { useState } from "react";
import { Button, Form, Input, Label, TextField, ToggleButton } from "react-aria-components";
import { FAULT_LABELS, FAULT_WORDS_LABEL } from "../../../../src/handoff/action-labels.js";
import { FAULTS, LONGEST_FAULT_WORDS, type Fault } from "../../../../src/ports/answer-cases.js";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { CheckIcon } from "../shell/icons.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** Asks what was wrong with an answer. What was pressed, and what was written, last counts. */
export function FaultButtons({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const answerId = actions.find((action) => action.name === "fault")?.answerId;
  return answerId === undefined ? null : <FaultsFor answerId={answerId} conversation={conversation} />;
}

function FaultsFor({ answerId, conversation }: { answerId: string; conversation: number }) {
  const [said, setSaid] = useStoredValue(`fault.${answerId}`, "");
  const [hasWritten, setWritten] = useStoredValue(`fault-words.${answerId}`, "");
  const [words, setWords] = useState("");
  const { send, isSending, problem } = useSending("actionId");
  const sayFault = async (fault: Fault) => {
    if (await send("/api/actions", { name: "fault", answerId, fault, conversation })) setSaid(fault);
  };
  const sayWords = async () => {
    if (await send("/api/actions", { name: "fault-words", answerId, words: words.trim(), conversation })) {
      setWritten("yes");
      setWords("");
    }
  };
  return (
    <div className="fault">
      <p className="confirm-row" role="group" aria-label="What was wrong">
        {FAULTS.map((fault) => (
          <ToggleButton
            key={fault}
            className="button is-choice"
            isSelected={said === fault}
            isDisabled={isSending}
            onChange={() => void sayFault(fault)}
          >
            {FAULT_LABELS[fault]}
          </ToggleButton>
        ))}
      </p>
      <Form
        className="words-form is-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== "") void sayWords();
        }}
      >
        <TextField className="words-field" value={words} onChange={setWords} maxLength={LONGEST_FAULT_WORDS}>
          <Label>{FAULT_WORDS_LABEL}</Label>
          <Input />
        </TextField>
        <Button type="submit" className="button is-choice" isDisabled={isSending || words.trim() === ""}>
          Send
        </Button>
      </Form>
      {(said === "" && hasWritten === "") || problem !== null ? null : (
        <p className="said" role="status">
          <CheckIcon size={16} /> Thank you. The team will look at it.
        </p>
      )}
      {problem === null ? null : (
        <p className="composer-problem" role="alert">
          Not sent. Try again.
        </p>
      )}
    </div>
  );
}
