import { vendorKind } from "./vendor-record.js";
import { zendeskRules } from "./zendesk-options.js";
import { createZendeskSource } from "./zendesk-source.js";

/** The articles of a Zendesk help center. */
export const zendeskKind = vendorKind(zendeskRules, ({ location }, read, { fetch }) =>
  createZendeskSource({ ...read, fetch, location: location.replace(/\/$/u, "") }),
);
