import { useState } from "react";
import { Button, TextArea, TextField, Label } from "react-aria-components";
import { SAY_WHY_LABEL } from "../../../../src/handoff/action-labels.js";
import { LONGEST_RATING_WORDS } from "../../../../src/ports/ratings.js";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** A field for what a customer adds to their rating. */
export function SayWhy({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const asked = actions.find((action) => action.name === "say-why");
  return asked === undefined ? null : <WhyField handoffId={asked.handoffId} conversation={conversation} />;
}

function WhyField({ handoffId, conversation }: { handoffId: string; conversation: number }) {
  const [words, setWords] = useState("");
  const [said, setSaid] = useStoredValue(`why.${handoffId}`, "");
  const { send, isSending, problem } = useSending("actionId");
  if (said !== "") return <p role="status">Sent. Thank you.</p>;
  const say = async () => {
    if (await send("/api/actions", { name: "say-why", handoffId, words, conversation })) setSaid("yes");
  };
  return (
    <div className="why-field">
      <TextField value={words} onChange={setWords} maxLength={LONGEST_RATING_WORDS}>
        <Label>{SAY_WHY_LABEL}</Label>
        <TextArea rows={2} />
      </TextField>
      <Button className="button is-quiet" isDisabled={isSending || words.trim() === ""} onPress={() => void say()}>
        {problem === null ? "Send" : "Not sent. Try again"}
      </Button>
    </div>
  );
}
