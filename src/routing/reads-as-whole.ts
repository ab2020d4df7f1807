/** What ends a sentence. A colon or a comma announces more, and so do dots that trail off. */
const ENDS = /[.?!。？！؟)\]"'”’»]$/u;
const TRAILS_OFF = /(?:\.\.|…|[,:;–—-])$/u;

/** Words that a question begins with, where people leave its mark out. */
const ASKS =
  /^(?:how|what|what's|whats|when|where|who|whom|whose|why|which|can|could|do|does|did|is|are|was|were|will|would|should|may|am|has|have|wie|was|wann|wo|woher|wohin|wer|wem|wen|warum|wieso|weshalb|welche|welcher|welches|kann|können|könnt|gibt|darf|muss|ist|sind|hat|habt|comment|que|quoi|quand|où|qui|pourquoi|quel|quelle|quels|quelles|combien|est-ce|puis-je|cómo|como|qué|cuándo|cuando|dónde|donde|quién|quien|cuál|cual|cuánto|cuanto|puedo|hay|quanto|quando|onde|quem|qual|porque|posso|há|come|cosa|che|dove|chi|perché|quale|hoe|wat|wanneer|waar|wie|waarom|welke|kan|mag|is|zijn|heeft)\b/u;

/** A statement of so many words, or of so many characters where words are not parted, hardly goes on in a second. */
const MANY_WORDS = 7;
const MANY_CHARACTERS = 60;

/**
 * Whether a message reads as all that its writer wants to say, by its form alone: it ends a sentence, begins like a question,
 * or is long. What does not may be the beginning of a burst.
 */
export function readsAsWhole(text: string): boolean {
  const said = text.normalize("NFKC").trim().toLowerCase();
  if (TRAILS_OFF.test(said)) return false;
  if (ENDS.test(said)) return true;
  const words = said.split(/\s+/u);
  if (words.length >= MANY_WORDS || said.length >= MANY_CHARACTERS) return true;
  return words.length > 2 && ASKS.test(said);
}
