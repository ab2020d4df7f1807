import { Button } from "react-aria-components";
import { PersonIcon, PlusIcon } from "../shell/icons.js";
import { useSending } from "../state/send.js";
import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { EmptyChat } from "./empty-chat.js";
import { HandoffStrip } from "./handoff-strip.js";
import { MessageList } from "./message-list.js";
import { isInHumanHands, useConversation, useStateFor, type Conversation } from "./use-conversation.js";

/** The customer's side: what a person who needs help sees. */
export function ChatPane({ suggestions }: { suggestions: readonly string[] }) {
  const conversation = useConversation();
  const sending = useSending("messageId");
  const path = `/api/conversations/${conversation.number}`;
  const send = async (text: string, files: readonly string[] = []): Promise<boolean> => {
    const wasTaken = await sending.send(`${path}/messages`, { text, files });
    if (wasTaken) conversation.reload();
    return wasTaken;
  };
  const isEmpty = conversation.isLoaded && conversation.messages.length === 0;
  return (
    <section className="side chat-side" aria-label="Customer's chat">
      <ChatHeader conversation={conversation} />
      <HandoffStrip handoff={conversation.handoff} />
      {isEmpty ? (
        <EmptyChat suggestions={suggestions} isSending={sending.isSending} onAsk={(text) => void send(text)} />
      ) : (
        <MessageList conversation={conversation} />
      )}
      <Announcer messages={conversation.messages} waiting={conversation.waiting} number={conversation.number} />
      <Composer
        key={conversation.number}
        placeholder={placeholderFor(conversation)}
        sending={sending}
        filesPath={isInHumanHands(conversation.handoff) ? path : null}
        onSend={send}
      />
    </section>
  );
}

/** Who reads what is written now. */
function placeholderFor({ handoff }: Conversation): string {
  if (!isInHumanHands(handoff)) return "Ask a question…";
  return handoff?.claimedBy == null ? "Add something for the person…" : `Write to ${handoff.claimedBy}…`;
}

function ChatHeader({ conversation }: { conversation: Conversation }) {
  const isWithPerson = isInHumanHands(conversation.handoff);
  return (
    <header className="side-header">
      <h2>Customer</h2>
      <div className="side-actions">
        {isWithPerson ? null : <HumanButton conversation={conversation} />}
        <Button
          className="button is-quiet"
          isDisabled={conversation.messages.length === 0}
          onPress={() => {
            conversation.startNew();
            document.getElementById("question")?.focus();
          }}
        >
          <PlusIcon size={16} /> <span>New conversation</span>
        </Button>
      </div>
    </header>
  );
}

/** Asks for a person without a word more. It stays pressed until the conversation moves on. */
function HumanButton({ conversation }: { conversation: Conversation }) {
  const { send, isSending, problem } = useSending("actionId");
  const [isAsked, setAsked] = useStateFor(`${conversation.number}/${conversation.messages.length}`, false);
  const ask = async () => {
    if (await send("/api/actions", { name: "human", conversation: conversation.number })) setAsked(true);
    conversation.reload();
  };
  const label = isAsked ? "Asking a person…" : "Talk to a person";
  return (
    <Button className="button is-quiet" isDisabled={isSending || isAsked} onPress={() => void ask()}>
      <PersonIcon size={16} /> <span>{problem === null ? label : "Not sent. Try again"}</span>
    </Button>
  );
}
