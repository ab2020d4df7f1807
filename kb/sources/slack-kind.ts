import { slackRulesFor } from "./slack-options.js";
import { createSlackSource } from "./slack-source.js";
import type { SourceKindDefinition, SourceRecord } from "./source-kind.js";
import { vendorKind } from "./vendor-record.js";

/** Answered questions in channels of a Slack workspace. Whether the token is good shows at the first sync. */
export const slackKind: SourceKindDefinition = {
  checkOptions: (record) => kindFor(record).checkOptions(record),
  check: (record, services) => kindFor(record).check(record, services),
  open: (record, place) => kindFor(record).open(record, place),
};

/** Channels are in the location, or in the options where the configuration takes no location. */
function kindFor(record: SourceRecord): SourceKindDefinition {
  return vendorKind(slackRulesFor(record), ({ location }, read, { fetch }) =>
    createSlackSource({ ...read, location, fetch }),
  );
}
