import { z } from "zod";
import type { SlackCall } from "./slack-api.js";

/** How long what Slack said is taken for true. */
const FRESH_MS = 60_000;
/** How long somebody who waits for it waits at most. */
const PATIENCE_MS = 1_000;

const presenceSchema = z.object({ presence: z.enum(["active", "away"]) });

/** Who is away, as Slack shows them. Whom Slack does not tell of is there. Never throws. */
export class Presence {
  readonly #call: SlackCall;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, { readonly isAway: boolean; readonly since: number }>();

  constructor(call: SlackCall, nowMs: () => number = () => performance.now()) {
    this.#call = call;
    this.#nowMs = nowMs;
  }

  async away(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const found = await Promise.all(userIds.map(async (id) => ((await this.#isAway(id, signal)) ? [id] : [])));
    return new Set(found.flat());
  }

  async #isAway(userId: string, signal: AbortSignal): Promise<boolean> {
    const known = this.#known.get(userId);
    if (known !== undefined && this.#nowMs() - known.since < FRESH_MS) return known.isAway;
    const isAway = await this.#ask(userId, signal);
    this.#known.set(userId, { isAway, since: this.#nowMs() });
    return isAway;
  }

  async #ask(userId: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { presence } = await this.#call("users.getPresence", { user: userId }, presenceSchema, signal);
      return presence === "away";
    } catch {
      return false;
    }
  }
}
