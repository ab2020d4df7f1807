import { WRITE_HEADER, type ErrorView } from "../../api.js";

/** The server refused, or could not be reached (`status` 0). `message` may be shown as it is. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** @throws {RequestError} */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await reach(path, { signal, headers: { accept: "application/json" } });
  // Page and server are one program in one version; adapters/web/api.ts is typed on both ends.
  return (await response.json()) as T;
}

/** @throws {RequestError} */
export async function postJson<T>(path: string, body: object): Promise<T> {
  const response = await reach(path, {
    method: "POST",
    headers: { "content-type": "application/json", [WRITE_HEADER]: "1" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** @throws {RequestError} */
export async function postBytes(path: string, body: Blob): Promise<void> {
  const headers = { "content-type": "application/octet-stream", [WRITE_HEADER]: "1" };
  await reach(path, { method: "POST", headers, body });
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...init, credentials: "same-origin" }).catch((error: unknown) => {
    throw new RequestError(0, "Deskhand can't be reached right now.", { cause: error });
  });
  if (response.ok) return response;
  throw new RequestError(response.status, await messageOf(response));
}

async function messageOf(response: Response): Promise<string> {
  try {
    const view = (await response.json()) as Partial<ErrorView>;
    return view.error?.message ?? "That did not work.";
  } catch {
    return "That did not work.";
  }
}
