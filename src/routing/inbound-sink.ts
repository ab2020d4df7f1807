import { cleanText } from "../answering/text/clean-text.js";
import { replyText } from "../answering/reply-text.js";
import { isCustomersWord } from "../commands/command-line.js";
import { wordsWithoutCards } from "../text/cards-in-blocks.js";
import { countParts, MOST_FORMATTED_PARTS, withWords } from "../text/formatted-words.js";
import { maskSecrets } from "../text/find-secrets.js";
import { maskCards } from "../text/mask-cards.js";
import type { Accepted, InboundEvent, InboundSink, MessageEvent } from "../ports/chat.js";
import { errorCode } from "../ports/errors.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { Logger, Metrics } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { CoordinationStore } from "../ports/stores.js";
import type { FairShare } from "./fair-share.js";

export interface InboundSinkDependencies {
  readonly coordination: Pick<CoordinationStore, "acceptEvent">;
  readonly queue: Pick<Queue, "enqueue">;
  readonly fairShare: Pick<FairShare, "take">;
  readonly metrics: Pick<Metrics, "eventAccepted">;
  readonly logger: Logger;
  readonly failpoint: Failpoint;
}

/**
 * The first door into the core: stored, then safe to acknowledge, worked on later. A duplicate rings the doorbell too:
 * it costs nothing, and the first ring may have been lost.
 */
export function createInboundSink({
  coordination,
  queue,
  fairShare,
  metrics,
  logger,
  failpoint,
}: InboundSinkDependencies): InboundSink {
  return {
    async accept(event: InboundEvent): Promise<Accepted> {
      await failpoint("accept.before-insert");
      const accepted = await coordination.acceptEvent(asMeant(withVisibleWords(event)));
      await failpoint("accept.after-commit");
      metrics.eventAccepted(event.kind, accepted.duplicate);
      const { conversationId } = accepted;
      const priority = fairShare.take(event.conversation.installationId);
      try {
        await queue.enqueue("conversation.work", conversationId, { conversationId, priority });
      } catch (error) {
        // It is stored, so it is accepted: the sweeper rings in a few seconds.
        logger.warn("doorbell failed", { code: errorCode(error) });
      }
      await failpoint("accept.after-enqueue");
      return accepted;
    },
  };
}

function asMeant(event: InboundEvent): InboundEvent {
  if (event.kind !== "command" || event.author.role !== "customer" || !isCustomersWord(event.line)) return event;
  const { line, ...envelope } = event;
  return { ...envelope, kind: "message", text: line, addressesBot: true };
}

/**
 * What nobody sees when they read it is kept nowhere: it could only speak to a model, a log or a terminal. Nor is the number
 * of a payment card: nobody who reads on needs more than its last digits.
 */
function withVisibleWords(event: InboundEvent): InboundEvent {
  switch (event.kind) {
    case "message":
      return { ...event, ...keptWords(event) };
    case "edit":
      return { ...event, ...keptWords(event), ...(event.note === undefined ? {} : { note: keptOf(event.note) }) };
    case "note":
      return { ...event, text: keptOf(event.text) };
    case "action":
      return event.action.name === "say-why" || event.action.name === "fault-words"
        ? { ...event, action: { ...event.action, words: maskSecrets(keptOf(event.action.words), "(credential)") } }
        : event;
    case "command":
      // A command of the team's names a place or an id: a digit less of it would be another one.
      return { ...event, line: event.author.role === "customer" ? keptOf(event.line) : cleanText(event.line) };
    default:
      return event;
  }
}

type Words = Pick<MessageEvent, "text" | "blocks">;

/** Where there is a card's number in any reading of them, its words are kept without their formatting. */
function keptWords({ text, blocks: given }: Words): Words {
  if (given === undefined) return { text: keptOf(text) };
  const blocks = withWords(given, cleanText);
  const words = wordsWithoutCards(blocks);
  if (words !== null) return { text: words, blocks: undefined };
  const [said, kept] = [cleanText(text), keptOf(text)];
  const isSeen = replyText({ blocks }).trim() !== "";
  const isKept = kept === said && isSeen && countParts(blocks) <= MOST_FORMATTED_PARTS;
  return { text: kept, blocks: isKept ? blocks : undefined };
}

function keptOf(text: string): string {
  return maskCards(cleanText(text));
}
