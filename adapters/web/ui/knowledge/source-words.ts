import type { RunView, SourceView } from "../../api.js";

export type SourceState = "new" | "running" | "paused" | "held" | "failed" | "unread" | "empty" | "done";

const STATES = {
  new: "Never synced",
  running: "Syncing",
  paused: "Paused",
  held: "Needs you",
  failed: "Failed",
  empty: "Empty",
  done: "Up to date",
} as const;

/** What is most worth knowing of a source. A sync that ended and left something unread is not up to date. */
export function stateOf({ lastRun, pausedAt, documents }: SourceView): SourceState {
  if (lastRun?.state === "running") return "running";
  if (pausedAt !== null) return "paused";
  if (lastRun === null) return "new";
  if (lastRun.state !== "done") return lastRun.state;
  if (lastRun.failed.total > 0) return "unread";
  return documents === 0 ? "empty" : "done";
}

export function stateWords(source: SourceView): string {
  const state = stateOf(source);
  if (state !== "unread") return STATES[state];
  const total = source.lastRun?.failed.total ?? 0;
  return `${grouped(total)} ${nounOf(source.kind)}${total === 1 ? "" : "s"} not read`;
}

function nounOf(kind: SourceView["kind"]): string {
  if (kind === "folder" || kind === "git") return "file";
  return kind === "web" ? "page" : "document";
}

/** What to do about a source that nothing is answered from; null while there is something, or a sync says what. */
export function emptyAdvice(source: SourceView): string | null {
  const { documents, lastRun, pausedAt, kind, location } = source;
  if (documents > 0 || lastRun?.state === "running" || lastRun?.state === "failed") return null;
  if (lastRun === null)
    return pausedAt === null
      ? "Nothing was read yet. Press Sync."
      : "Nothing was read yet. Resume it, then press Sync.";
  if (lastRun.failed.total + lastRun.skipped.total > 0) {
    return "Nothing in it could be read. Open the last sync to see why, mend it, then press Sync.";
  }
  switch (kind) {
    case "folder":
      return `There are no documents in ${location} yet. Put Markdown, text, HTML, PDF or Office files there, then press Sync.`;
    case "jsonl":
      return `There are no lines in ${location} yet. Add some, then press Sync.`;
    case "push":
      return "No program has sent a document yet. Programs send them with PUT /api/kb/documents.";
    case "entries":
      return 'Nothing is published yet. Write an entry with: kb write "question" "answer". Then approve and publish it.';
    default:
      return "The place lists nothing that may be read. Check what this source includes and what its account may see, then press Sync.";
  }
}

/** For example `1,204 of 4,140`; while the place is being listed, what was found. */
export function progressWords({ done, total }: { readonly done: number; readonly total: number | null }): string {
  if (total !== null) return `${grouped(done)} of ${grouped(total)}`;
  return done === 0 ? "Looking at what is there…" : `${grouped(done)} found so far…`;
}

export function factsOf(source: SourceView): string {
  const { kind, location, documents, chunks, audience, everyMinutes, owner, isDemo } = source;
  const facts = [
    isDemo ? "demo" : kind,
    location,
    `${documents} ${documents === 1 ? "document" : "documents"} in ${chunks} passages`,
    `for ${audience.join(", ")}`,
    everyMinutes === null ? "synced when asked" : `synced every ${intervalText(everyMinutes)}`,
    owner === null ? "nobody owns it" : `owned by ${owner}`,
  ];
  return facts.join(" · ");
}

function intervalText(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

function grouped(number: number): string {
  return number.toLocaleString("en");
}

/** Why removals wait, and what helps. */
export function heldWords({ held: { total }, mayConfirm }: RunView): string {
  const documents = total === 1 ? "1 document is" : `${total} documents are`;
  return mayConfirm
    ? `${documents} gone at the source and still answered from, because so many went at once.`
    : `The source lists nothing, and ${documents} still answered from. Check its path and sync again; to drop them all, remove the source.`;
}
