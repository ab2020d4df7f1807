import { uuidv7 } from "uuidv7";

/** Identifies one organisation. A single-organisation install has just `default`. */
export type TenantId = string;

/** The tenant of a single-organisation install. */
export const DEFAULT_TENANT: TenantId = "default";

/** Makes a UUIDv7: sortable by creation time, unique across processes. */
export type NewId = () => string;

export const newId: NewId = () => uuidv7();
