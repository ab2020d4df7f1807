/** Languages in which the bot itself can say its few fixed sentences. */
export const FIXED_TEXT_LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl"] as const;

export type FixedTextLanguage = (typeof FIXED_TEXT_LANGUAGES)[number];

export type FixedTextName = "greeting" | "thanks" | "ask-back" | "too-many-now" | "too-many-today";

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
  "too-many-now": {
    en: "That's more questions than I can answer at once. Please wait a minute, then ask again.",
    de: "Das sind mehr Fragen, als ich auf einmal beantworten kann. Bitte warten Sie eine Minute und fragen Sie dann noch einmal.",
    fr: "C'est plus de questions que je ne peux en traiter à la fois. Attendez une minute, puis reposez la vôtre.",
    es: "Son más preguntas de las que puedo responder a la vez. Espere un minuto y vuelva a preguntar.",
    pt: "São mais perguntas do que consigo responder de uma vez. Aguarde um minuto e pergunte de novo.",
    it: "Sono più domande di quante possa gestirne insieme. Attenda un minuto e poi chieda di nuovo.",
    nl: "Dat zijn meer vragen dan ik tegelijk kan beantwoorden. Wacht een minuut en vraag het dan opnieuw.",
  },
  "too-many-today": {
    en: "You have reached the number of questions I can answer for one person in a day. Please ask again tomorrow, or ask for a person.",
    de: "Sie haben die Zahl der Fragen erreicht, die ich einer Person am Tag beantworten kann. Fragen Sie bitte morgen wieder, oder verlangen Sie einen Menschen.",
    fr: "Vous avez atteint le nombre de questions auxquelles je peux répondre par personne et par jour. Revenez demain, ou demandez à parler à quelqu'un.",
    es: "Ha alcanzado el número de preguntas que puedo responder a una persona en un día. Pregunte mañana, o pida hablar con una persona.",
    pt: "Atingiu o número de perguntas a que posso responder por pessoa num dia. Pergunte amanhã, ou peça para falar com uma pessoa.",
    it: "Ha raggiunto il numero di domande a cui posso rispondere per persona in un giorno. Chieda domani, oppure chieda di parlare con una persona.",
    nl: "U hebt het aantal vragen bereikt dat ik per persoon op een dag kan beantwoorden. Vraag het morgen opnieuw, of vraag om een medewerker.",
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

const WHICH: Readonly<Record<FixedTextLanguage, { readonly ask: (choices: string) => string; readonly or: string }>> = {
  en: { ask: (choices) => `Which of these do you mean: ${choices}?`, or: "or" },
  de: { ask: (choices) => `Was davon meinen Sie: ${choices}?`, or: "oder" },
  fr: { ask: (choices) => `De quoi parlez-vous : ${choices} ?`, or: "ou" },
  es: { ask: (choices) => `¿A cuál de estos temas se refiere: ${choices}?`, or: "o" },
  pt: { ask: (choices) => `A qual destes assuntos se refere: ${choices}?`, or: "ou" },
  it: { ask: (choices) => `A quale di questi argomenti si riferisce: ${choices}?`, or: "o" },
  nl: { ask: (choices) => `Wat hiervan bedoelt u: ${choices}?`, or: "of" },
};

/** @param choices two or more, in the words of the documents. */
export function whichOfThese(choices: readonly string[], language: FixedTextLanguage): string {
  const { ask, or } = WHICH[language];
  const quoted = choices.map((choice) => `“${choice}”`);
  return ask(`${quoted.slice(0, -1).join(", ")} ${or} ${quoted.at(-1) ?? ""}`);
}
