import type { Speaker } from "../ports/chat.js";
import { agentName } from "./agent-names.js";
import { conversationLanguage } from "./conversation-language.js";
import type { HandoffScene } from "./handoff-scene.js";

/** The agent who acts, as their customer sees them. */
export async function shownAgent({
  rules,
  stores,
  handoff,
  actor,
}: Pick<HandoffScene, "rules" | "stores" | "handoff" | "actor">): Promise<Speaker> {
  const { agentNames = "full" } = rules;
  const language = agentNames === "hidden" ? await conversationLanguage(stores, handoff.conversationId) : "en";
  return { role: "agent", name: agentName(agentNames, actor.displayName, language) };
}
