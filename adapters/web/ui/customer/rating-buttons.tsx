import { Button } from "react-aria-components";
import type { ReplyAction } from "../../../../src/ports/reply.js";
import { useSending } from "../state/send.js";
import { useStoredValue } from "../state/stored-value.js";

/** Asks how the help was. What was pressed last counts. */
export function RatingButtons({ actions, conversation }: { actions: readonly ReplyAction[]; conversation: number }) {
  const ratings = actions.filter((action) => action.name === "rate");
  const [first] = ratings;
  if (first === undefined) return null;
  return (
    <RatingFor handoffId={first.handoffId} ratings={ratings.map(({ rating }) => rating)} conversation={conversation} />
  );
}

function RatingFor(props: { handoffId: string; ratings: readonly number[]; conversation: number }) {
  const { handoffId, ratings, conversation } = props;
  const [said, setSaid] = useStoredValue(`rating.${handoffId}`, "");
  const { send, isSending, problem } = useSending("actionId");
  const say = async (rating: number) => {
    if (await send("/api/actions", { name: "rate", handoffId, rating, conversation })) setSaid(String(rating));
  };
  return (
    <p className="confirm-row" role="group" aria-label="Rate the help">
      {ratings.map((rating) => (
        <Button
          key={rating}
          className={said === String(rating) ? "button is-primary" : "button is-quiet"}
          aria-label={`${rating} of 5`}
          isDisabled={isSending}
          onPress={() => void say(rating)}
        >
          {rating}
        </Button>
      ))}
      {problem === null ? null : <span role="alert">Not sent. Try again.</span>}
    </p>
  );
}
