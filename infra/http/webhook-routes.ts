import type { Clock } from "../../src/ports/clock.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import type { SyncRequests } from "../../src/ports/sync-requests.js";
import { jsonResponse, UNAUTHORIZED } from "./json-response.js";
import { isFromHolder } from "./webhook-signature.js";

export interface WebhookRoutesDependencies {
  readonly tenantId: TenantId;
  readonly requests: Pick<SyncRequests, "request">;
  /**
   * The secret of that source's webhook; null where there is none. Never what the source shows to its host: a host may send
   * the webhook's in clear.
   */
  webhookSecretOf(name: string): string | null;
  readonly clock: Clock;
}

const MAX_BODY_BYTES = 1_000_000;

/** A shorter secret could be guessed by whoever sees a signature. */
const MIN_SECRET_LENGTH = 20;

/**
 * Lets a source's host say that something has changed. What it says is not read: the answer to each is to ask for a sync,
 * so that one that is sent again does no harm.
 */
export function createWebhookRoutes(deps: WebhookRoutesDependencies): readonly HttpRoute[] {
  return [
    {
      method: "POST",
      path: "/api/kb/webhooks/:source",
      bodyLimit: MAX_BODY_BYTES,
      handle: (request) => takeWebhook(deps, request),
    },
  ];
}

async function takeWebhook(deps: WebhookRoutesDependencies, request: HttpRequest): Promise<HttpResponse> {
  const name = request.params["source"] ?? "";
  const secret = deps.webhookSecretOf(name);
  if (secret === null || secret.length < MIN_SECRET_LENGTH) return UNAUTHORIZED;
  if (!isFromHolder(request, secret, deps.clock.now())) return UNAUTHORIZED;
  return (await deps.requests.request(deps.tenantId, name)) ? ACCEPTED : UNAUTHORIZED;
}

const ACCEPTED = jsonResponse(202, { accepted: true });
