import { z } from "zod";
import { NotFoundError } from "../../../src/ports/errors.js";
import type { HttpRoute } from "../../../src/ports/http.js";
import type { TenantId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin, KnowledgeReader } from "../../../src/ports/knowledge.js";
import type { KnowledgeView } from "../api.js";
import { CONSOLE_AUDIENCE } from "./people.js";
import { json, readRoute } from "./routes.js";
import type { Sessions } from "./sessions.js";
import { passageView } from "./views.js";

export interface KnowledgeRouteDeps {
  readonly reader: KnowledgeReader;
  readonly admin: Pick<KnowledgeAdmin, "status">;
  readonly tenantId: TenantId;
  readonly sessions: Sessions;
}

/** What a citation points at, and what there is to answer from. */
export function knowledgeRoutes(deps: KnowledgeRouteDeps): readonly HttpRoute[] {
  return [
    readRoute("/api/passages/:chunkId", deps.sessions, async (request) => {
      const chunkId = z.uuid().safeParse(request.params["chunkId"]);
      if (!chunkId.success) throw new NotFoundError("a passage is named by a UUID");
      const passage = await deps.reader.openPassage(deps.tenantId, CONSOLE_AUDIENCE, chunkId.data);
      return json(200, passageView(passage));
    }),
    readRoute("/api/knowledge", deps.sessions, async () => {
      const sources = await deps.admin.status(deps.tenantId);
      const view: KnowledgeView = {
        documents: sources.reduce((sum, source) => sum + source.documents, 0),
        sources: sources.map(({ name, documents, isDemo }) => ({ name, documents, isDemo: isDemo ?? false })),
      };
      return json(200, view);
    }),
  ];
}
