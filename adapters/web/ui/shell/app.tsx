import { useEffect, useMemo } from "react";
import type { SessionView } from "../../api.js";
import { createLive } from "../state/live.js";
import { LiveContext, useLine, useResource } from "../state/resource.js";
import { Console } from "./console.js";
import { SignInPage } from "./sign-in-page.js";

const neverChanges = () => false;

/** The console for somebody who is signed in; how to sign in for everybody else. */
export function App() {
  const { data: session, error, reload } = useResource<SessionView>("/api/session", neverChanges);
  if (error?.status === 401) return <SignInPage />;
  if (session !== null) return <SignedIn session={session} onDoubt={reload} />;
  if (error !== null) return <Unreachable message={error.message} onRetry={reload} />;
  return <p className="page-wait">Opening Deskhand…</p>;
}

function SignedIn({ session, onDoubt }: { session: SessionView; onDoubt: () => void }) {
  const live = useMemo(() => createLive("/api/events"), []);
  useEffect(() => {
    live.open();
    return () => live.close();
  }, [live]);
  return (
    <LiveContext value={live}>
      <SessionWatch onDoubt={onDoubt} />
      <Console session={session} />
    </LiveContext>
  );
}

const WATCH_MS = 3_000;

/** A line that stays down may mean that the session has ended, which only the server knows. */
function SessionWatch({ onDoubt }: { onDoubt: () => void }) {
  const line = useLine();
  useEffect(() => {
    if (line !== "offline") return undefined;
    const timer = setInterval(onDoubt, WATCH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [line, onDoubt]);
  return null;
}

function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <main className="page-message">
      <h1>Deskhand does not answer</h1>
      <p>{message} Check that it is running, then try again.</p>
      <button type="button" className="button is-primary" onClick={onRetry}>
        Try again
      </button>
    </main>
  );
}
