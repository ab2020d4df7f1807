import type { JsonObject } from "./json.js";

/** A workspace in which the app is installed. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly scopes: Set<string>;
  readonly events: ReadonlySet<string>;
  installed: boolean;
}

export interface Person {
  readonly id: string;
  readonly teamId: string;
  readonly handle: string;
  readonly name: string;
  readonly email: string | null;
  readonly isBot: boolean;
  readonly isGuest: boolean;
  /** From a workspace in which the app is not installed. */
  readonly isExternal: boolean;
  readonly isDeactivated: boolean;
}

export type ChannelKind = "public" | "private" | "im";

export interface Channel {
  readonly id: string;
  /** The workspaces that see it; more than one for a channel shared between them. The first one owns it. */
  readonly teamIds: readonly string[];
  readonly name: string;
  readonly kind: ChannelKind;
  readonly members: Set<string>;
  readonly isShared: boolean;
  isArchived: boolean;
  readonly messages: Map<string, Message>;
}

export interface StreamState {
  readonly startedAt: number;
  phase: "open" | "finished" | "expired" | "stopped-by-user";
  markdown: string;
  /** Blocks and tasks that came as chunks, shown below the text. */
  readonly blocks: JsonObject[];
}

export interface Message {
  readonly ts: string;
  readonly channelId: string;
  readonly threadTs: string | null;
  readonly userId: string;
  readonly teamId: string;
  readonly botId: string | null;
  /** The name shown instead of the author's own. */
  readonly username: string | null;
  /** Only this person sees it. */
  readonly ephemeralTo: string | null;
  readonly subtype: string | null;
  text: string;
  blocks: readonly JsonObject[];
  metadata: JsonObject | null;
  edited: { readonly user: string; readonly ts: string } | null;
  stream: StreamState | null;
  /** Slack makes `@channel` and bare addresses live in the text. */
  readonly parsesFully: boolean;
  readonly reactions: Map<string, Set<string>>;
  readonly files?: readonly SharedFile[];
}

/** A file that lies in a workspace. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Null until they were uploaded. */
  bytes: Buffer | null;
  /** What was announced. */
  readonly length: number;
  readonly ownerId: string;
  /** Where it is shown, by channel. */
  readonly shares: Map<string, string[]>;
}
