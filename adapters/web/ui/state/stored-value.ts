import { useCallback, useState } from "react";

/** A small setting that this browser remembers; works without storage too, then it is forgotten on reload. */
export function useStoredValue(key: string, initial: string): readonly [string, (value: string) => void] {
  const [value, setValue] = useState(() => readStored(key) ?? initial);
  const store = useCallback(
    (next: string) => {
      setValue(next);
      writeStored(key, next);
    },
    [key],
  );
  return [value, store];
}

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`deskhand.${key}`);
  } catch {
    return null;
  }
}

export function forgetStored(key: string): void {
  try {
    localStorage.removeItem(`deskhand.${key}`);
  } catch {
    // Storage is switched off: there was nothing.
  }
}

export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(`deskhand.${key}`, value);
  } catch {
    // Storage is full or switched off: the setting lasts until the page is closed.
  }
}
