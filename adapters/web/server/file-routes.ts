import { z } from "zod";
import { UPLOAD_PIECE_BYTES, type UploadPlace } from "../../../src/handoff/files/upload-file.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import type { HttpRequest, HttpRoute } from "../../../src/ports/http.js";
import { findReadyHandoff, type HandoffRouteDeps } from "./handoff-routes.js";
import { customerConversation } from "./people.js";
import { adminOnly, json, parseBody, writeRoute } from "./routes.js";
import type { Session } from "./sessions.js";

const beginSchema = z.object({
  name: z.string("is missing").min(1, "is empty").max(1_000, "is longer than 1000 characters"),
  mediaType: z.string("is missing").max(200, "is longer than 200 characters"),
  sizeBytes: z.int("is not a whole number").nonnegative("is negative"),
});

type Deps = Pick<HandoffRouteDeps, "uploads" | "board" | "tenantId" | "installationId" | "sessions">;
type PlaceOf = (request: HttpRequest, session: Session) => Promise<UploadPlace>;

/**
 * Files come before the message that they belong to, in pieces: each is small enough to be sent again when it got lost, and
 * none waits for a slow line longer than a request may take.
 */
export function fileRoutes(deps: Deps): readonly HttpRoute[] {
  const { tenantId, installationId } = deps;
  const ofCustomer: PlaceOf = (request, session) => {
    const conversation = customerConversation(installationId, session, request.params["number"] ?? "");
    return Promise.resolve({ tenantId, conversation });
  };
  const ofAgents: PlaceOf = async (request) => {
    const { agentThread } = await findReadyHandoff(deps, request.params["id"] ?? "");
    return { tenantId, conversation: agentThread };
  };
  return [
    ...routesBelow(deps, "/api/conversations/:number/files", ofCustomer, (handler) => handler),
    ...routesBelow(deps, "/api/handoffs/:id/files", ofAgents, adminOnly),
  ];
}

function routesBelow(
  { uploads, sessions }: Deps,
  path: string,
  placeOf: PlaceOf,
  guard: typeof adminOnly,
): readonly HttpRoute[] {
  return [
    writeRoute(
      path,
      sessions,
      guard(async (request, session) => {
        const file = parseBody(request, beginSchema);
        const fileId = await uploads.begin(await placeOf(request, session), file);
        return json(201, { fileId, pieceBytes: UPLOAD_PIECE_BYTES });
      }),
    ),
    writeRoute(
      `${path}/:fileId/pieces/:ordinal`,
      sessions,
      guard(async (request, session) => {
        const place = await placeOf(request, session);
        await uploads.append(place, fileIdOf(request), ordinalOf(request), request.body);
        return json(200, {});
      }),
      UPLOAD_PIECE_BYTES,
    ),
    writeRoute(
      `${path}/:fileId/finish`,
      sessions,
      guard(async (request, session) => {
        await uploads.finish(await placeOf(request, session), fileIdOf(request), request.signal);
        return json(200, {});
      }),
    ),
  ];
}

function fileIdOf({ params }: HttpRequest): string {
  const id = z.uuid().safeParse(params["fileId"]);
  if (!id.success) throw new NotFoundError("a file is named by a UUID");
  return id.data;
}

function ordinalOf({ params }: HttpRequest): number {
  const ordinal = params["ordinal"] ?? "";
  if (!/^\d{1,5}$/u.test(ordinal)) throw new NotFoundError("a piece is named by its number");
  return Number(ordinal);
}
