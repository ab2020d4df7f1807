import { PassThrough } from "node:stream";
import type { LiveSignal, LiveSignals } from "../../../src/ports/database.js";
import { assertNever } from "../../../src/ports/errors.js";
import type { HttpRoute } from "../../../src/ports/http.js";
import type { TenantId } from "../../../src/ports/ids.js";
import type { LiveView } from "../api.js";
import { AGENTS_CHANNEL } from "../stored-chat-adapter.js";
import { ownConversationNumber } from "./people.js";
import { readRoute } from "./routes.js";
import type { Session, Sessions } from "./sessions.js";

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_500;

export interface EventsRouteDeps {
  readonly live: LiveSignals;
  readonly tenantId: TenantId;
  readonly sessions: Sessions;
}

/**
 * Tells the page what to read again. Events carry no words: a page that missed some while it was away reads everything
 * once when it is back.
 */
export function eventsRoute(deps: EventsRouteDeps): HttpRoute {
  return readRoute("/api/events", deps.sessions, (request, session) => {
    const stream = new PassThrough();
    const end = subscribe(deps, session, stream);
    request.signal.addEventListener("abort", end, { once: true });
    stream.once("close", end);
    if (request.signal.aborted) end();
    return Promise.resolve({
      status: 200,
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
      body: stream,
    });
  });
}

function subscribe(deps: EventsRouteDeps, session: Session, stream: PassThrough): () => void {
  const write = (text: string): void => {
    if (stream.writable) stream.write(text);
  };
  write(`retry: ${RECONNECT_MS}\nevent: ready\ndata: {}\n\n`);
  const unsubscribe = deps.live.subscribe((signal) => {
    if (signal.tenantId !== deps.tenantId) return;
    const view = liveView(session, signal);
    if (view !== null) write(`data: ${JSON.stringify(view)}\n\n`);
  });
  // A named event and not a comment: the page hears it, and knows within two beats that the line is dead.
  const heartbeat = setInterval(() => write("event: heartbeat\ndata: {}\n\n"), HEARTBEAT_MS);
  return () => {
    clearInterval(heartbeat);
    unsubscribe();
    if (!stream.writableEnded) stream.end();
  };
}

function liveView(session: Session, signal: LiveSignal): LiveView | null {
  switch (signal.topic) {
    case "conversation":
      return conversationView(session, signal.id);
    // Customers hear it too: the state of their own handoff, which they may read, may have changed.
    case "handoff":
      return { topic: "handoffs" };
    case "sync":
      return { topic: "knowledge" };
    default:
      return assertNever(signal.topic);
  }
}

function conversationView(session: Session, key: string): LiveView | null {
  const conversation = ownConversationNumber(session, key);
  if (conversation !== null) return { topic: "conversation", conversation };
  if (session.role !== "admin") return null;
  return key === AGENTS_CHANNEL || key.startsWith(`${AGENTS_CHANNEL}/`) ? { topic: "handoffs" } : null;
}
