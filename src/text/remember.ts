/** A pure function of a text that remembers its values for up to `limit` texts, then starts again. */
export function remember<Value>(make: (text: string) => Value, limit: number): (text: string) => Value {
  const memo = new Map<string, Value>();
  return (text) => {
    const known = memo.get(text);
    if (known !== undefined) return known;
    if (memo.size >= limit) memo.clear();
    const value = make(text);
    memo.set(text, value);
    return value;
  };
}

/** The same for a function whose value also depends on a language or another of a few names, `limit` texts for each. */
export function rememberEach<Name extends string, Value>(
  make: (text: string, name: Name) => Value,
  limit: number,
): (text: string, name: Name) => Value {
  const memos = new Map<Name, (text: string) => Value>();
  return (text, name) => {
    const known = memos.get(name);
    if (known !== undefined) return known(text);
    const memo = remember((each) => make(each, name), limit);
    memos.set(name, memo);
    return memo(text);
  };
}
