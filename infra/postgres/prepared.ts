import type { StatementOptions } from "../../src/ports/database.js";

/**
 * For what every event sends: to plan it takes as long as to run it. Only for statements that insert rows, call a function,
 * or find rows by a unique key or by their conversation and an index that begins with it: their plan is the right one for
 * empty tables and for full ones.
 */
export const PREPARED: StatementOptions = { isPrepared: true };
