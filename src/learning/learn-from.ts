import { asksSomething } from "../answering/policy/fed-up.js";
import { LONGEST_LEARNED, type NothingLearned, type SettledHandoff, type SolvedQuestion } from "../ports/candidates.js";
import { detectLanguageOfText } from "../text/language.js";
import { LANGUAGE_CODES, type LanguageCode } from "../text/language-codes.js";
import { withoutPersonalData } from "./personal-data.js";
import { reusableWords } from "./reusable-words.js";

export type Lesson =
  | ({ readonly kind: "candidate"; readonly language: LanguageCode | null } & SolvedQuestion)
  | { readonly kind: "none"; readonly reason: NothingLearned };

/**
 * What a handoff taught: the customer's question and what agents wrote that answers it, without courtesies and without
 * personal data. Many teach nothing that somebody else could be told.
 */
export function learnFrom(settled: SettledHandoff): Lesson {
  const { handoff, said } = settled;
  if (handoff.reason === "account-action") return nothing("one-case");
  const replies = said.filter(({ speaker, at }) => speaker === "agent" && at >= handoff.createdAt);
  if (replies.length === 0) return nothing("no-reply");
  const asked = questionOf(settled);
  if (asked === null) return nothing("no-question");
  const read = replies.map(({ text }) => reusableWords(text));
  const answered = [...new Set(read.map(({ text }) => text).filter((text) => text !== ""))].join("\n\n");
  if (answered === "") return nothing(read.some(({ hasOneCase }) => hasOneCase) ? "one-case" : "courtesies-only");
  const names = [handoff.customerName, ...said.filter(({ speaker }) => speaker !== "bot").map(({ name }) => name)];
  const question = cut(withoutPersonalData(asked, names), LONGEST_LEARNED.question);
  const answer = cut(withoutPersonalData(answered, names), LONGEST_LEARNED.answer);
  const language = detectLanguageOfText(`${question}\n${answer}`);
  return { kind: "candidate", question, answer, language: language === null ? null : LANGUAGE_CODES[language] };
}

function nothing(reason: NothingLearned): Lesson {
  return { kind: "none", reason };
}

/**
 * What was handed over. Whoever only asked for a person, complained or said hello, has said elsewhere what it is about: before their
 * first reply, the later the likelier, or else after it.
 */
function questionOf({ handoff, said }: SettledHandoff): string | null {
  if (isQuestion(handoff.question)) return handoff.question.trim();
  const asked = said.filter(({ speaker, text }) => speaker === "customer" && isQuestion(text));
  const firstReply = said.find(({ speaker, at }) => speaker === "agent" && at >= handoff.createdAt);
  const before = asked.findLast(({ at }) => firstReply !== undefined && at <= firstReply.at);
  return (before ?? asked[0])?.text.trim() ?? null;
}

function isQuestion(text: string): boolean {
  return /\p{L}/u.test(text) && asksSomething(text);
}

/** At the end of a paragraph, a sentence or a word. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const start = text.slice(0, longest);
  const end = ["\n\n", ". ", " "].map((mark) => start.lastIndexOf(mark)).find((at) => at > longest / 2) ?? longest - 1;
  return start.slice(0, end + 1).trim();
}
