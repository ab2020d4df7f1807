/** A field that is asked for, or a part that is meant for one type alone. */
export interface Selection {
  readonly kind: "field" | "on";
  /** Of the field, or of the type. */
  readonly name: string;
  readonly alias: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: readonly Selection[] | null;
}

export interface ReadQuery {
  readonly operation: string;
  readonly fields: readonly Selection[];
}

const TOKEN = /\.\.\.|\$?[A-Za-z_]\w*|-?\d+|"(?:[^"\\]|\\.)*"|[{}()[\]:!]/gu;

/** Reads as much of GraphQL as one query with variables, arguments, aliases and inline fragments takes. */
export function readQuery(text: string, variables: Readonly<Record<string, unknown>>): ReadQuery {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? "";
  const peek = (): string => tokens[at] ?? "";
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new Error(`Expected ${token}, and got ${found === "" ? "the end" : found}`);
  };

  const readValue = (): unknown => {
    const token = next();
    if (token === "[") return readUntil("]", readValue);
    if (token === "{") return Object.fromEntries(readUntil("}", readPair));
    if (token.startsWith("$")) return variableNamed(token.slice(1));
    if (token.startsWith('"')) return JSON.parse(token) as string;
    if (/^-?\d/u.test(token)) return Number(token);
    return { true: true, false: false, null: null }[token] ?? token;
  };
  const readPair = (): [string, unknown] => {
    const name = next();
    expect(":");
    return [name, readValue()];
  };
  const readUntil = <T>(end: string, read: () => T): T[] => {
    const all: T[] = [];
    while (peek() !== end) {
      if (peek() === "") throw new Error(`Expected ${end}, and got the end`);
      all.push(read());
    }
    expect(end);
    return all;
  };
  const declared = new Set<string>();
  const variableNamed = (name: string): unknown => {
    if (!declared.has(name)) throw new Error(`Variable $${name} is used but not declared`);
    return variables[name] ?? null;
  };
  const readSelections = (): Selection[] => {
    expect("{");
    return readUntil("}", readSelection);
  };
  const readSelection = (): Selection => {
    const first = next();
    if (first === "...") {
      expect("on");
      return { kind: "on", name: next(), alias: "", args: {}, fields: readSelections() };
    }
    const isAliased = peek() === ":";
    if (isAliased) next();
    const name = isAliased ? next() : first;
    const args = peek() === "(" ? (next(), Object.fromEntries(readUntil(")", readPair))) : {};
    return { kind: "field", name, alias: first, args, fields: peek() === "{" ? readSelections() : null };
  };

  expect("query");
  const operation = next();
  if (peek() === "(") {
    next();
    while (peek() !== ")") {
      const token = next();
      if (token.startsWith("$")) declared.add(token.slice(1));
    }
    expect(")");
  }
  const unknown = Object.keys(variables).filter((name) => !declared.has(name));
  if (unknown.length > 0) throw new Error(`Variable $${unknown.join(", $")} is not declared`);
  return { operation, fields: readSelections() };
}
