import type { HandoffReason } from "../ports/stores.js";

/** The fixed sentences of a handoff, but those that a question's own language is known for. None of them holds what a model or a customer wrote, except names. */
export const handoffTexts = {
  handedOverFault: (reference: string) =>
    `Something went wrong on our side, so I've passed your question to a person on the team. They'll answer you right here. (Reference ${reference})`,
  changed: (text: string) => `Changed an earlier message. It now says:\n${text}`,
  deleted: (customer: string) => `${customer} has deleted one of their messages. It is in the transcript no longer.`,
  unchangedForCustomer:
    "Changing or deleting a message here changes nothing for the customer. To correct it, write a new one.",
  notDone: (reference: string) =>
    `That didn't work because of a fault on our side. Please try once more. (Reference ${reference})`,
  unreachable:
    "I couldn't reach the team just now, so nobody has seen your question yet. Please ask again in a while; I can try to help meanwhile.",
  faultWhileHandedOver: (reference: string) =>
    `A message of the customer could not be passed on because of a fault on our side; it is in the transcript. (Reference ${reference})`,
  unsentToAgents: (reference: string) =>
    `Your message may not have reached the team. Please send it once more. (Reference ${reference})`,
  unsentToCustomer: (reference: string) =>
    `This may not have reached the customer. Please look, and send it once more. (Reference ${reference})`,
  unsentCard: (reference: string) => `A part of this card could not be shown. (Reference ${reference})`,
  unsentAnswer: (customer: string, reference: string) =>
    `The bot's answer to ${customer} may not have reached them. (Reference ${reference}) They had asked:`,
  joined: (agent: string) => `${agent} has joined and will help you from here.`,
  solved: (agent: string) => `${agent} has marked this as solved. If anything is left, just write again.`,
  claimedNotice: (agent: string) => `${agent} has claimed this. Replies here go to the customer.`,
  resolvedNotice: (agent: string) => `${agent} has resolved this.`,
  note: (agent: string, text: string) => `Internal note by ${agent}, not sent to the customer:\n${text}`,
  refused: {
    closed: "This handoff is closed, so nothing was sent to the customer.",
    "claimed-by-other": (agent: string) => `${agent} has claimed this, so nothing was sent to the customer.`,
    "already-yours": "You have already claimed this.",
    "not-claimed": "Claim this first.",
    "not-an-agent": "Only the support team can write here, so nothing was sent to the customer.",
  },
} as const;

/** Why a conversation was handed over, for the agents' card. */
export const reasonTexts: Readonly<Record<HandoffReason, string>> = {
  "low-confidence": "The bot was not sure enough of its answer.",
  "nothing-found": "The documents don't seem to cover this.",
  "documents-do-not-say": "The documents found don't answer this.",
  "still-unclear": "The question was still unclear after the bot had asked back.",
  "user-asked": "The customer asked for a person.",
  "policy-topic": "The settings have people answer this topic.",
  "account-action": "The customer wants something done with their account or case.",
  "not-grounded": "The drafted answer was not supported by the documents.",
  "model-down": "The model gave no answer.",
  "budget-spent": "What may be spent on the bot's answers in a day is spent.",
  fault: "The bot failed on this message.",
};
