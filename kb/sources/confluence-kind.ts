import { confluenceRules } from "./confluence-options.js";
import { createConfluenceSource } from "./confluence-source.js";
import { vendorKind } from "./vendor-record.js";

/** The pages of a Confluence Cloud site. */
export const confluenceKind = vendorKind(confluenceRules, ({ location }, read, { fetch, logger }) =>
  createConfluenceSource({ ...read, fetch, logger, origin: new URL(location).origin }),
);
