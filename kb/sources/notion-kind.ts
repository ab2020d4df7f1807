import { systemClock } from "../../src/ports/clock.js";
import { notionRules } from "./notion-options.js";
import { createNotionSource } from "./notion-source.js";
import { vendorKind } from "./vendor-record.js";

/** The pages of a Notion workspace that are shared with an integration. */
export const notionKind = vendorKind(notionRules, (_record, read, { fetch, logger }) =>
  createNotionSource({ ...read, fetch, logger, clock: systemClock }),
);
