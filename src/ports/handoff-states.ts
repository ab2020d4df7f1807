export type HandoffState = "waiting" | "claimed" | "snoozed" | "resolved" | "reopened" | "returned" | "expired";

export type HandoffReason =
  | "low-confidence"
  | "nothing-found"
  /** The model read the passages, and says that they do not answer the question. */
  | "documents-do-not-say"
  /** The customer was asked back once, and the question is still ambiguous. */
  | "still-unclear"
  | "user-asked"
  /** A topic that the house has laid down to be answered by people. */
  | "policy-topic"
  /** Sure enough for most topics, and not for this one. */
  | "topic-unsure"
  /** Something is to be done with the customer's own account or case. */
  | "account-action"
  | "not-grounded"
  | "model-down"
  /** What may be spent on answers in a day is spent. */
  | "budget-spent"
  | "fault";
