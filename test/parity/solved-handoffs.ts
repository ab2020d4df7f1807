import { expect } from "vitest";
import { replyText } from "../../src/answering/reply-text.js";
import type { LearningCommand } from "../../src/commands/learning-command.js";
import type { Candidate } from "../../src/ports/candidates.js";
import type { Author, ConversationRef } from "../../src/ports/chat.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { Reply } from "../../src/ports/reply.js";
import { eventually } from "../faults/outcomes.js";
import { actionFrom, ana, commandFrom, cora, messageFrom } from "../support/events.js";
import type { RunningProduct } from "./running-product.js";

const unaborted = new AbortController().signal;

/** Customers who ask, agents who answer, and the team that reviews what came of it. */
export class SolvedHandoffs {
  readonly #product: RunningProduct;

  constructor(product: RunningProduct) {
    this.#product = product;
  }

  async #at(key: string): Promise<ConversationRef> {
    const { id } = await this.#product.app.database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "console");
    return { installationId: id, key };
  }

  /** A customer asks in a conversation of their own. Resolves with what the newest answer there is. */
  async ask(question: string) {
    const { app } = this.#product;
    const place = await this.#at(`customer-${newId()}`);
    const { conversationId } = await app.core.sink.accept(messageFrom(cora, place, question), unaborted);
    await this.#product.settled();
    const { installationId, key: conversationKey } = place;
    const answer = await app.operations.explainNewest({ installationId, conversationKey });
    return { place, conversationId, answer };
  }

  /** Handed off, answered by an agent, resolved, and confirmed by the customer. */
  async solve(question: string, replies: readonly string[]): Promise<void> {
    const { app } = this.#product;
    const { place, conversationId, answer } = await this.ask(question);
    expect(answer.decision).toBe("hand-off");
    const { handoffId, agentConversationId } = await app.database.withStores(
      DEFAULT_TENANT,
      async ({ handoffs }) => (await handoffs.newestOf(conversationId))!,
    );
    const { rows } = await app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ key: string }>("select key from conversation where id = $1::uuid", [agentConversationId]),
    );
    const thread = await this.#at(rows[0]!.key);
    const events = [
      ...replies.map((reply) => messageFrom(ana, thread, reply)),
      actionFrom(ana, thread, { name: "resolve", handoffId }),
      actionFrom(cora, place, { name: "solved", handoffId }),
    ];
    for (const event of events) {
      await app.core.sink.accept(event, unaborted);
      await this.#product.settled();
    }
  }

  /** Somebody types a command in a conversation of their own. Resolves with the reply. */
  async type(author: Author, line: string): Promise<string> {
    const { app } = this.#product;
    const typed = commandFrom(author, await this.#at(`commands-${newId()}`), line);
    const { conversationId } = await app.core.sink.accept(typed, unaborted);
    await this.#product.settled();
    const { rows } = await app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ reply: Reply }>("select reply from delivery where conversation_id = $1::uuid", [conversationId]),
    );
    return rows.map(({ reply }) => replyText(reply)).join("\n");
  }

  async run(command: LearningCommand) {
    const { reply, data } = await this.#product.app.operations.manage(command, unaborted);
    return { text: replyText(reply), data };
  }

  /** What waits, once it came out of so many handoffs. */
  async waiting(handoffs: number): Promise<readonly Candidate[]> {
    return eventually(
      async () => (await this.run({ kind: "learn-list", state: "waiting" })).data as readonly Candidate[],
      (candidates) => candidates.reduce((sum, { cases }) => sum + cases.length, 0) === handoffs,
      30_000,
    );
  }
}
