import type { AnswersRun } from "./evaluate-answers.js";
import type { RetrievalRun } from "./evaluate-retrieval.js";

/** What `deskhand eval` found, with the records that it was found from. */
export type EvaluationRun = AnswersRun | RetrievalRun;
