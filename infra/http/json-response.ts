import type { HttpResponse } from "../../src/ports/http.js";

export function jsonResponse(status: number, body: object): HttpResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** The same whatever was wrong, so that nobody learns which sources there are. */
export const UNAUTHORIZED = jsonResponse(401, { error: "unauthorized" });
