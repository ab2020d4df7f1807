import { expect } from "vitest";
import { customerText } from "../../src/handoff/customer-texts.js";
import { agentsLifeText } from "../../src/handoff/life-texts.js";
import type { Author, ConversationRef, InboundEvent } from "../../src/ports/chat.js";
import type { MessagePlatform, VisibleMessage } from "../fakes/message-platform.js";
import { actionFrom, ana, cora, messageFrom } from "../support/events.js";
import type { CoreCrew } from "./core-crew.js";
import { eventually, type Facts } from "./outcomes.js";

const bo: Author = { id: "bo", displayName: "Bo", role: "agent", isBot: false };
const cem: Author = { id: "cem", displayName: "Cem", role: "agent", isBot: false };
const RACERS = [ana, bo, cem];

/** How long a busy machine may take for one step of one handoff while cores are killed. */
const STEP_MS = 120_000;
const WORDS_EACH = 3;

/** One customer whom the bot cannot help, and the agents who race for them. */
export class HandoffPlay {
  readonly #crew: CoreCrew;
  readonly #platform: MessagePlatform;
  readonly #below: (limit: number) => number;
  readonly #name: string;
  readonly customer: ConversationRef;
  #card: VisibleMessage | undefined;
  holder: Author | undefined;

  constructor(crew: CoreCrew, platform: MessagePlatform, name: string, below: (limit: number) => number) {
    this.#crew = crew;
    this.#platform = platform;
    this.#name = name;
    this.#below = below;
    this.customer = { installationId: crew.installationId, key: `customer-${name}` };
  }

  get #question(): string {
    return `Unknown number ${this.#name}?`;
  }

  get thread(): ConversationRef {
    return { ...this.customer, key: `agents/${this.#card?.id}` };
  }

  async ask(): Promise<void> {
    await this.#deliver(messageFrom(cora, this.customer, this.#question));
    await this.#until(() => (this.#card = this.#findCard()) !== undefined);
  }

  /** All agents press Claim at the same time, at whichever process; the one whose name the customer is told has it. */
  async raceToClaim(handoffId: string): Promise<void> {
    const claim = { name: "claim", handoffId } as const;
    await Promise.all(RACERS.map((agent) => this.#deliver(actionFrom(agent, this.thread, claim))));
    await this.#until(() => this.#joined().length > 0);
    this.holder = RACERS.find((agent) => this.#joined()[0] === joinedText(agent));
  }

  /** Both write at the same time, each one message after the other. */
  async talk(): Promise<void> {
    const { holder = ana } = this;
    await Promise.all([
      this.#say(holder, this.thread, this.#spoken("agent")),
      this.#say(cora, this.customer, this.#spoken("customer")),
    ]);
    await this.#until(() => this.#seenBy("customer").length + this.#seenBy("agent").length >= 2 * WORDS_EACH);
  }

  async resolve(handoffId: string): Promise<void> {
    const { holder = ana } = this;
    await this.#deliver(actionFrom(holder, this.thread, { name: "resolve", handoffId }));
    await this.#until(() => this.#platform.in(this.thread.key).some(({ text }) => text === resolvedText(holder)));
  }

  /** One claim, every message once and in order on the other side, nothing of anybody else. */
  expectWhole(facts: Facts): void {
    const holder = this.holder?.displayName ?? "nobody";
    expect(facts.handoff, this.#name).toEqual([
      "waiting by Deskhand",
      `claimed by ${holder}`,
      `first reply by ${holder}`,
      `resolved by ${holder}`,
    ]);
    expect(this.#joined(), this.#name).toHaveLength(1);
    expect(this.#seenBy("customer"), this.#name).toEqual(this.#spoken("agent"));
    expect(this.#seenBy("agent"), this.#name).toEqual(this.#spoken("customer"));
    const said = (speaker: string) => facts.transcript.filter((line) => line.startsWith(`${speaker}: `));
    expect(said("agent"), this.#name).toEqual(this.#spoken("agent").map((text) => `agent: ${text}`));
    expect(said("customer"), this.#name).toEqual(
      [this.#question, ...this.#spoken("customer")].map((text) => `customer: ${text}`),
    );
    const others = [this.customer.key, this.thread.key]
      .flatMap((key) => this.#platform.in(key))
      .filter(({ text }) => (/\bnumber (\d+)/u.exec(text)?.[1] ?? this.#name) !== this.#name);
    expect(others, this.#name).toEqual([]);
    expect(this.#refused(), this.#name).toBe(RACERS.length - 1);
  }

  /** How many of those who did not get it were told who has it. */
  #refused(): number {
    const has = `${this.holder?.displayName ?? ""} has claimed this`;
    return this.#platform
      .in(this.thread.key)
      .filter(({ text }) => text.startsWith(has) && text !== claimedText(this.holder ?? ana)).length;
  }

  #findCard(): VisibleMessage | undefined {
    return this.#platform.in("agents").find(({ text }) => text.includes(this.#question));
  }

  #joined(): readonly string[] {
    const texts = RACERS.map(joinedText);
    return this.#platform
      .in(this.customer.key)
      .map(({ text }) => text)
      .filter((text) => texts.includes(text));
  }

  #spoken(speaker: "agent" | "customer"): readonly string[] {
    return Array.from({ length: WORDS_EACH }, (_, index) => `Word ${index} of the ${speaker} of number ${this.#name}.`);
  }

  /** What the one side sees of the other. */
  #seenBy(side: "agent" | "customer"): readonly string[] {
    const key = side === "customer" ? this.customer.key : this.thread.key;
    const speaker = side === "customer" ? "agent" : "customer";
    return this.#platform
      .in(key)
      .filter((message) => message.speaker === speaker)
      .map(({ text }) => text);
  }

  async #say(author: Author, where: ConversationRef, texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.#deliver(messageFrom(author, where, text));
  }

  /** As a platform does: again until it is acknowledged, and now and then once more. */
  async #deliver(event: InboundEvent): Promise<void> {
    await this.#crew.deliver(event);
    if (this.#below(5) === 0) await this.#crew.deliver(event);
  }

  async #until(holds: () => boolean): Promise<void> {
    await eventually(holds, Boolean, STEP_MS);
  }
}

function joinedText({ displayName }: Author): string {
  return customerText("joined", "en", { agent: displayName });
}

function resolvedText(agent: Author): string {
  return agentsLifeText("resolved", newsOf(agent));
}

function claimedText(agent: Author): string {
  return agentsLifeText("claimed", newsOf(agent));
}

function newsOf({ id, displayName }: Author) {
  return { actor: displayName, holder: { id, displayName }, snoozedUntil: null };
}
