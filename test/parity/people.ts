import type { JsonObject } from "../fakes/slack/json.js";
import { setTimeout as sleep } from "node:timers/promises";

/** Somebody who asks, on one platform. Every instance is in a conversation of their own. */
export interface Customer {
  ask(text: string): Promise<void>;
  /** Goes on in the same conversation, as people do there: without a mention. */
  followUp(text: string): Promise<void>;
  /** What they see of their conversation. */
  sees(): Promise<string>;
}

/** Where people can change and delete what they have written. */
export interface AmendingCustomer extends Customer {
  /** Changes the words of the first question. */
  edit(text: string): Promise<void>;
  remove(): Promise<void>;
}

/** The agents of one platform. */
export interface Agents {
  /** What they see of the handoff of a question; empty while there is no card. */
  sees(question: string): Promise<string>;
  claim(question: string): Promise<void>;
  reply(question: string, text: string): Promise<void>;
  note(question: string, text: string): Promise<void>;
  resolve(question: string): Promise<void>;
}

/** Agents who change and delete what they have written, known by its words. */
export interface AmendingAgents extends Agents {
  edit(words: string, text: string): Promise<void>;
  remove(words: string): Promise<void>;
  /** The platform delivers the last change once more. */
  editAgain(): Promise<void>;
}

/** Somebody who may run commands; resolves with what they see. */
export interface Administrator {
  run(command: string): Promise<void>;
  sees(): Promise<string>;
}

export interface SentFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface FilingCustomer extends Customer {
  attach(text: string, file: SentFile): Promise<void>;
  /** What the files hold that they got from the agents, oldest first. */
  received(): Promise<readonly Buffer[]>;
}

export interface FilingAgents extends Agents {
  attach(question: string, text: string, file: SentFile): Promise<void>;
  received(question: string): Promise<readonly Buffer[]>;
}

/** Words as the clients of the platforms send them when they are formatted. */
export interface Formatted {
  readonly slack: { readonly text: string; readonly richText: readonly JsonObject[] };
  readonly teams: { readonly text: string; readonly html: string };
}

/** Where people can format what they write. */
export interface FormattingCustomer extends Customer {
  followUpFormatted(words: Formatted): Promise<void>;
}

export interface FormattingAgents extends AmendingAgents {
  replyFormatted(question: string, words: Formatted): Promise<void>;
  /** @param words what the message says so far */
  editFormatted(words: string, changed: Formatted): Promise<void>;
}

const WAIT_MS = 15_000;

/** Waits until what somebody sees matches. */
export async function until(look: () => Promise<string>, pattern: RegExp): Promise<string> {
  const giveUpAt = performance.now() + WAIT_MS;
  for (;;) {
    const seen = await look();
    if (pattern.test(seen)) return seen;
    if (performance.now() > giveUpAt) throw new Error(`nobody ever saw ${String(pattern)}, but:\n${seen}`);
    await sleep(40);
  }
}

/** What an agent does where handoffs are threads of a chat, each under its card. */
interface InThreads {
  sees(question: string): Promise<string>;
  write(question: string, text: string): Promise<void>;
  /** Only called for a button that is shown. */
  press(question: string, label: string): Promise<void>;
}

/** Agents who claim and resolve by button, and whose words are a reply unless they begin with `note:`. */
export function agentsInThreads({ sees, write, press }: InThreads): Agents {
  const pressWhenShown = async (question: string, label: string) => {
    await until(() => sees(question), new RegExp(`\\[${label}\\]`, "u"));
    await press(question, label);
  };
  return {
    sees,
    claim: (question) => pressWhenShown(question, "Claim"),
    reply: write,
    note: (question, text) => write(question, `note: ${text}`),
    resolve: (question) => pressWhenShown(question, "Resolve"),
  };
}
