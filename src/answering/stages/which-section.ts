import type { ConversationTurn } from "../../ports/models.js";
import { languageOf } from "../../text/analyze.js";
import { beginsLikeQuestion } from "../../text/question-words.js";
import { fixedTextLanguage, whichOfThese } from "../fixed-texts.js";
import { contentStems, countWords } from "../text/words.js";
import { hasJustAskedBack } from "./clarify.js";
import type { FirstDecision } from "./decide.js";
import type { PackedPassage } from "./pack.js";

export interface AskedAbout {
  readonly question: string;
  /** The language to speak to the customer in; null where it is not known. */
  readonly language: string | null;
  readonly history: readonly ConversationTurn[];
  readonly passages: readonly PackedPassage[];
}

/** A document that fits as well as the first one, or nearly; see `standingOf`. */
const FITS_AS_WELL = 0.7;
const MAX_CHOICES = 4;
const MAX_CHOICE_CHARACTERS = 60;
const HOW_TO = /^(?:how (?:to|do|can|should)|wie|comment|cómo|como|come|hoe)\s/iu;
/** The heading of a section that was joined with others to one passage. */
const INNER_HEADING = /^\*\*([^*\n]+[^*\n.:!?])\*\*$/gmu;
/** A heading that could not be shown in a sentence as it is. */
const MARKUP = /:\/\/|[<>[\]`*_|{}\\@"“”]/u;

/**
 * Asks which section is meant where a message is one bare word, such as "reset" or "how to reset", that the headings of
 * several sections have alike: any of them would be a guess, and a wrong one may do harm. Asked once in a row; who then still
 * says no more gets a person. What is not clearly asked so stays as it was decided.
 */
export function askWhichSection(first: FirstDecision, asked: AskedAbout): FirstDecision {
  if (first.kind !== "may-answer") return first;
  const choices = sectionsMeant(asked);
  if (choices.length < 2) return first;
  if (hasJustAskedBack(asked.history)) return { kind: "hand-off", reason: "still-unclear" };
  return { kind: "ask-back", asked: whichOfThese(choices, fixedTextLanguage(asked.language)) };
}

/** The headings that one bare word may mean; none where the word is a heading itself, or more than a word was said. */
function sectionsMeant({ question, passages }: AskedAbout): readonly string[] {
  const near = passages.filter(({ prompt }) => prompt.score >= FITS_AS_WELL && prompt.kind !== "faq");
  const language = languageOf(near.map(({ prompt }) => prompt.text).join(" "));
  const stemsOf = (text: string): ReadonlySet<string> => new Set(contentStems(text, language));
  const [word, ...more] = stemsOf(question);
  const isBare = !beginsLikeQuestion(question) || HOW_TO.test(question);
  if (word === undefined || more.length > 0 || !isBare) return [];
  const headings = new Set(near.flatMap(({ prompt }) => headingsIn(prompt)));
  const named = [...headings].filter((heading) => stemsOf(heading).has(word));
  if (named.some((heading) => countWords(heading) === 1)) return [];
  const fit = named.filter((heading) => heading.length <= MAX_CHOICE_CHARACTERS && !MARKUP.test(heading));
  return fit.slice(0, MAX_CHOICES);
}

/** Those of sections. What stands over a whole document, its title, is no choice. */
function headingsIn({ title, headingPath, text }: PackedPassage["prompt"]): readonly string[] {
  const inner = [...text.matchAll(INNER_HEADING)].map(([, heading = ""]) => heading.trim());
  const own = headingPath.at(-1);
  return (own === undefined || own === title ? inner : [own, ...inner]).filter((heading) => heading !== "");
}
