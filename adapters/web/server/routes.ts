import type { z } from "zod";
import { DeskhandError, NotFoundError, UsageError } from "../../../src/ports/errors.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../../src/ports/http.js";
import { WRITE_HEADER, type ErrorView } from "../api.js";
import type { Session, Sessions } from "./sessions.js";

const BODY_LIMIT = 64 * 1_024;

/** The request cannot be done as things stand now, for example a reply to a question nobody claimed. */
export class ConflictError extends DeskhandError {
  override readonly name = "ConflictError";
  readonly code = "conflict";
  readonly isRetryable = false;
}

/** The session is good, but not for this. */
export class ForbiddenError extends DeskhandError {
  override readonly name = "ForbiddenError";
  readonly code = "forbidden";
  readonly isRetryable = false;
}

export type SignedInHandler = (request: HttpRequest, session: Session) => Promise<HttpResponse>;

/** A route that needs a session and changes nothing. */
export function readRoute(path: string, sessions: Sessions, handler: SignedInHandler): HttpRoute {
  return { method: "GET", path, handle: (request) => guarded(request, sessions, handler) };
}

/** @throws {ForbiddenError} unless the session may act on the agents' side. */
export function requireAdmin(session: Session): void {
  if (session.role !== "admin") throw new ForbiddenError("This is for the agents of this desk.");
}

/** A handler of the agents' side: no other session gets past it, whatever it sent. */
export function adminOnly(handler: SignedInHandler): SignedInHandler {
  return async (request, session) => {
    requireAdmin(session);
    return handler(request, session);
  };
}

/** A route that needs a session and comes from our own page: it carries our header, and our own origin. */
export function writeRoute(
  path: string,
  sessions: Sessions,
  handler: SignedInHandler,
  bodyLimit = BODY_LIMIT,
): HttpRoute {
  return {
    method: "POST",
    path,
    bodyLimit,
    handle: (request) =>
      isFromOurPage(request, sessions.publicOrigin)
        ? guarded(request, sessions, handler)
        : Promise.resolve(errorResponse(403, "foreign-origin", "This request did not come from the console's page.")),
  };
}

export function json(status: number, value: object): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: JSON.stringify(value),
  };
}

/** @throws {UsageError} naming every field that is wrong; never repeats what was sent. */
export function parseBody<T>(request: HttpRequest, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString("utf8"));
  } catch (error) {
    throw new UsageError("The body is not JSON.", { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${["body", ...path].join(".")} ${message}`);
  throw new UsageError(problems.join("; "));
}

async function guarded(request: HttpRequest, sessions: Sessions, handler: SignedInHandler): Promise<HttpResponse> {
  const session = sessions.read(request.headers["cookie"]);
  if (session === null) return errorResponse(401, "signed-out", "Sign in with a new link.");
  try {
    return await handler(request, session);
  } catch (error) {
    if (error instanceof DeskhandError) return fromError(error);
    throw error;
  }
}

function fromError(error: DeskhandError): HttpResponse {
  if (error instanceof NotFoundError) return errorResponse(404, error.code, "That is not here, or not for you.");
  if (error instanceof UsageError) return errorResponse(400, error.code, error.message);
  if (error instanceof ForbiddenError) return errorResponse(403, error.code, error.message);
  if (error instanceof ConflictError) return errorResponse(409, error.code, error.message);
  const status = error.isRetryable ? 503 : 500;
  return errorResponse(status, error.code, "That did not work and nothing was lost. Try again in a moment.");
}

function errorResponse(status: number, code: string, message: string): HttpResponse {
  const view: ErrorView = { error: { code, message } };
  return json(status, view);
}

function isFromOurPage(request: HttpRequest, publicOrigin: string | null): boolean {
  const origin = request.headers["origin"];
  if (request.headers[WRITE_HEADER] === undefined || origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === request.headers["host"] || origin === publicOrigin;
}
