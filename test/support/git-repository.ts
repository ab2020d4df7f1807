import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** A repository of one's own with a working tree, that is gone when the test ends. */
export interface TestRepository extends Disposable {
  readonly location: string;
  git(...args: readonly string[]): string;
  write(name: string, text: string | Uint8Array): void;
  /** Commits all that is there and resolves with the commit's id. */
  commit(message?: string, author?: string): string;
}

const QUIET: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_COMMITTER_NAME: "Committer",
  GIT_COMMITTER_EMAIL: "committer@example.com",
  GIT_AUTHOR_EMAIL: "author@example.com",
};

let clock = Date.parse("2026-01-01T00:00:00Z");

export function testRepository(
  files: Readonly<Record<string, string>> = {},
  options: { readonly inside?: string } = {},
): TestRepository {
  const base = mkdtempSync(path.join(tmpdir(), "deskhand-git-"));
  const location = path.join(base, options.inside ?? "repository");
  mkdirSync(location, { recursive: true });
  const git = (...args: readonly string[]): string => run(location, args, "Author");
  git("init", "--quiet", "--initial-branch=main");
  git("config", "uploadpack.allowFilter", "true");
  git("config", "uploadpack.allowAnySHA1InWant", "true");
  const repository: TestRepository = {
    location,
    git,
    write(name, text) {
      mkdirSync(path.dirname(path.join(location, name)), { recursive: true });
      writeFileSync(path.join(location, name), text);
    },
    commit(message = "Change", author = "Author") {
      git("add", "--all");
      run(location, ["commit", "--quiet", "--allow-empty", "-m", message], author);
      return git("rev-parse", "HEAD").trim();
    },
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  };
  for (const [name, text] of Object.entries(files)) repository.write(name, text);
  if (Object.keys(files).length > 0) repository.commit("First");
  return repository;
}

/** Each commit is a minute later than the one before. */
function run(cwd: string, args: readonly string[], author: string): string {
  clock += 60_000;
  const date = new Date(clock).toISOString();
  const env = { ...process.env, ...QUIET, GIT_AUTHOR_NAME: author, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export interface GitServer extends AsyncDisposable {
  readonly address: string;
  /** The Authorization headers that came, null where there was none. */
  readonly authorizations: readonly (string | null)[];
  readonly paths: readonly string[];
}

/** Serves repositories below a folder over HTTP by `git http-backend`, to whoever brings the credential. */
export async function serveGit(root: string, credential: string | null = null): Promise<GitServer> {
  const authorizations: (string | null)[] = [];
  const paths: string[] = [];
  const expected = credential === null ? null : `Basic ${Buffer.from(credential).toString("base64")}`;
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization ?? null);
    paths.push(request.url ?? "");
    if (expected !== null && request.headers.authorization !== expected) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else if (request.url?.startsWith("/moved") === true) {
      response.writeHead(301, { location: request.url.replace("/moved", "/repository") }).end();
    } else serve(root, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorizations,
    paths,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const env = {
    ...process.env,
    ...QUIET,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    REMOTE_ADDR: "127.0.0.1",
  };
  const backend = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
  request.pipe(backend.stdin);
  backend.stdin.on("error", () => undefined);
  void answer(backend.stdout, response);
}

/** The head ends with an empty line; a status is among its fields unless it is 200. */
async function answer(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const piece of output) {
    if (head === null) {
      response.write(piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(": ", 2);
      if (name === "Status") response.statusCode = Number(value.slice(0, 3));
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
    head = null;
  }
  response.end();
}
