import type { LiveView } from "../../api.js";

export type Line = "connecting" | "online" | "offline";

/** What listeners hear: something changed, or the line is back after a gap and anything may have changed. */
export type LiveNews = LiveView | { readonly topic: "everything" };

/** The event stream, kept open. */
export interface Live {
  line(): Line;
  subscribeLine(listener: () => void): () => void;
  subscribe(listener: (news: LiveNews) => void): () => void;
  open(): void;
  close(): void;
}

// The server's heart beats every 15 seconds; two missed beats mean the line is dead.
const SILENCE_MS = 35_000;
const REOPEN_MS = 2_000;
/** A short gap is not worth a banner. */
const GRACE_MS = 2_500;

export function createLive(path: string): Live {
  const listeners = new Set<(news: LiveNews) => void>();
  const lineListeners = new Set<() => void>();
  let line: Line = "connecting";
  let source: EventSource | null = null;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;

  const setLine = (next: Line): void => {
    if (line === next) return;
    line = next;
    for (const listener of lineListeners) listener();
  };
  const tell = (news: LiveNews): void => {
    for (const listener of listeners) listener(news);
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
  };
  const open = (): void => {
    source?.close();
    source = new EventSource(path);
    source.addEventListener("ready", () => {
      clearTimeout(grace);
      grace = undefined;
      setLine("online");
      heard();
      tell({ topic: "everything" });
    });
    source.addEventListener("heartbeat", heard);
    source.addEventListener("message", (event: MessageEvent<string>) => {
      heard();
      tell(JSON.parse(event.data) as LiveView);
    });
    source.addEventListener("error", lose);
  };
  const lose = (): void => {
    source?.close();
    clearTimeout(silence);
    clearTimeout(reopening);
    grace ??= setTimeout(() => setLine("offline"), GRACE_MS);
    reopening = setTimeout(open, REOPEN_MS);
  };

  return {
    line: () => line,
    subscribeLine: (listener) => add(lineListeners, listener),
    subscribe: (listener) => add(listeners, listener),
    open,
    close: () => {
      for (const timer of [silence, grace, reopening]) clearTimeout(timer);
      source?.close();
    },
  };
}

function add<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}
