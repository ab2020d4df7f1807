import type { AnswerCaseStore } from "./answer-cases.js";
import type { CandidateStore } from "./candidates.js";
import type { GapStore } from "./gaps.js";

/** What is learned from, and what was. */
export interface LearningStores {
  readonly candidates: CandidateStore;
  readonly answerCases: AnswerCaseStore;
  readonly gaps: GapStore;
}
