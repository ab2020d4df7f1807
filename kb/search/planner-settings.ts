/**
 * Select-list items that set up the statements which follow in a transaction. Planned without statistics (a fresh index,
 * or an embedded database, which never collects any) they would loop over all of one list for each row of another, and
 * compiling them costs more than they do. Loops over an index, which they want, they ask for by `lateral` and `offset 0`.
 */
export const PLANNER_SETTINGS = `set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`;

/** The same, and no table is read whole: for statements that are prepared, maybe while the tables are still empty. */
export const INDEX_SETTINGS = `${PLANNER_SETTINGS}, set_config('enable_seqscan', 'off', true)`;
