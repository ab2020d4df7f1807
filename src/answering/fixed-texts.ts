/** Languages in which the bot itself can say its few fixed sentences. */
export const FIXED_TEXT_LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl"] as const;

export type FixedTextLanguage = (typeof FIXED_TEXT_LANGUAGES)[number];

export type FixedTextName = "greeting" | "thanks" | "ask-back";

/** Everything the bot says that no document says. */
const FIXED_TEXTS: Readonly<Record<FixedTextName, Readonly<Record<FixedTextLanguage, string>>>> = {
  greeting: {
    en: "Hello! What would you like to know?",
    de: "Hallo! Was möchten Sie wissen?",
    fr: "Bonjour ! Que souhaitez-vous savoir ?",
    es: "¡Hola! ¿Qué le gustaría saber?",
    pt: "Olá! O que gostaria de saber?",
    it: "Ciao! Che cosa desidera sapere?",
    nl: "Hallo! Wat wilt u weten?",
  },
  thanks: {
    en: "You're welcome! Just ask if anything else comes up.",
    de: "Gern geschehen! Fragen Sie einfach, wenn noch etwas ist.",
    fr: "Avec plaisir ! N'hésitez pas si vous avez une autre question.",
    es: "¡De nada! Pregunte si necesita algo más.",
    pt: "De nada! Se precisar de mais alguma coisa, é só perguntar.",
    it: "Prego! Chieda pure se serve altro.",
    nl: "Graag gedaan! Vraag gerust als er nog iets is.",
  },
  "ask-back": {
    en: "Could you tell me a bit more? For example, what you are trying to do and what happens instead.",
    de: "Können Sie mir etwas mehr sagen? Zum Beispiel, was Sie vorhaben und was stattdessen passiert.",
    fr: "Pouvez-vous m'en dire un peu plus ? Par exemple, ce que vous essayez de faire et ce qui se passe.",
    es: "¿Puede darme más detalles? Por ejemplo, qué intenta hacer y qué ocurre.",
    pt: "Pode dizer-me um pouco mais? Por exemplo, o que está a tentar fazer e o que acontece.",
    it: "Può dirmi qualcosa in più? Per esempio, che cosa vuole fare e che cosa succede.",
    nl: "Kunt u iets meer vertellen? Bijvoorbeeld wat u probeert te doen en wat er gebeurt.",
  },
};

/** The language to speak to somebody in, who writes in this one; English where it cannot be told. */
export function fixedTextLanguage(code: string | null): FixedTextLanguage {
  return FIXED_TEXT_LANGUAGES.find((language) => language === code) ?? "en";
}

/** Whether somebody's words are this text, in any language. */
export function isFixedText(name: FixedTextName, words: string): boolean {
  return Object.values(FIXED_TEXTS[name]).includes(words);
}

export function fixedText(name: FixedTextName, language: FixedTextLanguage): string {
  return FIXED_TEXTS[name][language];
}
