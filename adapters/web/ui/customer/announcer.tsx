import type { MessageView } from "../../api.js";
import { replyWords } from "../reply/reply-words.js";
import { useStateFor, type Waiting } from "./use-conversation.js";

/** Says aloud, for screen readers, that an answer is being looked up and then the answer: once, when it is whole. */
export function Announcer(props: { messages: readonly MessageView[]; waiting: Waiting; number: number }) {
  const last = props.messages.at(-1);
  // What was there when the page was opened is not news.
  const [first] = useStateFor(props.number, last?.messageId);
  return (
    <p className="visually-hidden" role="status">
      {props.waiting === "nothing" ? announcement(last, first) : "Looking that up"}
    </p>
  );
}

function announcement(last: MessageView | undefined, first: string | undefined): string {
  if (last === undefined || last.messageId === first || last.reply === null) return "";
  if (last.author.role === "customer") return "Sent";
  const sources = last.reply.citations.length;
  const suffix = sources === 0 ? "" : ` ${sources} ${sources === 1 ? "source" : "sources"}.`;
  return `${last.author.name}: ${replyWords(last.reply)}${suffix}`;
}
