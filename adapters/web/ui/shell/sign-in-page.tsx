import { BellMark } from "./icons.js";

/** For somebody without a session: what happened and how to get in. */
export function SignInPage() {
  const isExpired = new URLSearchParams(location.search).get("link") === "expired";
  return (
    <main className="page-message">
      <BellMark size={56} />
      <h1>{isExpired ? "That link has been used or is too old" : "Sign in to Deskhand"}</h1>
      <p>
        A sign-in link works once, for ten minutes. Deskhand prints one when it starts. Start it again in its terminal,
        and open the link that it prints:
      </p>
      <pre className="page-command">
        <code>npm start</code>
      </pre>
      <p className="page-hint">You stay signed in on this browser for up to a week.</p>
    </main>
  );
}
