import { CANDIDATE_STATES, type CandidateState } from "../ports/candidates.js";
import { UsageError } from "../ports/errors.js";
import { LONGEST_ANSWER, LONGEST_QUESTION, readNumber } from "./knowledge-input.js";
import { readWords, type KnownOptions, type ReadWords, type Word } from "./read-words.js";

/** What people do with what handoffs taught. Plain JSON: it also goes to the server that holds the database. */
export type LearningCommand =
  | { readonly kind: "learn-list"; readonly state: CandidateState | null }
  /** `isDiff`: nothing but the change of an article. */
  | { readonly kind: "learn-show"; readonly candidate: string; readonly isDiff: boolean }
  | {
      readonly kind: "learn-edit";
      readonly candidate: string;
      readonly question: string | null;
      readonly answer: string | null;
    }
  /** Takes one of its handoffs, by its number in the list, out of a candidate. */
  | { readonly kind: "learn-split"; readonly candidate: string; readonly number: number }
  /** `isApart`: as an entry of its own, also where one is close that could be changed. */
  | { readonly kind: "learn-approve" | "learn-force"; readonly candidate: string; readonly isApart: boolean }
  /** The article that it is close to was changed where it comes from. */
  | { readonly kind: "learn-done"; readonly candidate: string }
  | { readonly kind: "learn-reject"; readonly candidate: string; readonly why: string | null };

export const LONGEST_WHY = 500;

interface Parser extends KnownOptions {
  read(words: ReadWords): LearningCommand | null;
}

const PARSERS: Readonly<Record<string, Parser>> = {
  list: { read: readList },
  show: { flags: ["diff"], read: readShow },
  done: { read: onCandidate((candidate) => ({ kind: "learn-done", candidate })) },
  edit: { values: { question: 1, answer: 1 }, read: readEdit },
  split: { read: readSplit },
  approve: { flags: ["force", "new"], read: readApprove },
  reject: { values: { why: 1 }, read: readReject },
};

/** Reads what follows `learn`. Null, or a {@link UsageError} that says more, for what is typed in a wrong way. */
export function parseLearningCommand([first, ...rest]: readonly Word[]): LearningCommand | null {
  const name = first?.text.toLowerCase() ?? "list";
  const parser = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  return parser?.read(readWords(rest, parser)) ?? null;
}

function onCandidate(toCommand: (candidate: string) => LearningCommand): Parser["read"] {
  return ({ positional: [typed, ...others] }) =>
    typed === undefined || others.length > 0 ? null : toCommand(readCandidateCode(typed));
}

function readList({ positional: [typed, ...others] }: ReadWords): LearningCommand | null {
  return others.length > 0 ? null : { kind: "learn-list", state: readCandidateState(typed) };
}

function readShow({ positional: [typed, ...others], flags }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  return { kind: "learn-show", candidate: readCandidateCode(typed), isDiff: flags.has("diff") };
}

function readEdit({ positional: [typed, ...others], values }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  const words = { question: values.get("question")?.at(-1) ?? null, answer: values.get("answer")?.at(-1) ?? null };
  return { kind: "learn-edit", candidate: readCandidateCode(typed), ...readEditedWords(words) };
}

function readSplit({ positional: [typed, number, ...others] }: ReadWords): LearningCommand | null {
  if (typed === undefined || number === undefined || others.length > 0) return null;
  return { kind: "learn-split", candidate: readCandidateCode(typed), number: readNumber("The handoff", number) };
}

function readApprove({ positional: [typed, ...others], flags }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  const kind = flags.has("force") ? "learn-force" : "learn-approve";
  return { kind, candidate: readCandidateCode(typed), isApart: flags.has("new") };
}

function readReject({ positional: [typed, ...others], values }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  return { kind: "learn-reject", candidate: readCandidateCode(typed), why: readWhy(values.get("why")?.at(-1)) };
}

/** The id of a candidate or the end of it. @throws {UsageError} */
export function readCandidateCode(text: string): string {
  if (/^[\da-f-]{6,36}$/iu.test(text)) return text;
  throw new UsageError(`"${text}" is no id of a candidate: that is like 1a2b3c. See them: learn list`);
}

/** What waits, unless another state or `all` is asked for. @throws {UsageError} */
export function readCandidateState(text: string | undefined): CandidateState | null {
  const typed = text?.toLowerCase() ?? "waiting";
  if (typed === "all") return null;
  const state = CANDIDATE_STATES.find((one) => one === typed);
  if (state === undefined) throw new UsageError(`A state is one of ${CANDIDATE_STATES.join(", ")}, or all.`);
  return state;
}

interface EditedWords {
  readonly question: string | null;
  readonly answer: string | null;
}

/** @throws {UsageError} naming what is wrong */
export function readEditedWords(words: EditedWords): EditedWords {
  const { question, answer } = words;
  if (question === null && answer === null) {
    throw new UsageError("Say what it is to be: --question, --answer, or both, each with its words in quotes.");
  }
  for (const [what, text, longest] of [
    ["The question", question, LONGEST_QUESTION],
    ["The answer", answer, LONGEST_ANSWER],
  ] as const) {
    if (text?.trim() === "") throw new UsageError(`${what} is empty.`);
    if ((text?.length ?? 0) > longest) throw new UsageError(`${what} is longer than ${longest} characters.`);
  }
  return words;
}

/** @throws {UsageError} */
export function readWhy(text: string | undefined): string | null {
  if ((text?.length ?? 0) > LONGEST_WHY) throw new UsageError(`--why is longer than ${LONGEST_WHY} characters.`);
  return text === undefined || text.trim() === "" ? null : text;
}
