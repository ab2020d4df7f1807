import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { FakeState } from "./call.js";
import type { JsonObject } from "./json.js";
import type { SharedFile } from "./model.js";

/** The files of the workspaces, and the addresses under which they are fetched and put there. */
export class FileShelf {
  readonly files = new Map<string, SharedFile>();
  /** Upload tickets by the end of their address: each takes one upload. */
  readonly tickets = new Map<string, SharedFile>();
  /** Set when the fake listens. */
  origin = "";
  /** How many of the next requests for a file's bytes are cut. */
  cutDownloads = 0;
  #count = 0;

  add(file: Pick<SharedFile, "name" | "mediaType" | "length" | "ownerId"> & { bytes: Buffer | null }): SharedFile {
    this.#count += 1;
    const added: SharedFile = { ...file, id: `F${String(this.#count).padStart(8, "0")}`, shares: new Map() };
    this.files.set(added.id, added);
    return added;
  }

  /** By its name; the newest of several. */
  named(name: string): SharedFile | undefined {
    return [...this.files.values()].findLast((file) => file.name === name);
  }
}

/** A file as an event shows it: what it holds is behind the bot's token. */
export function filePayload({ id, name, mediaType, length, ownerId }: SharedFile): JsonObject {
  return {
    id,
    name,
    title: name,
    mimetype: mediaType,
    user: ownerId,
    mode: "hosted",
    is_external: false,
    size: length,
    url_private: `https://files.slack.test/files-pri/${id}/${encodeURIComponent(name)}`,
    file_access: "visible",
  };
}

interface Served {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string;
}

/** Where bytes come from and go to. Who may not read a file gets the page for signing in, with 200, as Slack does. */
export function serveFile(
  { workspace, files }: FakeState,
  request: IncomingMessage,
  path: string,
  body: Buffer,
): Served {
  const [, , kind, id = ""] = path.split("/");
  if (kind === "upload" && request.method === "POST") return takeUpload(files, request, id, body);
  const file = files.files.get(id);
  if (kind !== "pri" || request.method !== "GET" || file === undefined) return plain(404, "not found");
  if (files.cutDownloads > 0) {
    files.cutDownloads -= 1;
    request.socket.destroy();
    return plain(500, "cut");
  }
  const mayRead = [...workspace.teams.values()].some(
    ({ botToken, scopes }) => request.headers.authorization === `Bearer ${botToken}` && scopes.has("files:read"),
  );
  if (!mayRead) return { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in to Slack</html>" };
  return { status: 200, headers: { "content-type": file.mediaType }, body: file.bytes ?? "" };
}

function takeUpload(files: FileShelf, request: IncomingMessage, ticket: string, body: Buffer): Served {
  const file = files.tickets.get(ticket);
  if (file === undefined) return plain(404, "no such upload");
  if (request.headers.authorization !== undefined) return plain(400, "a token has no business here");
  if (request.headers["transfer-encoding"] !== undefined) return plain(411, "the length is not told");
  if (body.length !== file.length) return plain(400, `${file.length} bytes were announced`);
  files.tickets.delete(ticket);
  file.bytes = body;
  return plain(200, `OK - ${body.length}`);
}

function plain(status: number, body: string): Served {
  return { status, headers: { "content-type": "text/plain" }, body };
}
