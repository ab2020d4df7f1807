import path from "node:path";
import { UsageError } from "../../src/ports/errors.js";
import { createAddressPolicy } from "./http/address-policy.js";
import { FetchError } from "./http/fetch-error.js";
import { hostOf } from "./http/fetch-url.js";
import { refusePrivateHost } from "./http/safe-connection.js";
import { asSourceFailure } from "./source-failure.js";
import type { SourceKindDefinition } from "./source-kind.js";
import { readWebOptions } from "./web-options.js";
import { createWebSource } from "./web-source.js";

/**
 * A website: a page, or a sitemap. An address that by itself is not of the public internet is refused when it is added.
 * Whether it can be reached is not checked then: the first sync tells, and a site that is down for a moment does not keep a
 * source from being set up.
 */
export const webKind: SourceKindDefinition = {
  checkOptions: (record) => void readWebOptions(record),
  async check(record, { allowedPrivateHosts }) {
    await Promise.resolve();
    const { start } = readWebOptions(record);
    try {
      refusePrivateHost(createAddressPolicy(allowedPrivateHosts), hostOf(new URL(start)));
    } catch (error) {
      throw error instanceof FetchError ? new UsageError(error.message, { cause: error }) : error;
    }
  },
  async open(record, { fetch, workDirectory, sourceId, found }) {
    await Promise.resolve();
    return asSourceFailure(() =>
      createWebSource(record, {
        fetch,
        workDirectory: path.join(workDirectory, "web", sourceId),
        ...(found === undefined ? {} : { found }),
      }),
    );
  },
};
