import { z } from "zod";
import { cleanText } from "../../../src/answering/text/clean-text.js";
import type { Author, ConversationRef, InboundEvent } from "../../../src/ports/chat.js";
import type { Clock } from "../../../src/ports/clock.js";
import { MOST_FILES } from "../../../src/handoff/files/file-rules.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import { AGENTS_CHANNEL } from "../stored-chat-adapter.js";
import { agentId, LONGEST_MESSAGE } from "../api.js";
import type { Session } from "./sessions.js";

/** Both sides of the console read what is public, and nothing else. */
export const CONSOLE_AUDIENCE: readonly string[] = ["public"];

const CUSTOMER_NAME = "Visitor";

/** Made by the page, so that sending the same thing again is harmless. */
export const pageIdSchema = z.uuid("is not a UUID").transform((id) => id.toLowerCase());

/** As the core reads it: what a route decides by the words, the core decides alike. */
const words = z.string("is missing").overwrite(cleanText).trim();

export const textSchema = words.min(1, "is empty").max(LONGEST_MESSAGE, `is longer than ${LONGEST_MESSAGE} characters`);

/** What may stand beside files: nothing, too. */
export const textBesideFilesSchema = words.max(LONGEST_MESSAGE, `is longer than ${LONGEST_MESSAGE} characters`);

/** Files that were put there before, by their ids. */
export const fileIdsSchema = z
  .array(z.uuid("is not a UUID"))
  .max(MOST_FILES, `are more than ${MOST_FILES}`)
  .default([]);

export function saysSomething({ text, files }: { readonly text: string; readonly files: readonly string[] }): boolean {
  return text !== "" || files.length > 0;
}

export const agentNameSchema = z
  .string("is missing")
  .trim()
  .min(1, "is empty")
  .max(40, "is longer than 40 characters")
  .regex(/^[\p{L}\p{M}\p{N} .'’-]+$/u, "has characters that a name cannot have");

export function customerAuthor(session: Session): Author {
  return { id: `web:${session.id}`, displayName: CUSTOMER_NAME, role: "customer", isBot: false };
}

/**
 * An agent as an admin's page names them. The session is verified, the name is not: admins share one console, and their
 * names tell them apart for the customer and for each other.
 */
export function agentAuthor(name: string): Author {
  return { id: agentId(name), displayName: name, role: "agent", isBot: false };
}

/**
 * A session names its own conversations by number, so that it cannot name anybody else's.
 * @throws {NotFoundError} for anything but 1 to 999999.
 */
export function customerConversation(installationId: string, session: Session, number: string): ConversationRef {
  if (!/^[1-9]\d{0,5}$/u.test(number)) throw new NotFoundError("a conversation is named by its number");
  return { installationId, key: `${customerPrefix(session)}${number}` };
}

/** The number of a session's own conversation; null for every other key. */
export function ownConversationNumber(session: Session, key: string): number | null {
  const prefix = customerPrefix(session);
  return key.startsWith(prefix) ? Number(key.slice(prefix.length)) : null;
}

type Envelope = Omit<InboundEvent, "kind">;

/** What all events of the console have in common. The id comes from the page, so a resend is a duplicate. */
export function envelope(
  kind: InboundEvent["kind"],
  id: string,
  author: Author,
  conversation: ConversationRef,
  clock: Clock,
): Envelope {
  return {
    eventId: `${kind}:${id}`,
    conversation,
    channelId: author.role === "agent" ? AGENTS_CHANNEL : conversation.key,
    messageId: id,
    revision: 0,
    occurredAt: clock.now(),
    author,
    audience: CONSOLE_AUDIENCE,
  };
}

function customerPrefix(session: Session): string {
  return `customer/${session.id}/`;
}
