import type { ReactNode } from "react";
import type { MessageView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import { LockIcon } from "../shell/icons.js";
import { timeOfDay } from "../state/times.js";

/** One entry of the agents' thread. Who may read it is said in words, not only in colour. */
export function ThreadEntry({ message, children }: { message: MessageView; children?: ReactNode }) {
  const { role, name } = message.author;
  return (
    <li className={`entry is-${role}`}>
      <p className="entry-author">
        {role === "note" ? <LockIcon size={14} /> : null}
        <span className="message-name">{name}</span>
        {role === "note" ? <span>Internal note</span> : null}
        {role === "agent" ? <span>To the customer</span> : null}
        <time dateTime={message.createdAt}>{timeOfDay(message.createdAt)}</time>
      </p>
      <div className="message-body">
        <BlocksView blocks={message.reply?.blocks ?? message.partial} citations={message.reply?.citations ?? []} />
      </div>
      {children}
    </li>
  );
}
