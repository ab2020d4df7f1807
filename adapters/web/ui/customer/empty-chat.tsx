import { Button } from "react-aria-components";

/** Before the first question: what this is, and a few that the documents answer. */
export function EmptyChat(props: {
  suggestions: readonly string[];
  isSending: boolean;
  onAsk: (question: string) => void;
}) {
  return (
    <div className="empty-chat">
      <h3>What can we help you with?</h3>
      <p>
        Answers come from our own documents, and every one shows where it is from. If they don't cover it, a person
        takes over right here.
      </p>
      {props.suggestions.length === 0 ? null : (
        <ul className="suggestions" aria-label="Questions to start with">
          {props.suggestions.map((question) => (
            <li key={question}>
              <Button className="suggestion" isDisabled={props.isSending} onPress={() => props.onAsk(question)}>
                {question}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
