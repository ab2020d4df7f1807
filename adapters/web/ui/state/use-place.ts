import { useCallback, useMemo, useSyncExternalStore } from "react";
import { addressOf, placeOf, type Go, type Place } from "./place.js";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

const currentAddress = (): string => location.pathname + location.search;

/** Where the page is, and the way to another place. */
export function usePlace(): readonly [Place, Go] {
  const address = useSyncExternalStore(subscribe, currentAddress);
  const place = useMemo(() => placeOf(new URL(address, location.origin)), [address]);
  const go = useCallback((next: Place) => {
    const to = addressOf(next);
    if (to === currentAddress()) return;
    history.pushState(null, "", to);
    for (const listener of listeners) listener();
  }, []);
  return [place, go];
}
