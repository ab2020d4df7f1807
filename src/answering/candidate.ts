import { plainReply } from "../ports/reply.js";
import type { Candidate } from "./contract.js";
import type { KnownWords } from "./stages/clarify.js";
import { decideFinally, type FirstDecision } from "./stages/decide.js";
import type { Generation } from "./stages/generate.js";

const FREE: FirstDecision = { kind: "may-answer", mayStream: false };

/** What an agent may be offered: decided as if nothing but the draft itself could keep it from being said. */
export function candidateOf(first: FirstDecision, generation: Generation | null, known: KnownWords): Candidate {
  if (first.kind === "hand-off" && generation === null) return { kind: "none", reason: "nothing-found" };
  const decided = decideFinally(first.kind === "hand-off" ? FREE : first, generation, known);
  if (decided.asked !== undefined) return { kind: "draft", blocks: plainReply(decided.asked).blocks, citations: [] };
  const draft = generation?.draft.result();
  if (draft === undefined || decided.decision !== "answer") return { kind: "none", reason: decided.reason };
  return { kind: "draft", blocks: draft.blocks, citations: draft.citations };
}
