import { useState } from "react";
import { Button, Form, Label, TextArea, TextField } from "react-aria-components";
import { SAY_WHY_LABEL } from "../../../../src/handoff/action-labels.js";
import { LONGEST_RATING_WORDS } from "../../../../src/ports/ratings.js";
import type { RatingView } from "../../api.js";
import { CheckIcon } from "../shell/icons.js";
import { useSending } from "../state/send.js";

/** A field for what a customer adds to their rating. */
export function SayWhy({ asked, conversation }: { asked: RatingView; conversation: number }) {
  const { handoffId } = asked;
  const [words, setWords] = useState("");
  const [isSaid, setSaid] = useState(false);
  const { send, isSending, problem } = useSending("actionId");
  if (isSaid || asked.hasWords) {
    return (
      <p className="said" role="status">
        <CheckIcon size={16} /> Sent. Thank you.
      </p>
    );
  }
  if (!asked.isOpen) return null;
  const say = async () => {
    if (await send("/api/actions", { name: "say-why", handoffId, words, conversation })) setSaid(true);
  };
  return (
    <Form
      className="words-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() !== "") void say();
      }}
    >
      <TextField className="words-field" value={words} onChange={setWords} maxLength={LONGEST_RATING_WORDS}>
        <Label>{SAY_WHY_LABEL}</Label>
        <TextArea rows={2} />
      </TextField>
      <Button type="submit" className="button is-choice" isDisabled={isSending || words.trim() === ""}>
        {problem === null ? "Send" : "Not sent. Try again"}
      </Button>
    </Form>
  );
}
