import type { HttpRoute } from "../src/ports/http.js";

/** The chat platforms that are set up. */
export interface Surfaces {
  /** Where they deliver events over HTTP. */
  readonly routes: readonly HttpRoute[];
  /** Learns from the platforms who the bot is there, and takes events in where this process listens. */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Several platforms as one. */
export function joinSurfaces(surfaces: readonly Surfaces[]): Surfaces {
  return {
    routes: surfaces.flatMap(({ routes }) => routes),
    async start(signal) {
      for (const surface of surfaces) await surface.start(signal);
    },
    async stop() {
      for (const surface of surfaces) await surface.stop();
    },
  };
}
