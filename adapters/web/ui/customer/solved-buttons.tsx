import { useState } from "react";
import { Button } from "react-aria-components";
import { HANDOFF_LABELS } from "../../../../src/handoff/action-labels.js";
import { useSending } from "../state/send.js";

const CHOICES = ["solved", "not-solved"] as const;

/** Asks whether what a person has marked as solved is. It is there as long as the question is open; words do as well. */
export function SolvedButtons({ handoffId, conversation }: { handoffId: string; conversation: number }) {
  const [said, setSaid] = useState<(typeof CHOICES)[number] | null>(null);
  const { send, isSending, problem } = useSending("actionId");
  const say = async (name: (typeof CHOICES)[number]) => {
    if (await send("/api/actions", { name, handoffId, conversation })) setSaid(name);
  };
  return (
    <p className="confirm-row" role="group" aria-label="Is it solved?">
      {CHOICES.map((name) => (
        <Button
          key={name}
          className={name === "solved" ? "button is-primary" : "button is-choice"}
          isDisabled={isSending || said !== null}
          onPress={() => void say(name)}
        >
          {HANDOFF_LABELS[name]}
        </Button>
      ))}
      {problem === null ? null : <span role="alert">Not sent. Try again.</span>}
    </p>
  );
}
