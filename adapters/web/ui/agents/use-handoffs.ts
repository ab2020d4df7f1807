import type { HandoffView, MessageView, QueueView } from "../../api.js";
import type { LiveNews } from "../state/live.js";
import { useResource } from "../state/resource.js";

export interface Handoffs {
  readonly isLoaded: boolean;
  /** How many wait for somebody. */
  readonly waiting: number;
  /** Oldest first: who has waited longest comes first. */
  readonly open: readonly HandoffView[];
  /** Newest first. */
  readonly closed: readonly HandoffView[];
  /** How many are listed where there are more; null when these are all. */
  readonly cutAt: number | null;
  /** What else the bot told, newest first. */
  readonly notices: readonly MessageView[];
}

const OPEN: ReadonlySet<HandoffView["state"]> = new Set(["waiting", "claimed", "snoozed", "reopened"]);
const NEEDS_SOMEBODY: ReadonlySet<HandoffView["state"]> = new Set(["waiting", "reopened"]);

const concernsHandoffs = (news: LiveNews) => news.topic === "handoffs";

/** The agents' queue, kept up to date. */
export function useHandoffs(): Handoffs {
  const { data } = useResource<QueueView>("/api/handoffs", concernsHandoffs);
  const all = data?.handoffs ?? [];
  return {
    isLoaded: data !== null,
    waiting: all.filter(({ state }) => NEEDS_SOMEBODY.has(state)).length,
    open: all.filter(({ state }) => OPEN.has(state)),
    closed: all.filter(({ state }) => !OPEN.has(state)),
    cutAt: data?.isCut === true ? all.length : null,
    notices: data?.notices ?? [],
  };
}
