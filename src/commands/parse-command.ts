import { UsageError } from "../ports/errors.js";
import { usagesOf } from "./command-help.js";
import type { Command } from "./command.js";
import { parseHandoffCommand } from "./handoff-command.js";
import { parseGapsCommand, parseLearningCommand } from "./learning-command.js";
import { parseKnowledgeCommand } from "./parse-knowledge-command.js";
import { splitWords, type Word } from "./read-words.js";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;
const CODE = /^(?:[\da-f]{6}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/iu;

/** Reads a command line. Never throws: what it cannot read becomes `not-understood`. */
export function parseCommand(line: string): Command {
  const words = splitWords(line);
  if (words === null) return notUnderstood("A quote is not closed.");
  const [first, ...rest] = words;
  const name = first?.text ?? "help";
  switch (name.toLowerCase()) {
    case "help":
      return { kind: "help" };
    case "kb":
      return parseKnowledge(rest);
    case "learn":
      return parseLearning(rest);
    case "handoffs":
      return parseHandoffCommand(rest) ?? misused("handoffs");
    case "gaps":
      return parseGaps(rest);
    case "explain":
      return rest.length === 0
        ? { kind: "explain", answerId: null }
        : parseId(rest, UUID, (answerId) => ({ kind: "explain", answerId }), "explain");
    case "confirm":
      return parseId(rest, CODE, (code) => ({ kind: "confirm", code }), "confirm");
    case "doctor":
      return rest.length === 0 ? { kind: "doctor" } : misused("doctor");
    default:
      return notUnderstood(`There is no command "${name}".`);
  }
}

function parseKnowledge(words: readonly Word[]): Command {
  const start = `kb ${words[0]?.text.toLowerCase() ?? ""}`;
  try {
    return parseKnowledgeCommand(words) ?? misused(start);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return misused(start, error.message);
  }
}

function parseLearning(words: readonly Word[]): Command {
  const start = `learn ${words[0]?.text.toLowerCase() ?? "list"}`;
  try {
    return parseLearningCommand(words) ?? misused(isKnown(start) ? start : "learn");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return misused(start, error.message);
  }
}

function parseGaps(words: readonly Word[]): Command {
  try {
    return parseGapsCommand(words) ?? misused("gaps");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return misused("gaps", error.message);
  }
}

function isKnown(start: string): boolean {
  return usagesOf(start) !== start;
}

function parseId(words: readonly Word[], pattern: RegExp, toCommand: (id: string) => Command, start: string): Command {
  const [word, ...others] = words;
  return word !== undefined && others.length === 0 && pattern.test(word.text) ? toCommand(word.text) : misused(start);
}

/** @param reason what is wrong with it, where more can be said than how it is typed */
function misused(start: string, reason?: string): Command {
  const usage = `Type it like this: ${usagesOf(start)}`;
  return notUnderstood(reason === undefined ? usage : `${reason} ${usage}`);
}

function notUnderstood(reason: string): Command {
  return { kind: "not-understood", message: `${reason} Type "help" for all commands.` };
}
