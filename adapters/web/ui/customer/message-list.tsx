import { useEffect, useRef } from "react";
import type { MessageView } from "../../api.js";
import { MessageRow } from "./message-row.js";
import { isInHumanHands, type Conversation, type Waiting } from "./use-conversation.js";

const NEAR_END_PX = 120;

export function MessageList({ conversation }: { conversation: Conversation }) {
  const { messages, waiting } = conversation;
  const list = useFollowedEnd(messages, waiting);
  return (
    <div className="message-scroll" ref={list} tabIndex={0} role="group" aria-label="Messages">
      <ol className="messages">
        {messages.map((message, index) => (
          <MessageRow
            key={message.messageId}
            message={message}
            before={messages[index - 1]}
            conversation={conversation}
          />
        ))}
        {isPassedOn(conversation) ? (
          <li className="message is-passed-on" role="status">
            Passed on to the team
          </li>
        ) : null}
        {waiting === "nothing" ? null : <WaitingRow waiting={waiting} />}
      </ol>
    </div>
  );
}

/** What is written while nobody has taken the question yet gets no reply of its own. */
function isPassedOn({ messages, handoff }: Conversation): boolean {
  return messages.at(-1)?.author.role === "customer" && isInHumanHands(handoff) && handoff?.claimedBy == null;
}

function WaitingRow({ waiting }: { waiting: Exclude<Waiting, "nothing"> }) {
  return (
    <li className="message is-bot is-waiting" aria-hidden="true">
      <span className="dots">
        <i />
        <i />
        <i />
      </span>
      <span>{waiting === "bot" ? "Looking that up…" : "This takes longer than usual. Your question is safe."}</span>
    </li>
  );
}

/** What does not fit is read from its beginning. */
function endOf(list: HTMLElement): number {
  const newest = list.querySelector(".messages > :last-child");
  if (newest === null || newest.clientHeight <= list.clientHeight) return list.scrollHeight;
  return list.scrollTop + newest.getBoundingClientRect().top - list.getBoundingClientRect().top;
}

/** Keeps the newest words in view, unless the reader has scrolled up to read something else. */
export function useFollowedEnd(messages: readonly MessageView[], waiting: Waiting) {
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  // What was asked may be shown together with its answer.
  const ownBefore = useRef(0);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const note = () => {
      isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    element.addEventListener("scroll", note, { passive: true });
    // A keyboard that opens, a window that shrinks, a side that is shown again: the end stays in view.
    const observer = new ResizeObserver(() => {
      if (isFollowing.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", note);
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const own = messages.filter(({ author }) => author.role === "customer").length;
    const hasAsked = own > ownBefore.current;
    ownBefore.current = own;
    if (isFollowing.current || hasAsked) element.scrollTop = endOf(element);
  }, [messages, waiting]);
  return list;
}
