/**
 * Calls that come together are made as one. @param ask what is asked for each of the keys; a key that is missing in the
 * answer gets undefined
 */
export function collectCalls<Value>(
  most: number,
  ask: (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Value>>,
): (key: string, signal: AbortSignal) => Promise<Value | undefined> {
  let open: { keys: string[]; answer: Promise<ReadonlyMap<string, Value>> } | null = null;
  return async (key, signal) => {
    if (open === null || open.keys.length >= most) {
      const keys: string[] = [];
      // All that is asked for in this turn has been added by the next one.
      const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        if (open?.keys === keys) open = null;
        return ask(keys, signal);
      });
      open = { keys, answer };
    }
    const { keys, answer } = open;
    keys.push(key);
    return (await answer).get(key);
  };
}
