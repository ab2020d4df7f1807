import { WordIds } from "./word-ids.js";

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

/** A function of the word that stands in a text from `start` to before `end`. */
export type OfWord<Value> = (text: string, start: number, end: number) => Value;

/** A pure function of a word that remembers its values for up to `limit` words, without cutting the known ones out of their texts. */
export function rememberWords<Value extends object>(make: (word: string) => Value, limit: number): OfWord<Value> {
  let ids = new WordIds();
  let values: Value[] = [];
  return (text, start, end) => {
    const known = values[ids.find(text, start, end)];
    if (known !== undefined) return known;
    if (values.length >= limit) {
      ids = new WordIds();
      values = [];
    }
    const value = make(text.slice(start, end));
    values[ids.add(text, start, end)] = value;
    return value;
  };
}

/** The same for a function whose value also depends on a language or another of a few names. */
export function rememberWordsEach<Name extends string, Value extends object>(
  make: (word: string, name: Name) => Value,
  limit: number,
): (name: Name) => OfWord<Value> {
  const memos = new Map<Name, OfWord<Value>>();
  return (name) => {
    const known = memos.get(name);
    if (known !== undefined) return known;
    const memo = rememberWords((word) => make(word, name), limit);
    memos.set(name, memo);
    return memo;
  };
}
