import { Readable } from "node:stream";
import { z } from "zod";
import { readPieces } from "../../src/handoff/files/read-pieces.js";
import type { Clock } from "../../src/ports/clock.js";
import type { HttpResponse, HttpRoute } from "../../src/ports/http.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { WithStores } from "../../src/ports/stores.js";
import { jsonResponse } from "../http/json-response.js";
import type { FileLinks } from "./file-links.js";

export interface FileRouteDependencies {
  readonly tenantId: TenantId;
  readonly withStores: WithStores;
  readonly links: FileLinks;
  readonly clock: Clock;
}

/** Where the links to files lead. What is wrong with a link is not said: nobody finds out what there is. */
export function fileRoute({ tenantId, withStores, links, clock }: FileRouteDependencies): HttpRoute {
  return {
    method: "GET",
    path: "/files/:fileId",
    async handle({ params, query }): Promise<HttpResponse> {
      const fileId = z.uuid().safeParse(params["fileId"]).data;
      if (fileId === undefined || !links.isValid(fileId, query, clock.now())) return NOT_FOUND;
      const file = await withStores(tenantId, ({ files }) => files.find(fileId));
      if (file === null) return NOT_FOUND;
      return {
        status: 200,
        headers: {
          // Never shown as a page of ours, whatever it is.
          "content-type": "application/octet-stream",
          "content-disposition": `attachment; filename="file"; filename*=UTF-8''${encoded(file.name)}`,
          "content-length": String(file.sizeBytes),
          "content-security-policy": "sandbox; default-src 'none'",
        },
        body: Readable.from(readPieces(withStores, tenantId, fileId), { objectMode: false }),
      };
    },
  };
}

const NOT_FOUND = jsonResponse(404, { error: "not-found" });

/** As RFC 5987 wants it. */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/gu, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
