import type { HandoffReason } from "../ports/handoffs.js";

/** What the agents are told of a handoff. None of it holds what a model or a customer wrote, except names and where it says so. */
export const handoffTexts = {
  changed: "Changed an earlier message. It now says:",
  gone: (team: string | null) =>
    `This has gone to ${team ?? "another team"}, so nothing was sent to the customer. Its thread is there.`,
  reacted: ({ name, emoji, words }: Readonly<Record<"name" | "emoji" | "words", string>>) =>
    `${name} reacted with ${emoji} to: “${words}”`,
  pressedGone: (team: string | null) =>
    `This has gone to ${team ?? "another team"}, so nothing was done. Its card and its thread are there.`,
  deleted: (customer: string) => `${customer} has deleted one of their messages. It is in the transcript no longer.`,
  faultWhileHandedOver: (reference: string) =>
    `A message of the customer could not be passed on because of a fault on our side; it is in the transcript. (Reference ${reference})`,
  unsentToCustomer: (reference: string) =>
    `This may not have reached the customer. Please look, and send it once more. (Reference ${reference})`,
  unsentCard: (reference: string) => `A part of this card could not be shown. (Reference ${reference})`,
  unsentAnswer: (customer: string, reference: string) =>
    `The bot's answer to ${customer} may not have reached them. (Reference ${reference}) They had asked:`,
  note: (agent: string, text: string) => `Internal note by ${agent}, not sent to the customer:\n${text}`,
} as const;

/** Why a conversation was handed over, for the agents' card. */
export const reasonTexts: Readonly<Record<HandoffReason, string>> = {
  "low-confidence": "The bot was not sure enough of its answer.",
  "nothing-found": "The documents don't seem to cover this.",
  "documents-do-not-say": "The documents found don't answer this.",
  "still-unclear": "The question was still unclear after the bot had asked back.",
  "user-asked": "The customer asked for a person.",
  "policy-topic": "The settings have people answer this topic.",
  "topic-unsure": "The bot was sure enough for most topics, and not for this one.",
  "account-action": "The customer wants something done with their account or case.",
  frustrated: "The customer has had enough of the bot.",
  "asked-again": "The customer asks the same for the third time: the bot's answers don't help.",
  "not-grounded": "The drafted answer was not supported by the documents.",
  "model-down": "The model gave no answer.",
  "budget-spent": "What may be spent on the bot's answers in a day is spent.",
  fault: "The bot failed on this message.",
};
