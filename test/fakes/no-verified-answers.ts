import type { VerifiedAnswers } from "../../src/ports/knowledge.js";

/** A tenant without questions and answers. */
export const noVerifiedAnswers: VerifiedAnswers = { find: () => Promise.resolve(null) };
