import { UsageError } from "../ports/errors.js";

/** Words are parted by spaces; quotes, straight or curly as phones type them, hold words together. Null for an open quote. */
export function splitWords(line: string): readonly Word[] | null {
  const words: Word[] = [];
  let rest = line.trim();
  while (rest !== "") {
    const quoted = /^(?:"([^"]*)"|'([^']*)'|“([^”]*)”)(?=\s|$)/u.exec(rest);
    const plain = /^[^\s"“]\S*/u.exec(rest);
    const found = quoted ?? plain;
    if (found === null) return null;
    const text = quoted === null ? found[0] : (quoted[1] ?? quoted[2] ?? quoted[3] ?? "");
    words.push({ text, isQuoted: quoted !== null });
    rest = rest.slice(found[0].length).trimStart();
  }
  return words;
}

export interface Word {
  readonly text: string;
  /** What is in quotes is never an option. */
  readonly isQuoted: boolean;
}

export interface ReadWords {
  readonly positional: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** Every value that was given to an option, in order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

export interface KnownOptions {
  readonly flags?: readonly string[];
  /** How many words belong to an option. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Parts options from the rest. @throws {UsageError} for an option that is not known, or that has too few words after it. */
export function readWords(words: readonly Word[], known: KnownOptions): ReadWords {
  const { flags = [], values = {} } = known;
  const read = { positional: [] as string[], flags: new Set<string>(), values: new Map<string, readonly string[]>() };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const option = optionOf(word);
    const count = option === null ? undefined : Object.entries(values).find(([name]) => name === option)?.[1];
    if (option === null) read.positional.push(word.text);
    else if (flags.includes(option)) read.flags.add(option);
    else if (count === undefined) throw unknownOption(word.text, known);
    else {
      const given = words.slice(index + 1, index + 1 + count);
      if (given.length < count) throw tooFew(option, count);
      read.values.set(option, [...(read.values.get(option) ?? []), ...given.map(({ text }) => text)]);
      index += count;
    }
  }
  return read;
}

function unknownOption(typed: string, { flags = [], values = {} }: KnownOptions): UsageError {
  const names = [...flags, ...Object.keys(values)].map((name) => `--${name}`).join(", ");
  const others = names === "" ? "It takes none." : `There are ${names}.`;
  return new UsageError(`There is no option ${typed}. ${others} What is no option goes in quotes.`);
}

function tooFew(option: string, count: number): UsageError {
  return new UsageError(`--${option} needs ${count === 1 ? "something" : `${count} words`} after it.`);
}

/** Phones and Slack turn two hyphens into a dash. */
function optionOf({ text, isQuoted }: Word): string | null {
  if (isQuoted) return null;
  const name = /^(?:--|[–—])([a-z][a-z-]*)$/iu.exec(text)?.[1];
  if (name !== undefined) return name.toLowerCase();
  return text.startsWith("-") && text.length > 1 ? "" : null;
}
