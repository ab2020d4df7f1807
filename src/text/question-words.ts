/** Words that a question begins with, where people leave its mark out: in the languages of the fixed sentences. */
const ASKS =
  /^(?:how|what|what's|whats|when|where|who|whom|whose|why|which|can|could|do|does|did|is|are|was|were|will|would|should|may|am|has|have|wie|was|wann|wo|woher|wohin|wer|wem|wen|warum|wieso|weshalb|welche|welcher|welches|kann|können|könnt|gibt|darf|muss|ist|sind|hat|habt|comment|que|quoi|quand|où|qui|pourquoi|quel|quelle|quels|quelles|combien|est-ce|puis-je|cómo|como|qué|cuándo|cuando|dónde|donde|quién|quien|cuál|cual|cuánto|cuanto|puedo|hay|quanto|quando|onde|quem|qual|porque|posso|há|come|cosa|che|dove|chi|perché|quale|hoe|wat|wanneer|waar|wie|waarom|welke|kan|mag|is|zijn|heeft)(?![\p{L}\p{N}])/iu;

/** Whether a text of three words or more begins like a question. */
export function beginsLikeQuestion(text: string): boolean {
  const said = text.trim().replace(/^[¿¡\s]+/u, "");
  return said.split(/\s+/u).length > 2 && ASKS.test(said);
}

/** How a follow-up asks for something else of what was spoken of: for a time, a place, a way, a reason. */
const ASKS_ANEW =
  /^(?:how(?! about)|what(?! about)|when|where|who|whom|whose|why|which|wie(?! (?:ist|sieht|steht) es)|was(?! ist mit)|wann|wo|woher|wohin|wer|wem|wen|warum|wieso|weshalb|welche[rsnm]?|comment|que|quoi|quand|où|qui|pourquoi|quel(?:le)?s?|combien|cómo|como|qué|cuándo|cuando|dónde|donde|quién|quien|cuál|cual|cu[áa]nt[oa]s?|quant[oaie]|quando|onde|quem|qual|porque|come|cosa|dove|chi|perché|quale|hoe(?! zit)|wat|wanneer|waar|waarom|welke)(?![\p{L}\p{N}])/iu;
const GOES_ON =
  /^(?:and|but|so|or|then|also|und|aber|oder|dann|et|mais|ou|alors|y|pero|o|entonces|e|mas|então|ma|allora|en|maar|of|dan)[\s,]+/iu;

/** Whether a message asks by a word for the kind of answer it wants, after "and" or the like; however short it is. */
export function asksAnew(text: string): boolean {
  const said = text.trim().replace(/^[¿¡\s]+/u, "");
  return ASKS_ANEW.test(said.replace(GOES_ON, ""));
}
