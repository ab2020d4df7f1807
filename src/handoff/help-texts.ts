/** What agents are told about the help that they ask for. */
export const helpTexts = {
  suggested: "Suggested reply, not sent.",
  sent: (agent: string) => `${agent} has sent the suggestion to the customer.`,
  noSuggestionYet: "Nothing was suggested yet, so nothing was sent to the customer. `!suggest` asks for a draft.",
  answeredSince:
    "Somebody has answered the customer since this was suggested, so nothing was sent. `!suggest` asks for a new draft.",
  outdated:
    "The customer's question is another one by now, so the suggestion was not sent. `!suggest` asks for a new draft.",
  nothingAsked: "The customer has asked nothing yet that a reply could be drafted for.",
  sentReply: (agent: string, name: string) => `${agent} has sent the reply “${name}” to the customer:`,
  noReplies: "No replies are set up. They are written in `deskhand.yaml`, under `handoff.replies`.",
  foundNothing: (words: string) => `Nothing that the customer may read was found for “${words}”.`,
  found: (words: string) => `Found for “${words}”, not sent to the customer:`,
} as const;

const NO_DRAFT: ReadonlyMap<string, string> = new Map([
  ["model-down", "The model gave no answer just now, so there is no suggestion. Ask again in a while."],
  ["budget-spent", "What may be spent on the bot's answers in a day is spent, so there is no suggestion."],
  ["nothing-found", "The documents that the customer may read don't seem to cover this, so there is no suggestion."],
  ["documents-do-not-say", "The documents found don't answer this, so there is no suggestion."],
  ["not-grounded", "The bot's draft was not supported by the documents, so there is no suggestion."],
  ["still-unclear", "The question is still unclear after the bot had asked back, so there is no suggestion."],
]);

/** Why there is no draft, by the reason that the answering gives. */
export function noDraftText(reason: string): string {
  return NO_DRAFT.get(reason) ?? "The bot has nothing to suggest here.";
}
