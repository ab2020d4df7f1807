import { z } from "zod";
import { ChatPlatformError } from "../../src/ports/chat.js";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { orAbort } from "../../src/ports/or-abort.js";
import { emailDomain } from "../../src/text/email-domain.js";
import type { TeamsAddress } from "./address.js";
import { isNotOnList } from "./platform-error.js";

/** How long an event may wait for the answer. */
const PATIENCE_MS = 800;
const KEEP = 10_000;
const FRESH_MS = 600_000;
/** Whoever acts as an agent is looked up again after so long: one who was removed has no say any more. */
export const AGENT_FRESH_MS = 15_000;
/** A failure is good for so long. After silence nobody is asked about for as long: events must not queue up behind it. */
const PAUSE_MS = 15_000;

/** What Bot Connector tells of a member of a conversation. Which of it is there depends on the person and the tenant. */
const memberSchema = z.object({
  userRole: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  email: z.string().nullish(),
  tenantId: z.string().nullish(),
});
type Member = z.infer<typeof memberSchema>;

/** `outsider`: a guest, somebody anonymous, or of another organisation. */
export type Membership = "member" | "outsider";

export interface Person {
  /**
   * `unknown` while Teams does not say: the person is then shown nothing that is not for everybody. `gone`: Teams says that
   * they are not on the list.
   */
  readonly standing: Membership | "gone" | "unknown";
  /** What Teams said last, whenever that was; null while it has not said. */
  readonly lastKnown: Membership | null;
  /** Of their e-mail address, where Teams tells it. */
  readonly emailDomain?: string;
}

const NOBODY: Person = { standing: "unknown", lastKnown: null };
const GONE: Person = { standing: "gone", lastKnown: null };

export interface PeopleDeps {
  /** Resolves with one member of the conversation, unread. @throws {ChatPlatformError} */
  readonly lookUp: (roster: TeamsAddress, memberId: string, signal: AbortSignal) => Promise<unknown>;
  readonly logger: Logger;
  readonly patienceMs?: number | undefined;
  readonly nowMs?: () => number;
}

interface Known {
  readonly person: Person;
  readonly since: number;
}

/** Who of a Microsoft 365 tenant's users is one of its own people: a message does not say. Remembered for ten minutes. */
export class People {
  readonly #deps: PeopleDeps;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<Person>>();
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? (() => performance.now());
  }

  /**
   * Never throws, never takes longer than {@link PATIENCE_MS}. `roster` is a conversation that the person is in.
   *
   * @param freshMs how old what is remembered may be
   */
  async find(roster: TeamsAddress, memberId: string, freshMs = FRESH_MS): Promise<Person> {
    const key = `${roster.tenantId}/${memberId}`;
    const known = this.#known.get(key);
    const now = this.#nowMs();
    if (known !== undefined && now - known.since < this.#goodForMs(known, freshMs)) return known.person;
    const lastKnown = known?.person.lastKnown ?? null;
    if (now < this.#pausedUntil) return { ...NOBODY, lastKnown };
    const asking = this.#asking.get(key) ?? this.#ask(key, roster, memberId, lastKnown);
    this.#asking.set(key, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(key);
    }
  }

  async #ask(key: string, roster: TeamsAddress, memberId: string, lastKnown: Membership | null): Promise<Person> {
    const signal = AbortSignal.timeout(this.#deps.patienceMs ?? PATIENCE_MS);
    try {
      // The look-up itself may still be waiting for a token.
      const member = memberSchema.parse(await orAbort(this.#deps.lookUp(roster, memberId, signal), signal));
      const standing = standingOf(member, roster.tenantId);
      if (standing === null) return this.#keep(key, NOBODY);
      const domain = domainOf(member);
      const person: Person = { standing, lastKnown: standing };
      return this.#keep(key, domain === null ? person : { ...person, emailDomain: domain });
    } catch (error) {
      this.#deps.logger.warn("teams person not looked up", { platform: "teams", code: failureOf(error) });
      if (signal.aborted || concernsEverybody(error)) this.#pausedUntil = this.#nowMs() + waitAfter(error);
      const isGone = error instanceof ChatPlatformError && error.failure === "not-found";
      if (isNotOnList(error)) return this.#keep(key, GONE);
      return this.#keep(key, isGone ? NOBODY : { ...NOBODY, lastKnown });
    }
  }

  #goodForMs({ person }: Known, freshMs: number): number {
    return person.standing === "unknown" || person.standing === "gone" ? PAUSE_MS : freshMs;
  }

  #keep(key: string, person: Person): Person {
    this.#known.delete(key);
    this.#known.set(key, { person, since: this.#nowMs() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEEP && oldest !== undefined) this.#known.delete(oldest);
    return person;
  }
}

/** A guest's principal name is of the tenant that they are a guest in. */
function domainOf({ email, userPrincipalName }: Member): string | null {
  const isGuestAccount = (userPrincipalName ?? "").toUpperCase().includes("#EXT#");
  return emailDomain(email) ?? (isGuestAccount ? null : emailDomain(userPrincipalName));
}

/**
 * Null when it cannot be told. Teams has been seen to call guests users, too, so the role alone makes nobody a member: the
 * principal name of a guest's account in the tenant carries `#EXT#`.
 */
function standingOf({ userRole, userPrincipalName, tenantId }: Member, ownTenantId: string): Membership | null {
  const role = (userRole ?? "").toLowerCase();
  const principal = (userPrincipalName ?? "").toLowerCase();
  const home = (tenantId ?? "").toLowerCase();
  const isOutsider =
    (role !== "" && role !== "user") || principal.includes("#ext#") || (home !== "" && home !== ownTenantId);
  if (isOutsider) return "outsider";
  return principal === "" || home === "" ? null : "member";
}

/** A refusal about one person or one conversation says nothing about the next. */
function concernsEverybody(error: unknown): boolean {
  return error instanceof ChatPlatformError && (error.failure === "rate-limited" || error.failure === "auth");
}

function waitAfter(error: unknown): number {
  return error instanceof ChatPlatformError ? (error.retryAfterMs ?? PAUSE_MS) : PAUSE_MS;
}

function failureOf(error: unknown): string {
  return error instanceof ChatPlatformError ? error.failure : errorCode(error);
}
