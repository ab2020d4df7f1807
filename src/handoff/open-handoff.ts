import { asksSomething } from "../answering/policy/fed-up.js";
import { plainReply } from "../ports/reply.js";
import type { CoreStores, DeliveryCause, EarlierEntry } from "../ports/stores.js";
import { AgentsUnreachableError } from "./agents-channel.js";
import { askedBefore, SUMMED_UP } from "./asked-before.js";
import { startTimers } from "./change-handoff.js";
import type { HandoffRules } from "./handoff-scene.js";
import { chooseTeam, type ToBeHandedOver } from "./choose-team.js";
import { conversationLanguage } from "./conversation-language.js";
import { handoffCard, type HandoffCardContent } from "./handoff-card.js";
import { dueWords, targetsOf } from "./change-targets.js";
import { lastAsked } from "./last-asked.js";
import { whatToExpect } from "./what-to-expect.js";

export interface HandoffOpening extends ToBeHandedOver {
  readonly cause: DeliveryCause;
  readonly customerName: string;
  /** Told to the customer. The handoff exists before this sentence does. */
  readonly toCustomer: string;
}

export interface HandoffOpener {
  /** False while nobody can say where the team works that it would go to, nor where the fallback team does. */
  isReachable(stores: CoreStores, asked: ToBeHandedOver): Promise<boolean>;
  /**
   * Opens the handoff, tells the customer and posts the card to the team that the rules say. Resolves with the
   * conversations that have posts due.
   * @throws {AgentsUnreachableError} where it is not reachable
   */
  open(stores: CoreStores, opening: HandoffOpening): Promise<readonly string[]>;
}

/** Whoever wants a person, or has had enough, has said before what it is about. */
function isAbout(
  words: string,
  history: readonly EarlierEntry[],
): Pick<HandoffCardContent, "question" | "words" | "before"> {
  const question = asksSomething(words) ? words : (lastAsked(history)?.question ?? words);
  return { question, words: question === words ? null : words, before: askedBefore(history, question) };
}

export function createHandoffOpener(rules: HandoffRules): HandoffOpener {
  const bot = { role: "bot", name: rules.botName } as const;
  return {
    isReachable: async (stores, asked) => (await chooseTeam(rules, stores, asked)) !== null,
    async open(stores, opening) {
      const { lease, cause, question, reason, answer, customerName, tried } = opening;
      const handoffId = rules.newId();
      const team = await chooseTeam(rules, stores, opening);
      if (team === null) throw new AgentsUnreachableError("no team can be reached yet");
      const { conversationId } = lease;
      const [channelConversationId, history, more] = await Promise.all([
        stores.conversations.ensure(team.channel),
        stores.conversations.earlier(conversationId, SUMMED_UP),
        conversationLanguage(stores, conversationId, question).then((language) =>
          whatToExpect(rules, stores, team.name, language),
        ),
      ]);
      const about = isAbout(question, history);
      const targets = targetsOf(rules, team.name);
      const content = { handoffId, customerName, ...about, reason, answer, tried, team: team.name };
      const card = handoffCard({ ...content, due: dueWords(targets) });
      const common = { cause, operation: "post", targetDeliveryId: null, speaker: bot } as const;
      const cardDelivery = {
        ...common,
        conversationId: channelConversationId,
        purpose: "handoff-card",
        reply: card,
      } as const;
      const [cardDeliveryId] = await stores.deliveries.add([cardDelivery]);
      if (cardDeliveryId === undefined) throw new Error("unreachable: one delivery in, one id out");
      const agentConversationId = await stores.conversations.startedBy(cardDeliveryId, team.channel.installationId);
      const at = rules.clock.now();
      const toCustomer = more === null ? opening.toCustomer : `${opening.toCustomer} ${more}`;
      const actor = { id: "bot", displayName: rules.botName, role: "bot" } as const;
      const handoff = await stores.handoffs.open(
        {
          handoffId,
          conversationId,
          agentConversationId,
          cardDeliveryId,
          reason,
          question: about.question,
          customerName,
          answerId: answer?.answerId ?? null,
          team: team.name,
          customerId: opening.customerId,
        },
        actor,
        team.why,
      );
      const said = { speaker: "bot", name: rules.botName, text: toCustomer, at } as const;
      await Promise.all([
        startTimers({ rules, stores, tenantId: lease.tenantId, handoff, actor, cause }, targets),
        stores.deliveries.add([{ ...common, conversationId, purpose: "reply", reply: plainReply(toCustomer) }]),
        stores.conversations.append(conversationId, cause, said),
      ]);
      return [conversationId, channelConversationId];
    },
  };
}
