import type { HttpRoute } from "../../src/ports/http.js";
import { createPushRoutes, type PushRoutesDependencies } from "./push-routes.js";
import { createWebhookRoutes, type WebhookRoutesDependencies } from "./webhook-routes.js";

/** The doors for programs beside the knowledge base. */
export function createKnowledgeRoutes(deps: PushRoutesDependencies & WebhookRoutesDependencies): readonly HttpRoute[] {
  return [...createPushRoutes(deps), ...createWebhookRoutes(deps)];
}
