import type { HandoffReason } from "../../ports/handoffs.js";
import type { ConversationTurn } from "../../ports/models.js";
import { isAccountAction } from "../policy/account-action.js";
import { fedUp } from "../policy/fed-up.js";
import { topicsOf, type TopicRule } from "../policy/topics.js";

/** What the house has laid down about questions, whatever the documents say. */
export interface AnswerPolicy {
  readonly topics: readonly TopicRule[];
  /** Thresholds by the platform's id of a channel. */
  readonly channels: ReadonlyMap<string, number>;
  /** Who gets a request to do something with the customer's own account. */
  readonly accountActions: "person" | "answer";
  /** Who gets a customer who has had enough of the bot, or asks the same for the third time. */
  readonly fedUp: "person" | "answer";
}

export const DEFAULT_POLICY: AnswerPolicy = {
  topics: [],
  channels: new Map(),
  accountActions: "person",
  fedUp: "person",
};

export interface PolicyVerdict {
  /** Below this confidence a person answers. */
  readonly threshold: number;
  /** The same without topics. */
  readonly usualThreshold: number;
  /** Why a person answers whatever the confidence; null where the confidence decides. */
  readonly handOff: Extract<HandoffReason, "policy-topic" | "account-action" | "frustrated" | "asked-again"> | null;
  readonly topics: readonly string[];
}

export interface AskedWhere {
  /** As written, and as it was made to stand alone. */
  readonly texts: readonly string[];
  /** What was said before, oldest first. */
  readonly history: readonly ConversationTurn[];
  readonly channelId: string | null;
}

/** The strictest topic counts; a channel's threshold counts where no topic has one. Read from words alone. */
export function applyPolicy(policy: AnswerPolicy, asked: AskedWhere, threshold: number): PolicyVerdict {
  const { texts, channelId } = asked;
  const about = topicsOf(policy.topics, texts);
  const ofTopics = about.flatMap((topic) => (topic.threshold === "person" ? [] : [topic.threshold]));
  const ofChannel = channelId === null ? undefined : policy.channels.get(channelId);
  const usualThreshold = ofChannel ?? threshold;
  return {
    threshold: ofTopics.length === 0 ? usualThreshold : Math.max(...ofTopics),
    usualThreshold,
    handOff: handOffOf(policy, about, asked),
    topics: about.map(({ name }) => name),
  };
}

function handOffOf(
  policy: AnswerPolicy,
  about: readonly TopicRule[],
  { texts, history }: AskedWhere,
): PolicyVerdict["handOff"] {
  if (about.some((topic) => topic.threshold === "person")) return "policy-topic";
  const enough = policy.fedUp === "person" ? fedUp(texts[0] ?? "", history) : null;
  if (enough !== null) return enough;
  return policy.accountActions === "person" && texts.some(isAccountAction) ? "account-action" : null;
}
