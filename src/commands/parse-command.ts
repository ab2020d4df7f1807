/** A command as it was typed in a conversation, understood. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "kb-status" }
  | { readonly kind: "kb-sync"; readonly source: string | null; readonly confirmRemovals: boolean }
  | { readonly kind: "kb-diff"; readonly source: string }
  | { readonly kind: "kb-search"; readonly text: string }
  | { readonly kind: "explain"; readonly answerId: string }
  | { readonly kind: "doctor" }
  /** Not a command, or not one for a conversation. The message says what to type instead. */
  | { readonly kind: "not-understood"; readonly message: string };

/** Every command with what it does, for help and for messages about misuse. */
export const COMMAND_HELP = [
  { usage: "kb status", text: "which sources there are, and how their last sync went" },
  { usage: "kb sync [source] [--confirm-removals]", text: "reads a source, or all of them, again" },
  { usage: "kb diff <source>", text: "what the last sync of a source changed" },
  { usage: "kb search <words>", text: "which passages would be found" },
  { usage: "explain <answer id>", text: "how an answer came to be" },
  { usage: "doctor", text: "what is on, off and broken" },
  { usage: "help", text: "this list" },
] as const;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

/** Reads a command line. Never throws: what it cannot read becomes `not-understood`. */
export function parseCommand(line: string): Command {
  const words = splitWords(line);
  if (words === null) return notUnderstood("A quote is not closed.");
  const [name = "help", ...rest] = words;
  switch (name.toLowerCase()) {
    case "help":
      return { kind: "help" };
    case "kb":
      return parseKnowledgeCommand(rest);
    case "explain":
      return parseExplain(rest);
    case "doctor":
      return rest.length === 0 ? { kind: "doctor" } : misused("doctor");
    default:
      return notUnderstood(`There is no command "${name}".`);
  }
}

function parseKnowledgeCommand([name = "", ...rest]: readonly string[]): Command {
  switch (name.toLowerCase()) {
    case "status":
      return rest.length === 0 ? { kind: "kb-status" } : misused("kb status");
    case "sync":
      return parseSync(rest);
    case "diff": {
      const [source] = rest;
      return source !== undefined && rest.length === 1 && !source.startsWith("-")
        ? { kind: "kb-diff", source }
        : misused("kb diff");
    }
    case "search":
      return rest.length > 0 ? { kind: "kb-search", text: rest.join(" ") } : misused("kb search");
    case "add":
    case "remove":
      return notUnderstood(`Sources are changed on Deskhand's own machine: deskhand kb ${name.toLowerCase()} --help`);
    default:
      return notUnderstood(name === "" ? "kb needs a command after it." : `There is no command "kb ${name}".`);
  }
}

function parseSync(words: readonly string[]): Command {
  const options = words.filter((word) => word.startsWith("-"));
  const [source = null, ...others] = words.filter((word) => !word.startsWith("-"));
  if (others.length > 0 || options.some((option) => option !== "--confirm-removals")) return misused("kb sync");
  return { kind: "kb-sync", source, confirmRemovals: options.length > 0 };
}

function parseExplain(words: readonly string[]): Command {
  const [answerId] = words;
  if (answerId === undefined || words.length !== 1 || !UUID.test(answerId)) return misused("explain");
  return { kind: "explain", answerId };
}

function misused(start: string): Command {
  const usage = COMMAND_HELP.find((entry) => entry.usage.startsWith(start))?.usage ?? start;
  return notUnderstood(`Type it like this: ${usage}`);
}

function notUnderstood(reason: string): Command {
  return { kind: "not-understood", message: `${reason} Type "help" for all commands.` };
}

/** Words are parted by spaces; quotes, straight or curly as phones type them, hold words together. Null for an open quote. */
function splitWords(line: string): readonly string[] | null {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "") {
    const quoted = /^(?:"([^"]*)"|'([^']*)'|“([^”]*)”)(?=\s|$)/u.exec(rest);
    const plain = /^[^\s"“]\S*/u.exec(rest);
    const found = quoted ?? plain;
    if (found === null) return null;
    words.push(quoted === null ? found[0] : (quoted[1] ?? quoted[2] ?? quoted[3] ?? ""));
    rest = rest.slice(found[0].length).trimStart();
  }
  return words;
}
