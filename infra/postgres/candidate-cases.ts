import { changeWords } from "./ended-candidates.js";

/** A condition on `candidate_case as solved`: it is one of the `candidate` around it. */
export const OWN_CASES = "solved.candidate_id = candidate.id and solved.tenant_id = current_tenant()";

/** A condition on `candidate`. */
export const IS_EMPTY = `not exists (select from candidate_case as solved where ${OWN_CASES})`;

/**
 * A statement that gives candidates the words of their first case.
 * @param which a condition on `candidate`, with the statement's own parameters
 */
export function rewordCandidates(which: string): string {
  return changeWords(`
  update candidate set question = oldest.question, answer = oldest.answer, updated_at = clock_timestamp()
    from (select distinct on (candidate_id) candidate_id, question, answer from candidate_case
           where tenant_id = current_tenant() order by candidate_id, created_at, handoff_id) as oldest
   where oldest.candidate_id = candidate.id and candidate.tenant_id = current_tenant() and ${which}`);
}
