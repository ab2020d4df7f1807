import type { AnswerListener } from "../../src/answering/contract.js";

/** For answers that nobody watches while they are made. */
export const listensToNothing: AnswerListener = {
  stage: () => Promise.resolve(),
  begin: () => Promise.resolve(false),
  sentence: () => Promise.resolve(true),
};
