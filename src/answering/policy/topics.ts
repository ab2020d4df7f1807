import { languageOf } from "../../text/analyze.js";
import { stemWord } from "../../text/stem.js";
import { tokenize } from "../../text/tokens.js";

/** What the house answers with more care, or not at all by a bot. */
export interface TopicRule {
  readonly name: string;
  /** A message is about the topic when it says one of them, in whatever inflection. */
  readonly phrases: readonly string[];
  /** The probability of being right that an answer must have, 0 to 1; `person` where no answer ever may be given. */
  readonly threshold: number | "person";
}

/** The rules whose topic one of the texts is about. */
export function topicsOf(rules: readonly TopicRule[], texts: readonly string[]): readonly TopicRule[] {
  return rules.filter(({ phrases }) => phrases.some((phrase) => texts.some((text) => says(text, phrase))));
}

/** Whether a text says a phrase. Both sides are stemmed in the language of each, as a short phrase does not tell its own. */
export function says(text: string, phrase: string): boolean {
  return [languageOf(text), languageOf(phrase)].some((language) => {
    const stems = (of: string): string =>
      ` ${tokenize(of)
        .map(({ word, isPair }) => (isPair ? word : stemWord(word, language)))
        .join(" ")} `;
    const wanted = stems(phrase);
    return wanted.trim() !== "" && stems(text).includes(wanted);
  });
}
