import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../config/loopback.js";
import { bringsToken } from "./bearer-token.js";

/** Whether a request may read the metrics: one from this machine itself, or one that brings the token. */
export function mayReadMetrics(peer: string, headers: IncomingHttpHeaders, token: string | null): boolean {
  if (token !== null && bringsToken(headers.authorization, token)) return true;
  return isLoopback(peer.replace(/^::ffff:/iu, "")) && !isForwarded(headers);
}

/** A proxy on this machine has a loopback address too, but asks for somebody else, mostly under a public name. */
function isForwarded(headers: IncomingHttpHeaders): boolean {
  const { host = "" } = headers;
  if (!URL.canParse(`http://${host}`) || !isLoopback(new URL(`http://${host}`).hostname)) return true;
  return ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => headers[name] !== undefined);
}
