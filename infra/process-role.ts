/** What a process does: all of it, only taking events in and serving pages, or only the work. */
export type ProcessRole = "all" | "web" | "worker";

export const PROCESS_ROLES: readonly ProcessRole[] = ["all", "web", "worker"];

/** Runs the console and takes events in. */
export function takesEventsIn(role: ProcessRole): boolean {
  return role !== "worker";
}

/** Answers, posts, syncs. */
export function doesTheWork(role: ProcessRole): boolean {
  return role !== "web";
}
