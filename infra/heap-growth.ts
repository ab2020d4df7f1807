import v8 from "node:v8";

/** V8's heap may grow by so much of what is in use before it is collected, instead of by up to three times as much. */
const GROWTH_PERCENT = 50;

/**
 * Keeps the memory of this process near what it uses. A sync makes hundreds of megabytes of short-lived vectors and texts,
 * and on a machine with room V8 would let them lie: 510 MB resident against 280, in the same time. Called first of all.
 */
export function limitHeapGrowth(): void {
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
