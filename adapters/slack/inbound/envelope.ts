import { z } from "zod";
import type { InboundSink, Participation } from "../../../src/ports/chat.js";
import type { People } from "../people.js";
import type { AuthorSettings } from "./authors.js";

export interface MessageIntakeDeps extends AuthorSettings {
  readonly sink: InboundSink;
  readonly participation: Participation;
  readonly people: People;
  /** Told where somebody spoke to the bot, so that a stream can name its reader. */
  readonly onSpoken: (key: string, speaker: { readonly userId: string; readonly teamId: string }) => void;
}

const envelopeSchema = z.object({
  team_id: z.string().nullish(),
  context_team_id: z.string().nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
  authorizations: z
    .array(z.object({ team_id: z.string().nullish(), is_enterprise_install: z.boolean().nullish() }))
    .nullish(),
});

/** Whether other organisations read along. */
export function isSharedIn(body: unknown): boolean {
  return envelopeSchema.safeParse(body).data?.is_ext_shared_channel === true;
}

/** Whether an event was sent to us for this workspace, and not for another that has the app too. */
export function isForTeam(body: unknown, teamId: string): boolean {
  const parsed = envelopeSchema.safeParse(body);
  if (!parsed.success) return false;
  const { authorizations, context_team_id, team_id } = parsed.data;
  const granted = authorizations ?? [];
  if (granted.length > 0) return granted.some((one) => one.team_id === teamId || one.is_enterprise_install === true);
  return context_team_id === teamId || team_id === teamId;
}
