/** What agents are told about their own replies. A credential that was found is named by its kind and never shown. */
export const relayTexts = {
  heldBack: (kinds: readonly string[], files = 0) =>
    `Not sent to the customer: this message holds ${kinds.join(" and ")}. Nothing of it was kept. Take that out of the message, and it is sent; and replace what others may have read here.${files === 0 ? "" : " Its files were not sent either: send them again."}`,
  takenBackForSecret: (kinds: readonly string[]) =>
    `The customer's copy of that message was taken back: since the change it holds ${kinds.join(" and ")}. Take that out of the message, and it is sent again; and replace what others may have read here.`,
  becameNote: "The customer's copy of that message was taken back: it is an internal note now, and stays one.",
  staysNote: "That message stays an internal note. To send something to the customer, write a new message.",
  wasNotSent: "That message had not gone to the customer, and changing it does not send it. Write a new one.",
  noControl: "Changing a message does nothing that begins with `!`, and the customer still sees what was sent.",
  cannotChange:
    "Where the customer is, messages cannot be changed: they still see what was sent. To correct it, write a new message.",
  unsentChange: (reference: string) =>
    `A change of this reply may not have reached the customer, who may still see what it said before. (Reference ${reference})`,
} as const;
