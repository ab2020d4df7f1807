import { z } from "zod";
import { ChatPlatformError } from "../../src/ports/chat.js";
import { emailDomain } from "../../src/text/email-domain.js";
import type { SlackCall } from "./slack-api.js";

/** Shown for somebody whose name Slack did not tell in time. */
export const UNKNOWN_NAME = "Slack user";

/** How long an event may wait for a name. */
const PATIENCE_MS = 400;
const KEEP = 2_000;
const FRESH_MS = 3_600_000;
/** Whoever acts as an agent is looked up again after so long: one who is a guest now, or gone, has no say any more. */
export const AGENT_FRESH_MS = 15_000;
/** After Slack did not answer in time, nobody asks again for this long: events must not queue up behind it. */
const PAUSE_MS = 30_000;

const userSchema = z.object({
  user: z.object({
    real_name: z.string().nullish(),
    name: z.string().nullish(),
    is_stranger: z.boolean().nullish(),
    is_restricted: z.boolean().nullish(),
    is_ultra_restricted: z.boolean().nullish(),
    deleted: z.boolean().nullish(),
    profile: z
      .object({ display_name: z.string().nullish(), real_name: z.string().nullish(), email: z.string().nullish() })
      .nullish(),
  }),
});

export interface Person {
  readonly displayName: string;
  /**
   * `outsider`: of another organisation in a shared channel, a guest, or one whose account was closed. `unknown` while Slack does not say: the person
   * is then shown nothing that is not for everybody.
   */
  readonly standing: "member" | "outsider" | "unknown";
  /** Of their e-mail address, where the app may read it; of people of other organisations Slack never tells. */
  readonly emailDomain: string | null;
}

const NOBODY: Person = { displayName: UNKNOWN_NAME, standing: "unknown", emailDomain: null };

/** Names of people, remembered for an hour. Never throws, never takes longer than {@link PATIENCE_MS}. */
export class People {
  readonly #call: SlackCall;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, { readonly person: Person; readonly since: number }>();
  readonly #asking = new Map<string, Promise<Person>>();
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(call: SlackCall, nowMs: () => number = () => performance.now()) {
    this.#call = call;
    this.#nowMs = nowMs;
  }

  /** @param freshMs how old what is remembered may be */
  async find(userId: string, freshMs = FRESH_MS): Promise<Person> {
    const known = this.#known.get(userId);
    const now = this.#nowMs();
    if (known !== undefined && now - known.since < freshMs) return known.person;
    if (now < this.#pausedUntil) return known?.person ?? NOBODY;
    const asking = this.#asking.get(userId) ?? this.#ask(userId);
    this.#asking.set(userId, asking);
    try {
      return await asking;
    } catch (error) {
      this.#pause(error);
      return known?.person ?? NOBODY;
    } finally {
      this.#asking.delete(userId);
    }
  }

  async #ask(userId: string): Promise<Person> {
    const { user } = await this.#call("users.info", { user: userId }, userSchema, AbortSignal.timeout(PATIENCE_MS));
    const names = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name];
    const displayName = names.find((name) => typeof name === "string" && name.trim() !== "")?.trim() ?? UNKNOWN_NAME;
    const isOutsider = [user.is_stranger, user.is_restricted, user.is_ultra_restricted, user.deleted].includes(true);
    const domain = emailDomain(user.profile?.email);
    const person: Person = { displayName, standing: isOutsider ? "outsider" : "member", emailDomain: domain };
    this.#known.delete(userId);
    this.#known.set(userId, { person, since: this.#nowMs() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEEP && oldest !== undefined) this.#known.delete(oldest);
    return person;
  }

  #pause(error: unknown): void {
    // Slack's answer about one person says nothing about the next; silence does, and a token that may not ask.
    if (error instanceof ChatPlatformError && (error.failure === "not-found" || error.failure === "rejected")) return;
    const waitMs = error instanceof ChatPlatformError ? (error.retryAfterMs ?? PAUSE_MS) : PAUSE_MS;
    this.#pausedUntil = this.#nowMs() + waitMs;
  }
}
