import type { NewAnswer } from "../ports/stores.js";

/** Those of the house's topics that a question was found to be about. */
export function policyTopics({ stages }: Pick<NewAnswer, "stages">): readonly string[] {
  const topics = stages.find(({ stage }) => stage === "policy")?.output["topics"];
  return Array.isArray(topics) ? topics.map(String) : [];
}
