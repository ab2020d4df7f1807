import { useState } from "react";
import { ToggleButton } from "react-aria-components";
import { RATINGS, type Rating } from "../../../../src/ports/ratings.js";
import type { RatingView } from "../../api.js";
import { useSending } from "../state/send.js";

/** Asks how the help was. What was pressed last counts; once it is too late it only shows what was said. */
export function RatingButtons({ asked, conversation }: { asked: RatingView; conversation: number }) {
  const { handoffId, isOpen } = asked;
  const [pressed, setPressed] = useState<Rating | null>(null);
  const { send, isSending, problem } = useSending("actionId");
  const said = pressed ?? asked.rating;
  if (!isOpen && said === null) return null;
  const say = async (rating: Rating) => {
    if (await send("/api/actions", { name: "rate", handoffId, rating, conversation })) setPressed(rating);
  };
  return (
    <p className="confirm-row" role="group" aria-label="Rate the help">
      {RATINGS.map((rating) => (
        <ToggleButton
          key={rating}
          className="button is-choice"
          aria-label={`${rating} of 5`}
          isSelected={said === rating}
          isDisabled={isSending || !isOpen}
          onChange={() => void say(rating)}
        >
          {rating}
        </ToggleButton>
      ))}
      {problem === null ? null : <span role="alert">Not sent. Try again.</span>}
    </p>
  );
}
