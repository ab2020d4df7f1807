/** Words that a question begins with, where people leave its mark out: in the languages of the fixed sentences. */
const ASKS =
  /^(?:how|what|what's|whats|when|where|who|whom|whose|why|which|can|could|do|does|did|is|are|was|were|will|would|should|may|am|has|have|wie|was|wann|wo|woher|wohin|wer|wem|wen|warum|wieso|weshalb|welche|welcher|welches|kann|können|könnt|gibt|darf|muss|ist|sind|hat|habt|comment|que|quoi|quand|où|qui|pourquoi|quel|quelle|quels|quelles|combien|est-ce|puis-je|cómo|como|qué|cuándo|cuando|dónde|donde|quién|quien|cuál|cual|cuánto|cuanto|puedo|hay|quanto|quando|onde|quem|qual|porque|posso|há|come|cosa|che|dove|chi|perché|quale|hoe|wat|wanneer|waar|wie|waarom|welke|kan|mag|is|zijn|heeft)(?![\p{L}\p{N}])/iu;

/** Whether a text of three words or more begins like a question. */
export function beginsLikeQuestion(text: string): boolean {
  const said = text.trim().replace(/^[¿¡\s]+/u, "");
  return said.split(/\s+/u).length > 2 && ASKS.test(said);
}
