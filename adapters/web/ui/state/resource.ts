import { createContext, useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import type { Line, Live, LiveNews } from "./live.js";
import { getJson, RequestError } from "./request.js";

export interface ResourceState<T> {
  readonly data: T | null;
  /** Why the newest reading failed; `data` may still hold an older one. */
  readonly error: RequestError | null;
}

interface Resource<T> {
  state(): ResourceState<T>;
  subscribe(listener: () => void): () => void;
  reload(): void;
}

export const LiveContext = createContext<Live | null>(null);

/** Whether news can reach the page. */
export function useLine(): Line {
  const live = useContext(LiveContext);
  const subscribe = useCallback((listener: () => void) => live?.subscribeLine(listener) ?? (() => undefined), [live]);
  return useSyncExternalStore(subscribe, () => live?.line() ?? "connecting");
}

/** Reads `path` and reads it again whenever the server says that it changed. */
export function useResource<T>(
  path: string,
  concerns: (news: LiveNews) => boolean,
): ResourceState<T> & { reload(): void } {
  const live = useContext(LiveContext);
  const resource = useMemo(() => createResource<T>(path), [path]);
  const state = useSyncExternalStore(resource.subscribe, resource.state);
  useEffect(
    () =>
      live?.subscribe((news) => {
        if (news.topic === "everything" || concerns(news)) resource.reload();
      }),
    [live, resource, concerns],
  );
  return { ...state, reload: resource.reload };
}

/** One reading at a time; news that come during a reading cause exactly one more. */
function createResource<T>(path: string): Resource<T> {
  const listeners = new Set<() => void>();
  let state: ResourceState<T> = { data: null, error: null };
  let isReading = false;
  let isStale = false;
  let controller = new AbortController();

  const read = async (): Promise<void> => {
    isReading = true;
    const { signal } = controller;
    try {
      state = { data: await getJson<T>(path, signal), error: null };
    } catch (error) {
      if (!signal.aborted) state = { data: state.data, error: asRequestError(error) };
    }
    if (signal.aborted) return;
    isReading = false;
    for (const listener of listeners) listener();
    if (isStale) reload();
  };
  const reload = (): void => {
    isStale = isReading;
    if (!isReading && listeners.size > 0) void read();
  };

  return {
    state: () => state,
    reload,
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) reload();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        controller.abort();
        controller = new AbortController();
        isReading = false;
      };
    },
  };
}

function asRequestError(error: unknown): RequestError {
  return error instanceof RequestError
    ? error
    : new RequestError(0, "Deskhand can't be reached right now.", { cause: error });
}
