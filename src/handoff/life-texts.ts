import type { HandoffHolder } from "../ports/handoffs.js";
import { shortTime } from "./short-time.js";
import type { AgentsTextName, HandoffRefusal } from "./state-machine.js";

/** What agents are told in their thread. */
export interface LifeNews {
  /** Who did it. */
  readonly actor: string;
  readonly holder: HandoffHolder | null;
  readonly snoozedUntil: Date | null;
  /** The team that it has gone to. */
  readonly team?: string | null;
  /** When what is overdue was due. */
  readonly dueAt?: Date | null;
}

export function agentsLifeText(name: AgentsTextName, news: LifeNews): string {
  const { actor, holder, snoozedUntil, team } = news;
  const whose = holder?.displayName ?? "the team";
  switch (name) {
    case "claimed":
      return `${actor} has claimed this. Replies here go to the customer.`;
    case "released":
      return `${actor} has let go of this. It waits for somebody to claim it.`;
    case "assigned":
      return whose === actor
        ? `${actor} has taken this over. Replies here go to the customer.`
        : `${actor} has given this to ${whose}. Their replies here go to the customer.`;
    case "moved":
      return `${actor} has passed this on to ${team ?? "another team"}. What the customer writes goes there.`;
    case "reassigned":
      return `Nobody here has taken this, so it has gone to ${team ?? "another team"}. What the customer writes goes there.`;
    case "snoozed":
      return `${actor} has snoozed this until ${snoozedUntil === null ? "later" : shortTime(snoozedUntil)}.`;
    case "woken":
      return `The snooze is over. ${whose}, it is your turn.`;
    case "woken-by-customer":
      return `The customer has written, so the snooze is over. ${whose}, it is your turn.`;
    case "resolved":
      return `${actor} has resolved this. The customer is asked whether it is solved.`;
    case "returned":
      return `${actor} has handed this back to the bot.`;
    case "reopened":
      return `${actor} has opened this again. Replies here go to the customer.`;
    case "not-solved":
      return "The customer says that it isn't solved. It waits for somebody to claim it.";
    case "confirmed":
      return "The customer says that it is solved.";
    case "reminder":
      return "The customer still waits, and nobody has claimed this.";
    case "idle":
      return `${whose}, the customer still waits for you.`;
    case "first-reply-overdue":
      return `The customer has had no reply yet: it was due${byThen(news)}.`;
    case "resolution-overdue":
      return `This is not resolved yet: it was to be${byThen(news)}.`;
    case "expired":
      return "Nobody has claimed this in time, so it has expired, and the customer was told.";
  }
}

function byThen({ dueAt = null }: LifeNews): string {
  return dueAt === null ? " by now" : ` by ${shortTime(dueAt)}`;
}

/** Why nothing came of what an agent did. */
export function refusalText(
  reason: HandoffRefusal | "not-an-agent" | "another-open",
  holder: HandoffHolder | null,
): string {
  switch (reason) {
    case "closed":
      return "This handoff is closed, so nothing was sent to the customer. `!reopen` opens it again.";
    case "claimed-by-other":
      return `${holder?.displayName ?? "Somebody else"} has claimed this, so nothing was sent to the customer.`;
    case "already-yours":
      return "You have already claimed this.";
    case "not-claimed":
      return "Claim this first.";
    case "still-open":
      return "This handoff is open already.";
    case "in-the-past":
      return "That time is over already, so nothing was snoozed.";
    case "not-an-agent":
      return "Only the support team can write here, so nothing was sent to the customer.";
    case "another-open":
      return "The customer has another handoff that is open, so this one stays closed.";
  }
}
