/** The only source of time in the core, so that tests can own it. Leases never use it: they use the database's clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
