/** The requests that are being answered, so that draining can end streams and wait for the rest. */
export interface OpenRequests {
  /** Adds one; its signal aborts when the client goes away, time runs out, or the server gives up waiting. */
  add(): OpenRequest;
  /** Ends all streams: their sources are told to stop and their responses are closed properly. */
  endStreams(): void;
  /** Aborts whatever is still running. */
  abortAll(): void;
}

export interface OpenRequest {
  readonly signal: AbortSignal;
  abort(): void;
  /** From here on the request only sends, and draining ends it at once. */
  becomesStream(end: () => void): void;
  remove(): void;
}

export function createOpenRequests(): OpenRequests {
  const aborts = new Set<() => void>();
  const streams = new Set<() => void>();
  let isEnding = false;
  return {
    add: () => {
      const controller = new AbortController();
      const abort = () => controller.abort();
      let endStream: (() => void) | null = null;
      aborts.add(abort);
      return {
        signal: controller.signal,
        abort,
        becomesStream: (end) => {
          endStream = end;
          streams.add(end);
          if (isEnding) end();
        },
        remove: () => {
          aborts.delete(abort);
          if (endStream !== null) streams.delete(endStream);
        },
      };
    },
    endStreams: () => {
      isEnding = true;
      for (const end of [...streams]) end();
    },
    abortAll: () => {
      for (const abort of [...aborts]) abort();
    },
  };
}
