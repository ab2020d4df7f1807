import type { FileUploadDesk } from "../../../src/handoff/files/upload-file.js";
import type { InboundSink } from "../../../src/ports/chat.js";
import type { Clock } from "../../../src/ports/clock.js";
import type { HandoffBoard, WebMessageStore } from "../../../src/ports/console.js";
import type { LiveSignals } from "../../../src/ports/database.js";
import type { HttpRoute } from "../../../src/ports/http.js";
import type { NewId, TenantId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin, KnowledgeReader } from "../../../src/ports/knowledge.js";
import type { SessionView } from "../api.js";
import { actionRoute } from "./action-route.js";
import { customerRoutes } from "./customer-routes.js";
import { eventsRoute } from "./events-route.js";
import { fileRoutes } from "./file-routes.js";
import { handoffRoutes } from "./handoff-routes.js";
import { knowledgeDeskRoutes, type KnowledgeDeskDeps } from "./knowledge-desk-routes.js";
import { knowledgeRoutes } from "./knowledge-routes.js";
import { json, readRoute } from "./routes.js";
import { createSessions, type SessionRole, type Sessions } from "./sessions.js";
import { signInRoute } from "./sign-in-route.js";

export interface WebConsoleDeps {
  readonly sink: InboundSink;
  readonly uploads: FileUploadDesk;
  readonly store: WebMessageStore;
  readonly board: HandoffBoard;
  readonly reader: KnowledgeReader;
  readonly admin: Pick<KnowledgeAdmin, "status">;
  readonly lifecycle: KnowledgeDeskDeps["lifecycle"];
  readonly library: KnowledgeDeskDeps["library"];
  readonly runs: KnowledgeDeskDeps["runs"];
  readonly runCommand: KnowledgeDeskDeps["runCommand"];
  readonly requestSync: KnowledgeDeskDeps["requestSync"];
  readonly live: LiveSignals;
  readonly installationId: string;
  /** Where the cards of handoffs are posted. */
  readonly tenantId: TenantId;
  /** Signs the session cookies; at least 32 bytes. A new one signs everybody out. */
  readonly secret: Buffer;
  readonly clock: Clock;
  readonly newId: NewId;
  /** What a customer sees of an agent's name, in the language of the page. */
  readonly shownAgent: (displayName: string) => string;
  readonly title: string;
  /** Where a proxy in front shows the console to people; null when they reach it directly. */
  readonly publicUrl: string | null;
  /** A few questions that the knowledge base answers, offered before the first one is asked. */
  suggestions(): Promise<readonly string[]>;
}

export interface WebConsole {
  readonly routes: readonly HttpRoute[];
  /**
   * A link that signs one browser in, once, within ten minutes. Whoever has an `admin`'s link acts on both sides of the
   * desk, under any agent's name; a `customer`'s opens only conversations of their own.
   */
  createSignInLink(role: SessionRole, baseUrl: string): string;
}

/** The console's HTTP side. Every person's act is accepted by the core first and shown afterwards. */
export function createWebConsole(deps: WebConsoleDeps): WebConsole {
  const { publicUrl } = deps;
  const sessions = createSessions({ ...deps, publicOrigin: publicUrl === null ? null : new URL(publicUrl).origin });
  const shared = { ...deps, sessions };
  return {
    routes: [
      signInRoute(sessions),
      sessionRoute(deps, sessions),
      ...customerRoutes(shared),
      ...handoffRoutes(shared),
      ...fileRoutes(shared),
      actionRoute(shared),
      ...knowledgeRoutes(shared),
      ...knowledgeDeskRoutes(shared),
      eventsRoute(shared),
    ],
    createSignInLink(role, baseUrl) {
      const link = new URL("/signin", baseUrl);
      link.searchParams.set("token", sessions.createToken(role, link.protocol === "https:"));
      return link.href;
    },
  };
}

function sessionRoute(deps: WebConsoleDeps, sessions: Sessions): HttpRoute {
  return readRoute("/api/session", sessions, async (_request, session) => {
    const view: SessionView = {
      title: deps.title,
      role: session.role,
      expiresAt: session.expiresAt.toISOString(),
      suggestions: await deps.suggestions(),
    };
    return json(200, view);
  });
}
