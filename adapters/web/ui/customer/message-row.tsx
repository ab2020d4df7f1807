import type { ReplyAction } from "../../../../src/ports/reply.js";
import type { MessageView, RatingView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import { SourceList } from "../reply/source-list.js";
import { BellMark } from "../shell/icons.js";
import { timeOfDay } from "../state/times.js";
import { ConfirmButton } from "./confirm-button.js";
import { FaultButtons } from "./fault-buttons.js";
import { Feedback } from "./feedback.js";
import { openQuestionOf } from "./open-question.js";
import { RatingButtons } from "./rating-buttons.js";
import { SayWhy } from "./say-why.js";
import { SolvedButtons } from "./solved-buttons.js";
import type { Conversation } from "./use-conversation.js";

/** One message as the customer sees it. */
export function MessageRow(props: {
  message: MessageView;
  before: MessageView | undefined;
  conversation: Conversation;
}) {
  const { message, before, conversation } = props;
  if (message.author.role === "customer") return <OwnMessage message={message} />;
  const isStreaming = message.state === "streaming";
  const isContinued = before !== undefined && continues(message, before);
  return (
    <li className={`message is-${message.author.role}${isContinued ? " is-continued" : ""}`} aria-busy={isStreaming}>
      {isContinued ? null : <MessageAuthor message={message} />}
      <div className={isStreaming ? "message-body is-streaming" : "message-body"}>
        <BlocksView blocks={message.reply?.blocks ?? message.partial} citations={message.reply?.citations ?? []} />
        {isStreaming && message.partial.length === 0 ? <p className="message-start">Writing…</p> : null}
      </div>
      {message.reply === null ? null : <SourceList citations={message.reply.citations} />}
      {message.reply === null ? null : <MessageActions message={message} conversation={conversation} />}
    </li>
  );
}

/** What can be pressed under it. Where the question is about a handoff, the server says whether it is still open. */
function MessageActions({ message, conversation }: { message: MessageView; conversation: Conversation }) {
  const actions = message.reply?.actions ?? [];
  const { number, handoff } = conversation;
  const isOpenQuestion = message.messageId === openQuestionOf(conversation);
  const ratingAsked = askedBy(actions, "rate", conversation);
  const whyAsked = askedBy(actions, "say-why", conversation);
  return (
    <>
      <Feedback actions={actions} conversation={number} />
      <ConfirmButton actions={actions} conversation={number} />
      {isOpenQuestion && handoff !== null ? (
        <SolvedButtons handoffId={handoff.handoffId} conversation={number} />
      ) : null}
      <FaultButtons actions={actions} conversation={number} />
      {ratingAsked === undefined ? null : <RatingButtons asked={ratingAsked} conversation={number} />}
      {whyAsked === undefined ? null : <SayWhy asked={whyAsked} conversation={number} />}
    </>
  );
}

function askedBy(
  actions: readonly ReplyAction[],
  name: "rate" | "say-why",
  { ratings }: Conversation,
): RatingView | undefined {
  const action = actions.find((each) => each.name === name);
  if (action === undefined || !("handoffId" in action)) return undefined;
  return ratings.find(({ handoffId }) => handoffId === action.handoffId);
}

function OwnMessage({ message }: { message: MessageView }) {
  return (
    <li className="message is-own">
      <span className="visually-hidden">You, {timeOfDay(message.createdAt)}</span>
      <div className="message-body">
        <BlocksView blocks={message.reply?.blocks ?? []} citations={[]} />
      </div>
    </li>
  );
}

function MessageAuthor({ message }: { message: MessageView }) {
  const { role, name } = message.author;
  return (
    <p className="message-author">
      {role === "bot" ? <BellMark size={22} /> : <span className="avatar">{name.slice(0, 1).toUpperCase()}</span>}
      <span className="message-name">{name}</span>
      {role === "agent" ? <span className="role-tag">Person</span> : null}
      <time dateTime={message.createdAt}>{timeOfDay(message.createdAt)}</time>
    </p>
  );
}

const CONTINUED_WITHIN_MS = 5 * 60_000;

/** Whether the same speaker goes on, so that their name need not be said again. */
function continues(message: MessageView, before: MessageView): boolean {
  const isSame = message.author.role === before.author.role && message.author.name === before.author.name;
  return isSame && Date.parse(message.createdAt) - Date.parse(before.createdAt) < CONTINUED_WITHIN_MS;
}
