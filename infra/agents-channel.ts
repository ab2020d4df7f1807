import { AgentsUnreachableError, type AgentsChannel } from "../src/handoff/open-handoff.js";
import type { ConversationRef } from "../src/ports/chat.js";

/** A platform whose agents work in a channel; null until it has said who the bot is there. */
export interface AgentsPlace {
  agentsChannel(): ConversationRef | null;
}

/** Where cards go. @throws {AgentsUnreachableError} until the platform has said who the bot is there. */
export function agentsChannelOf(
  platform: "web" | "slack" | "teams",
  console: ConversationRef,
  places: Readonly<Record<"slack" | "teams", AgentsPlace | null>>,
): AgentsChannel {
  if (platform === "web") return () => console;
  return () => {
    const channel = places[platform]?.agentsChannel() ?? null;
    if (channel === null) throw new AgentsUnreachableError(`${platform} has not been reached yet`);
    return channel;
  };
}
