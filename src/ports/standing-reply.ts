import type { Platform, Speaker } from "./chat.js";
import type { Reply } from "./reply.js";

/** A post of a reply that stands on its platform, or will. */
export interface StandingReply {
  readonly deliveryId: string;
  readonly conversationId: string;
  readonly platform: Platform;
  /** As whose words it was posted. */
  readonly speaker: Speaker;
  /** As it was last to be shown. */
  readonly reply: Reply;
}
