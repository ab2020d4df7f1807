import { editDistance } from "../text/edit-distance.js";

const KNOWLEDGE_WORDS = [
  "status",
  "add",
  "sync",
  "pause",
  "resume",
  "remove",
  "restore",
  "show",
  "history",
  "diff",
  "search",
  "write",
  "entries",
  "approve",
  "publish",
  "archive",
  "stale",
  "audit",
];

const CODE = String.raw`[\da-f-]{6,36}\b.*`;

/** What may be typed after a slash or without one. */
const COMMANDS = [
  String.raw`kb(?:\s+(?:${KNOWLEDGE_WORDS.join("|")})\b.*)?`,
  String.raw`learn\s+(?:list|cases)(?:\s+[a-z]+)?`,
  String.raw`learn\s+(?:show|edit|split|approve|done|reject|case|label)(?:\s+${CODE})?`,
  String.raw`gaps(?:\s+(?:[-–—].*|\d{1,3}d?))?`,
  String.raw`handoffs(?:\s+(?:status|list|transcript\s+${CODE}))?`,
  String.raw`explain(?:\s+[\da-f]{8}-[\da-f-]{27})?`,
  String.raw`confirm\s+(?:[\da-f]{6}|[\da-f]{8}-[\da-f-]{27})`,
  "doctor",
  "help",
];

/**
 * Words that are a command when somebody speaks to the bot. A question that begins with such a word ("help me …",
 * "explain why …") stays a question.
 */
const COMMAND = new RegExp(String.raw`^(?:\/kb(?:\s.*)?|\/?(?:${COMMANDS.join("|")}))$`, "isu");

const CUSTOMERS_WORDS = /^(?:explain|gaps(?:\s.*)?|handoffs(?:\s+(?:status|list))?|learn\s+cases?(?:\s+[a-z]+)?)$/isu;

/** Said by a customer, this asks for more words; only the team means the command by it. */
export function isCustomersWord(line: string): boolean {
  return CUSTOMERS_WORDS.test(line.trim());
}

/** The command line that a text is, or null when it is a message. The same on every surface. */
export function commandLine(text: string): string | null {
  const line = text.trim();
  return COMMAND.test(line) || isMistyped(line) ? line.replace(/^\//u, "") : null;
}

/**
 * Whoever mistypes a command is told which one they meant; it is no question for a person. A word of its own that is like
 * a command ("kb store locations", "kb how do I …") begins a question, so only slips of the fingers count, and a word alone.
 */
function isMistyped(line: string): boolean {
  const [, typed, rest = ""] = /^kb\s+([a-z]+)(\s.*)?$/isu.exec(line) ?? [];
  if (typed === undefined) return false;
  const meant = meantKnowledgeWord(typed);
  return meant !== null && (rest === "" || isSlip(typed.toLowerCase(), meant));
}

/** Two letters that changed places, or one that was left out of a long word: what comes of it is no other word. */
function isSlip(typed: string, word: string): boolean {
  if (editDistance(typed, word, 1) > 1) return false;
  const isSwapped = word.length > 3 && sorted(typed) === sorted(word);
  return isSwapped || (word.length > 5 && typed.length === word.length - 1);
}

function sorted(word: string): string {
  return Array.from(word).sort().join("");
}

const MOST_EDITS = 2;

/** Which word after `kb` somebody meant who typed another one; null when it looks like none of them. */
export function meantKnowledgeWord(typed: string): string | null {
  const [nearest] = KNOWLEDGE_WORDS.map((word) => ({
    word,
    edits: editDistance(typed.toLowerCase(), word, MOST_EDITS),
  }))
    .filter(({ word, edits }) => edits <= (word.length > 5 ? MOST_EDITS : 1))
    .sort((left, right) => left.edits - right.edits);
  return nearest?.word ?? null;
}
