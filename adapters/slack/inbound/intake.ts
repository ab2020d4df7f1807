import type { SlackIdentity } from "../identity.js";

/** What somebody who typed a slash command is told at once, and nobody else. */
export interface CommandReply {
  readonly text: string;
}

/**
 * What comes in from Slack, signed and acknowledged by others. Each resolves when what mattered is stored.
 * @throws when it could not be stored: then nothing may be acknowledged.
 */
export interface SlackIntake {
  message(body: unknown, event: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<void>;
  reaction(body: unknown, event: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<void>;
  command(body: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<CommandReply>;
  action(body: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<void>;
  /** Resolves with what is wrong with the form's fields, by block; null when it was taken. */
  view(body: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<Readonly<Record<string, string>> | null>;
}
