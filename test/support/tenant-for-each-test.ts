import { afterAll, beforeAll, beforeEach } from "vitest";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import type { TenantId } from "../../src/ports/ids.js";

/** What the running test works with: read it inside a test, not before. */
export interface OwnTenant {
  readonly database: OpenDatabase;
  /** Has a console, and nothing of another test's. */
  readonly tenant: TenantId;
}

/** Called in a suite: opens one database for its tests and closes it, and makes a tenant for each of them. */
export function tenantForEachTest(open: () => Promise<OpenDatabase>): OwnTenant {
  let database: OpenDatabase;
  let tenant: TenantId;
  let count = 0;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    count += 1;
    tenant = `tenant-${count}`;
    await database.coordination.ensureInstallation(tenant, "web", `console-${count}`);
  });

  return {
    get database() {
      return database;
    },
    get tenant() {
      return tenant;
    },
  };
}
