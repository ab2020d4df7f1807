import { useCallback } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { HANDOFF_LABELS } from "../../../../src/handoff/action-labels.js";
import { agentId, type HandoffDetailView, type HandoffView, type MessageView } from "../../api.js";
import { useFollowedEnd } from "../customer/message-list.js";
import { ExplainButton } from "../explain/explain-button.js";
import { BlocksView } from "../reply/reply-view.js";
import { BackIcon, CheckIcon } from "../shell/icons.js";
import type { LiveNews } from "../state/live.js";
import { useResource } from "../state/resource.js";
import { useSending } from "../state/send.js";
import { AgentComposer } from "./agent-composer.js";
import { otherPlace } from "./handoff-words.js";
import { StateChip } from "./queue.js";
import { SendSuggestion } from "./send-suggestion.js";
import { ThreadEntry } from "./thread-entry.js";

interface DetailProps {
  readonly handoffId: string;
  readonly agentName: string;
  readonly onBack: () => void;
}

/** One handed-over question: what was tried, what was said, and the two ways to write. */
export function HandoffDetail({ handoffId, agentName, onBack }: DetailProps) {
  const concerns = useCallback((news: LiveNews) => news.topic === "handoffs" || news.topic === "conversation", []);
  const { data, error, reload } = useResource<HandoffDetailView>(`/api/handoffs/${handoffId}/messages`, concerns);
  if (data === null) {
    return (
      <div className="queue-wait" role="status">
        {error === null ? "Opening…" : error.message}
        <Button className="link-button" onPress={onBack}>
          Back to the queue
        </Button>
      </div>
    );
  }
  return (
    <div className="handoff">
      <HandoffHeader handoff={data.handoff} agentName={agentName} onBack={onBack} onChanged={reload} />
      <HandoffThread detail={data} agentName={agentName} onChanged={reload} />
      <HandoffFooter handoff={data.handoff} agentName={agentName} onSent={reload} />
    </div>
  );
}

/** Nothing can be written here to a thread on another platform. */
function HandoffFooter(props: { handoff: HandoffView; agentName: string; onSent: () => void }) {
  const place = otherPlace(props.handoff);
  if (place === null) return <AgentComposer {...props} />;
  return (
    <div className="agent-composer">
      <p className="composer-barrier">Agents answer this {place}.</p>
    </div>
  );
}

function HandoffHeader(props: { handoff: HandoffView; agentName: string; onBack: () => void; onChanged: () => void }) {
  const { handoff, agentName } = props;
  const isHere = otherPlace(handoff) === null;
  const isMine = handoff.claimedById === agentId(agentName);
  const acts = isHere ? actsOn(handoff, isMine) : [];
  return (
    <header className="handoff-header">
      <Button className="icon-button" aria-label="Back to the queue" onPress={props.onBack}>
        <BackIcon />
      </Button>
      <div className="handoff-title">
        <h3>{handoff.question}</h3>
        <StateChip handoff={handoff} />
      </div>
      <div className="handoff-acts">
        {isHere && isColleagues(handoff, isMine) ? <TakeOverButton {...props} /> : null}
        {acts.map((name) => (
          <ActButton key={name} name={name} {...props} />
        ))}
      </div>
    </header>
  );
}

type Act = "claim" | "suggest" | "resolve" | "release" | "return" | "snooze" | "reopen";

function isColleagues({ state }: HandoffView, isMine: boolean): boolean {
  return (state === "claimed" || state === "snoozed") && !isMine;
}

/** The same as typing it. */
function TakeOverButton(props: { handoff: HandoffView; agentName: string; onChanged: () => void }) {
  const { send, isSending, problem } = useSending("messageId");
  const { handoff, agentName } = props;
  const take = async () => {
    if (await send(`/api/handoffs/${handoff.handoffId}/notes`, { text: "!take", agentName })) props.onChanged();
  };
  return (
    <Button className="button is-quiet" isDisabled={isSending || !handoff.isReady} onPress={() => void take()}>
      {problem === null ? "Take over" : "Not sent. Try again"}
    </Button>
  );
}

/** What this agent can do with it now; a colleague's can only be taken over. */
function actsOn({ state }: HandoffView, isMine: boolean): readonly Act[] {
  switch (state) {
    case "waiting":
    case "reopened":
      return ["suggest", "claim"];
    case "claimed":
      return isMine ? ["suggest", "snooze", "release", "return", "resolve"] : [];
    case "snoozed":
      return isMine ? ["claim", "suggest", "release", "return", "resolve"] : [];
    case "resolved":
    case "returned":
    case "expired":
      return ["reopen"];
  }
}

function ActButton(props: { name: Act; handoff: HandoffView; agentName: string; onChanged: () => void }) {
  const { send, isSending, problem } = useSending("actionId");
  const { name, handoff, agentName } = props;
  const act = async () => {
    if (await send("/api/actions", { name, handoffId: handoff.handoffId, agentName })) props.onChanged();
  };
  // Claiming what one has snoozed wakes it.
  const isWaking = name === "claim" && handoff.state === "snoozed";
  const isPrimary = (name === "claim" && !isWaking) || name === "resolve";
  const label = isWaking ? "Wake" : HANDOFF_LABELS[name];
  return (
    <Button
      className={isPrimary ? "button is-primary" : "button is-quiet"}
      isDisabled={isSending || !handoff.isReady}
      onPress={() => void act()}
    >
      {name === "resolve" ? <CheckIcon size={16} /> : null}
      <span>{problem === null ? label : "Not sent. Try again"}</span>
    </Button>
  );
}

function HandoffThread(props: { detail: HandoffDetailView; agentName: string; onChanged: () => void }) {
  const { detail, agentName, onChanged } = props;
  const list = useFollowedEnd(detail.thread, "nothing");
  return (
    <div className="message-scroll" ref={list} tabIndex={0} role="group" aria-label="The agents' thread">
      {detail.card?.reply == null ? null : (
        <section className="handoff-card" aria-label="What was tried">
          <BlocksView blocks={detail.card.reply.blocks} citations={detail.card.reply.citations} />
          <ExplainButton answerId={detail.handoff.answerId} />
        </section>
      )}
      <EarlierConversation messages={detail.conversation} />
      <ol className="thread" aria-label="Between the team and the customer">
        {detail.thread.map((message) => (
          <ThreadEntry key={message.messageId} message={message}>
            <SendSuggestion message={message} handoff={detail.handoff} agentName={agentName} onSent={onChanged} />
          </ThreadEntry>
        ))}
      </ol>
    </div>
  );
}

/** Everything the customer sees, folded away: the card says what matters first. */
function EarlierConversation({ messages }: { messages: readonly MessageView[] }) {
  if (messages.length === 0) return null;
  return (
    <Disclosure className="earlier">
      <Heading level={4}>
        <Button slot="trigger" className="link-button">
          What the customer sees ({messages.length} {messages.length === 1 ? "message" : "messages"})
        </Button>
      </Heading>
      <DisclosurePanel>
        <ol className="thread is-transcript" aria-label="What the customer sees">
          {messages.map((message) => (
            <ThreadEntry key={message.messageId} message={message} />
          ))}
        </ol>
      </DisclosurePanel>
    </Disclosure>
  );
}
