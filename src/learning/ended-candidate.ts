import type { EndedCandidate } from "../ports/candidates.js";
import { assertNever } from "../ports/errors.js";

/** What became of a candidate that is no more, to be followed by the one that has its handoffs now where there is one. */
export function endedWords({ ending }: Pick<EndedCandidate, "ending">): string {
  switch (ending) {
    case "merged":
      return "This candidate was put together with another one.";
    case "erased":
      return "This candidate is gone: what it was learned from was deleted.";
    case "read-again":
      return "This candidate is gone: its handoff was opened again, and what it teaches is learned anew.";
    default:
      return assertNever(ending);
  }
}
