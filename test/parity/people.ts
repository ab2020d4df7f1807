import { setTimeout as sleep } from "node:timers/promises";

/** Somebody who asks, on one platform. Every instance is in a conversation of their own. */
export interface Customer {
  ask(text: string): Promise<void>;
  /** Goes on in the same conversation, as people do there: without a mention. */
  followUp(text: string): Promise<void>;
  /** What they see of their conversation. */
  sees(): Promise<string>;
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

/** Somebody who may run commands; resolves with what they see. */
export interface Administrator {
  run(command: string): Promise<void>;
  sees(): Promise<string>;
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
