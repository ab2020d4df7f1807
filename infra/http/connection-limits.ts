/** What one client may take of the server before a handler sees its request. Times in milliseconds. */
export interface ConnectionLimits {
  /** From the first byte of a request, or the opening of its connection, to the end of its headers. */
  readonly headersMs: number;
  /** To the end of its body. A response, such as the console's stream of events, may take as long as it likes. */
  readonly requestMs: number;
  /** How often the two are looked at: a slow request is cut at most so much later. */
  readonly checkMs: number;
  /** Connections at a time, idle ones and streams among them. Those beyond are closed as they open. */
  readonly connections: number;
}

/**
 * Whoever sends byte by byte is cut within ten seconds. 500 events a second that wait 2.5 s each for a database that hangs
 * are 1,250 connections; the others are for the console, of which every open page holds one for its events.
 */
export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 5_000,
  requestMs: 8_000,
  checkMs: 1_000,
  connections: 2_000,
};
