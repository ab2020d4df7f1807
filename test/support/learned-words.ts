import { DEFAULT_TENANT } from "../../src/ports/ids.js";

/** What agents answered, in tests of what is learned from it. */
export const EXPORT = "Open Settings, choose Backup, and press Export archive.";
export const BADGE = "Lost badges are replaced at the front desk of the main building.";

/** Who looks at it. */
export const reviewer = { tenantId: DEFAULT_TENANT, actor: "slack:U1", audience: null };
