import type { MessageView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import { SourceList } from "../reply/source-list.js";
import { BellMark } from "../shell/icons.js";
import { timeOfDay } from "../state/times.js";
import { ConfirmButton } from "./confirm-button.js";
import { FaultButtons } from "./fault-buttons.js";
import { Feedback } from "./feedback.js";
import { RatingButtons } from "./rating-buttons.js";
import { SayWhy } from "./say-why.js";
import { SolvedButtons } from "./solved-buttons.js";

/** One message as the customer sees it. */
export function MessageRow(props: { message: MessageView; before: MessageView | undefined; conversation: number }) {
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
      {message.reply === null ? null : <Feedback actions={message.reply.actions} conversation={conversation} />}
      {message.reply === null ? null : <ConfirmButton actions={message.reply.actions} conversation={conversation} />}
      {message.reply === null ? null : <SolvedButtons actions={message.reply.actions} conversation={conversation} />}
      {message.reply === null ? null : <FaultButtons actions={message.reply.actions} conversation={conversation} />}
      {message.reply === null ? null : <RatingButtons actions={message.reply.actions} conversation={conversation} />}
      {message.reply === null ? null : <SayWhy actions={message.reply.actions} conversation={conversation} />}
    </li>
  );
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
