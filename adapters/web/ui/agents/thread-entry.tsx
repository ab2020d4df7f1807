import type { ReactNode } from "react";
import type { MessageView, ThreadMessageView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import { LockIcon } from "../shell/icons.js";
import { timeOfDay } from "../state/times.js";

/** Whether something was sent, the bot says below it. */
const COMMANDS = { "for-team": "Command, not sent to the customer", "to-customer": "Command" } as const;

interface ThreadEntryProps {
  readonly message: MessageView | ThreadMessageView;
  readonly children?: ReactNode;
}

/** One entry of the agents' thread. Who may read it is said in words, not only in colour. */
export function ThreadEntry({ message, children }: ThreadEntryProps) {
  const { role, name } = message.author;
  const command = "command" in message ? message.command : null;
  return (
    <li className={`entry is-${command === null ? role : "command"}`}>
      <p className="entry-author">
        {role === "note" ? <LockIcon size={14} /> : null}
        <span className="message-name">{name}</span>
        {role === "note" ? <span>Internal note</span> : null}
        {role === "agent" ? <span>{command === null ? "To the customer" : COMMANDS[command]}</span> : null}
        <time dateTime={message.createdAt}>{timeOfDay(message.createdAt)}</time>
      </p>
      <div className="message-body">
        <BlocksView blocks={message.reply?.blocks ?? message.partial} citations={message.reply?.citations ?? []} />
      </div>
      {children}
    </li>
  );
}
