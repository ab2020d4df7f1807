import type { HttpResponse, HttpRoute } from "../../../src/ports/http.js";
import type { Sessions } from "./sessions.js";

const PRIVATE = { "cache-control": "no-store", "referrer-policy": "no-referrer" };

/** Exchanges a link's token for a cookie. A token that is no good leads to the page, which says how to get a new one. */
export function signInRoute(sessions: Sessions): HttpRoute {
  return {
    method: "GET",
    path: "/signin",
    handle: (request) => {
      const cookie = sessions.redeem(request.query.get("token") ?? "", request.headers["cookie"]);
      // Somebody who opens a used link again while still signed in just gets the page.
      const isSignedIn = sessions.read(request.headers["cookie"]) !== null;
      if (cookie === null) return Promise.resolve(redirect(isSignedIn ? "/" : "/?link=expired", {}));
      return Promise.resolve(redirect("/", { "set-cookie": cookie }));
    },
  };
}

function redirect(location: string, headers: Readonly<Record<string, string>>): HttpResponse {
  return { status: 303, headers: { location, ...PRIVATE, ...headers }, body: "" };
}
