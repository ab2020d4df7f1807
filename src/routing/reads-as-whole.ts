import { contentWordsOf } from "../answering/text/words.js";
import { beginsLikeQuestion } from "../text/question-words.js";

/** What ends a sentence. A colon or a comma announces more, and so do dots that trail off. */
const ENDS = /[.?!。？！؟)\]"'”’»]$/u;
const TRAILS_OFF = /(?:\.\.|…|[,:;–—-])$/u;

/** What a message hardly ends with: articles, whose it is, who does it, what is to be done with it. */
const GOES_ON =
  /(?<![\p{L}\p{N}'’])(?:the|an?|my|your|our|their|and|or|but|if|because|to|of|for|with|from|into|about|i|we|please|der|die|den|dem|des|eine?[mnrs]?|meine?[mnrs]?|unsere?[mnrs]?|und|oder|aber|wenn|weil|von|zum|zur|für|mit|ich|man|le|la|les|une?|des|du|mon|ma|mes|notre|nos|et|ou|mais|si|de|pour|avec|je|peux|dois|el|los|las|un[ao]s?|mis?|nuestr[ao]s?|y|pero|para|con|puedo|os|uma?|meus?|minhas?|nosso?s?|e|mas|por|com|posso|il|lo|gli|mio|mia|nostr[oa]|ma|per|het|een|mijn|ons|onze|en|van|voor|met|ik)$/iu;

/** A statement of so many words, or of so many characters where words are not parted, hardly goes on in a second. */
const MANY_WORDS = 7;
const MANY_CHARACTERS = 60;

/**
 * Whether a message reads as all that its writer wants to say, by its form alone: it ends a sentence, is a question about
 * something, or is long. What does not, such as "How do I", may be the beginning of a burst.
 */
export function readsAsWhole(text: string): boolean {
  const said = text.normalize("NFKC").trim().toLowerCase();
  if (TRAILS_OFF.test(said) || GOES_ON.test(said)) return false;
  if (ENDS.test(said)) return true;
  const words = said.split(/\s+/u);
  if (words.length >= MANY_WORDS || said.length >= MANY_CHARACTERS) return true;
  return beginsLikeQuestion(said) && contentWordsOf(said).length > 0;
}
