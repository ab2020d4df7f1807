import type { Clock } from "../ports/clock.js";
import type { NewId } from "../ports/ids.js";
import type { KnowledgeSearch, VerifiedAnswers } from "../ports/knowledge.js";
import type { AnswerModel, GroundingJudge, QuestionRewriter, Reranker } from "../ports/models.js";
import type { AnswerSettings, EstimateConfidence } from "./contract.js";
import type { Research } from "./research/settings.js";

/** What an answer is made with. */
export interface AnsweringParts {
  readonly search: KnowledgeSearch;
  readonly verified: VerifiedAnswers;
  readonly model: AnswerModel;
  /** Asked about follow-ups only; null leaves them to the rule. */
  readonly rewriter: QuestionRewriter | null;
  /** Orders what was found anew; null leaves the order of the search. */
  readonly reranker: Reranker | null;
  /** Takes out what a draft's passages do not support; without one the local check stands alone. */
  readonly judge?: GroundingJudge | null;
  /** Looks further where the first search is not sure; null keeps to one search. */
  readonly research?: Research | null;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly settings: AnswerSettings;
  readonly estimateConfidence: EstimateConfidence;
}
