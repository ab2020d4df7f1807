import { NO_UPLOADS } from "../../fakes/no-uploads.js";
import { randomBytes, randomUUID } from "node:crypto";
import type { CommandRequest } from "../../../src/commands/run-command.js";
import type { HandoffSummary } from "../../../src/ports/console.js";
import type { FileUploadDesk } from "../../../src/handoff/files/upload-file.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../../src/ports/http.js";
import type { KnowledgeReader } from "../../../src/ports/knowledge.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import { plainReply } from "../../../src/ports/reply.js";
import { createWebConsole, type WebConsole } from "../../../adapters/web/server/console.js";
import type { SessionRole } from "../../../adapters/web/server/sessions.js";
import { FolderKnowledge } from "../../fakes/folder-knowledge.js";
import { MemoryDesk } from "../../fakes/memory-desk.js";
import {
  MemoryHandoffBoard,
  MemoryLiveSignals,
  MemoryMessageStore,
  RecordingSink,
} from "../../fakes/memory-console.js";

const BASE_URL = "http://127.0.0.1:3000";

export const PUBLIC_URL = "https://help.example/desk";

interface CallOptions {
  readonly cookie?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly rawBody?: string;
}

/** A console over fakes, called as its own page calls it. */
export class ConsoleHarness {
  readonly installationId = randomUUID();
  readonly sink = new RecordingSink();
  readonly store = new MemoryMessageStore();
  readonly board = new MemoryHandoffBoard();
  readonly live = new MemoryLiveSignals();
  readonly knowledge = new FolderKnowledge();
  readonly desk = new MemoryDesk(this.knowledge);
  /** What was run, by whom. */
  readonly commands: string[] = [];
  readonly opened: { tenantId: string; audience: readonly string[] }[] = [];
  now = new Date("2026-11-21T12:00:00Z");
  readonly #console: WebConsole;

  /** @param shownAgent what a customer sees of an agent's name */
  constructor(shownAgent: (name: string) => string = (name) => name, uploads: FileUploadDesk = NO_UPLOADS) {
    this.#console = createWebConsole({
      ...this.#fakes(),
      uploads,
      installationId: this.installationId,
      tenantId: "default",
      secret: randomBytes(32),
      clock: { now: () => this.now },
      newId: randomUUID,
      shownAgent,
      title: "Deskhand",
      publicUrl: PUBLIC_URL,
      suggestions: () => Promise.resolve(["How many Nodes do I need?"]),
    });
  }

  get routes(): readonly HttpRoute[] {
    return this.#console.routes;
  }

  signInLink(role: SessionRole = "admin"): URL {
    return new URL(this.#console.createSignInLink(role, BASE_URL));
  }

  /** Opens a fresh link; resolves with the cookie to send and the session's id. */
  async signIn(role: SessionRole = "admin"): Promise<{ cookie: string; sessionId: string }> {
    const { pathname, search } = this.signInLink(role);
    const response = await this.get(pathname + search);
    const cookie = response.headers?.["set-cookie"]?.split(";", 1)[0] ?? "";
    const payload = cookie.slice(cookie.indexOf("=") + 1).split(".", 1)[0] ?? "";
    const { id } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { id: string };
    return { cookie, sessionId: id };
  }

  get(path: string, options: CallOptions = {}): Promise<HttpResponse> {
    return this.#call("GET", path, "", options.headers ?? {}, options);
  }

  post(path: string, body: unknown, options: CallOptions = {}): Promise<HttpResponse> {
    const headers = { origin: BASE_URL, "x-deskhand": "1", "content-type": "application/json", ...options.headers };
    return this.#call("POST", path, options.rawBody ?? JSON.stringify(body), headers, options);
  }

  /** Puts a handoff on the board, with a thread on this console unless told otherwise. */
  addHandoff(changes: Partial<HandoffSummary> = {}): HandoffSummary {
    const handoff: HandoffSummary = {
      handoffId: randomUUID(),
      answerId: null,
      state: "waiting",
      reason: "nothing-found",
      question: "Do you take cheques?",
      customerName: "Visitor",
      claimedBy: null,
      claimedById: null,
      snoozedUntil: null,
      isSettled: false,
      agentsPlatform: "web",
      team: null,
      due: null,
      assignedTo: null,
      conversation: { installationId: this.installationId, key: `customer/${randomUUID()}/1` },
      agentThread: { installationId: this.installationId, key: `agents/${randomUUID()}` },
      createdAt: this.now,
      updatedAt: this.now,
      confidence: 0.2,
      ...changes,
    };
    this.board.handoffs.push(handoff);
    return handoff;
  }

  async #call(
    method: string,
    path: string,
    body: string,
    headers: Readonly<Record<string, string | undefined>>,
    { cookie, signal }: CallOptions,
  ): Promise<HttpResponse> {
    const url = new URL(path, BASE_URL);
    for (const route of this.routes) {
      const params = route.method === method ? matchPath(route.path, url.pathname) : null;
      if (params === null) continue;
      const request: HttpRequest = {
        method,
        path: url.pathname,
        params,
        query: url.searchParams,
        headers: { host: url.host, cookie, ...headers },
        body: Buffer.from(body),
        remoteAddress: "127.0.0.1",
        signal: signal ?? new AbortController().signal,
      };
      return route.handle(request);
    }
    throw new Error(`no route for ${method} ${path}`);
  }

  #fakes() {
    const reader: KnowledgeReader = {
      openPassage: (tenantId, audience) => {
        this.opened.push({ tenantId, audience });
        return Promise.reject(new NotFoundError("no such passage"));
      },
    };
    const { sink, store, board, live } = this;
    const desk = this.desk.desk;
    return {
      ...{ sink, store, board, live, reader },
      admin: this.knowledge,
      lifecycle: desk.lifecycle,
      library: desk.library,
      runs: desk.runs,
      runCommand: ({ line, author }: CommandRequest) => {
        this.commands.push(`${author.id} ${author.role}: ${line}`);
        const actions = line.startsWith("kb remove")
          ? [{ name: "confirm-command", confirmationId: "c1" } as const]
          : [];
        return Promise.resolve(plainReply("Done.\n\nPress the button.", actions));
      },
      requestSync: (source: string, actor: string) => {
        this.commands.push(`${actor} asks for ${source}`);
        return Promise.resolve();
      },
    };
  }
}

export function bodyOf(response: HttpResponse): unknown {
  return JSON.parse(textOf(response));
}

export function textOf({ body }: HttpResponse): string {
  return typeof body === "string" ? body : "";
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const expected = pattern.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = decodeURIComponent(actual[index] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}
