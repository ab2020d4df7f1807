import type { FixedTextLanguage } from "../fixed-texts.js";

export type Intent =
  | { readonly kind: "question" }
  | { readonly kind: "greeting" | "thanks" | "human-please"; readonly language: FixedTextLanguage };

/** Longer messages have something to ask; a greeting at their start is courtesy. */
const MAX_SMALL_TALK_WORDS = 6;

const GREETINGS: Readonly<Record<FixedTextLanguage, readonly string[]>> = {
  en: [
    "hi",
    "hello",
    "hey",
    "hey there",
    "hi there",
    "hello there",
    "good morning",
    "good afternoon",
    "good evening",
    "howdy",
  ],
  de: ["hallo", "guten tag", "guten morgen", "guten abend", "moin", "servus", "grüezi", "grüß gott"],
  fr: ["bonjour", "bonsoir", "salut", "coucou"],
  es: ["hola", "buenos días", "buenos dias", "buenas tardes", "buenas noches", "buenas"],
  pt: ["olá", "ola", "oi", "bom dia", "boa tarde", "boa noite"],
  it: ["ciao", "buongiorno", "buonasera", "salve"],
  nl: ["hoi", "goedemorgen", "goedemiddag", "goedenavond", "goedendag"],
};

const THANKS: Readonly<Record<FixedTextLanguage, readonly string[]>> = {
  en: [
    "thanks",
    "thank you",
    "thx",
    "ty",
    "cheers",
    "thanks a lot",
    "many thanks",
    "thank you very much",
    "thank you so much",
    "thanks so much",
    "great thanks",
    "perfect thanks",
    "ok thanks",
    "okay thanks",
    "that helped",
    "that worked",
    "it works now",
  ],
  de: [
    "danke",
    "vielen dank",
    "danke schön",
    "dankeschön",
    "danke sehr",
    "herzlichen dank",
    "besten dank",
    "super danke",
  ],
  fr: ["merci", "merci beaucoup", "merci bien", "super merci"],
  es: ["gracias", "muchas gracias", "mil gracias"],
  pt: ["obrigado", "obrigada", "muito obrigado", "muito obrigada"],
  it: ["grazie", "grazie mille", "molte grazie", "tante grazie"],
  nl: ["dank je", "dank je wel", "dankjewel", "dank u", "dank u wel", "bedankt", "hartelijk dank"],
};

const PEOPLE = {
  en: "(?:human|humans|person|real person|someone|somebody|agent|live agent|representative|operator|colleague|advisor|adviser|support (?:team|agent|person|staff)|member of staff|manager|human being)",
  de: "(?:mensch|menschen|person|mitarbeiter|mitarbeiterin|mitarbeitern|jemand|jemandem|jemanden|berater|kollegen|kollegin|kundendienst|support)",
  fr: "(?:humain|personne|vraie personne|conseiller|conseillère|agent|quelqu'un|opérateur)",
  es: "(?:humano|persona|persona real|agente|alguien|operador|asesor)",
  pt: "(?:humano|pessoa|pessoa real|atendente|agente|alguém|alguem|operador)",
  it: "(?:umano|persona|persona vera|operatore|operatrice|qualcuno|essere umano|addetto)",
  nl: "(?:mens|persoon|echt persoon|medewerker|iemand|collega)",
} as const;

/** Asking for a person wins over everything else, whatever the rest of the message says. */
const HUMAN_PLEASE: Readonly<Record<FixedTextLanguage, readonly RegExp[]>> = {
  en: [
    pattern(
      `(?:talk|speak|chat|write|connect me|connect|transfer me|transfer|put me through|hand me over|pass me on|escalate(?: this)?|forward me) (?:to|with) (?:an? |the |your |some )?(?:actual |real |live )?${PEOPLE.en}`,
    ),
    pattern(
      `(?:want|need|get me|give me|prefer|like|can i get|can i have|is there|find me|bring me) (?:to (?:talk|speak) (?:to|with) )?(?:an? )?(?:actual |real |live )?(?:human|human being|real person|live agent|human agent|support agent|representative|operator|person to (?:talk|speak) to)`,
    ),
    pattern(`^(?:an? )?(?:human|agent|real person|representative|operator|live agent|live chat)(?: please| now)?$`),
    pattern(`(?:human|agent|person|representative) please`),
    pattern(
      `(?:can|could|may|i want|i need|i'd like|let me) (?:i |we |to )?(?:talk|speak|chat) (?:to|with) (?:an? )?(?:actual |real |live )?${PEOPLE.en}`,
    ),
  ],
  de: [
    pattern(
      `(?:mit|an|zu) (?:einem|einer|einen|dem|der|ihrem|eurem|ihrer)? ?(?:echten |richtigen |anderen )?${PEOPLE.de} (?:sprechen|reden|schreiben|verbinden|verbunden|weiterleiten|weitergeleitet|chatten)`,
    ),
    pattern(
      `(?:sprechen|reden|verbinden|verbinde|schreiben).{0,30} (?:mit|zu) (?:einem|einer|dem|der|ihrem) (?:echten |richtigen )?${PEOPLE.de}`,
    ),
    pattern(
      `(?:brauche|möchte|will|hätte gern) (?:einen|eine) (?:echten |echte |richtigen )?(?:mensch|menschen|mitarbeiter|mitarbeiterin|berater)`,
    ),
    pattern(`^(?:bitte )?(?:ein |einen )?(?:mensch|mitarbeiter|menschen)(?: bitte)?$`),
  ],
  fr: [
    pattern(
      `(?:parler|discuter|échanger|écrire|contacter|joindre|transférer|transférez-moi|passez-moi|mettre en relation).{0,12} (?:à|a|avec|vers)? ?(?:un |une |votre )?(?:vraie? )?${PEOPLE.fr}`,
    ),
    pattern(
      `(?:je veux|je voudrais|j'ai besoin d'|il me faut) ?(?:un |une )?(?:vraie? )?(?:humain|vraie personne|conseiller|conseillère|agent)`,
    ),
    pattern(`^(?:un )?(?:humain|conseiller|agent)(?: svp| s'il vous plaît)?$`),
  ],
  es: [
    pattern(
      `(?:hablar|chatear|comunicarme|contactar|páseme|pásame|transferir|transfiérame) (?:con|a) (?:una? |el |la |su )?(?:verdadera? )?${PEOPLE.es}`,
    ),
    pattern(`(?:quiero|necesito|quisiera) (?:una? )?(?:humano|persona real|agente|operador|asesor)`),
    pattern(`^(?:una? )?(?:humano|agente|persona)(?: por favor)?$`),
  ],
  pt: [
    pattern(
      `(?:falar|conversar|contactar|transferir|passar) (?:com|para|a) (?:uma? |o |a )?(?:verdadeira )?${PEOPLE.pt}`,
    ),
    pattern(`(?:quero|preciso de|gostaria de) (?:uma? )?(?:humano|pessoa real|atendente|operador)`),
    pattern(`^(?:uma? )?(?:humano|atendente|pessoa)(?: por favor)?$`),
  ],
  it: [
    pattern(
      `(?:parlare|chattare|comunicare|mettermi in contatto|passare) (?:con|a) (?:un |una |un')? ?(?:vera )?${PEOPLE.it}`,
    ),
    pattern(
      `(?:voglio|vorrei|ho bisogno di|mi serve) (?:un |una |un')? ?(?:umano|persona vera|operatore|operatrice|essere umano)`,
    ),
    pattern(`^(?:un )?(?:operatore|umano)(?: per favore)?$`),
  ],
  nl: [
    pattern(
      `(?:met|naar) (?:een |uw |jullie )?(?:echt |echte )?${PEOPLE.nl} (?:praten|spreken|chatten|doorverbinden|doorverbonden)`,
    ),
    pattern(`(?:praten|spreken|chatten|doorverbinden|verbind me) (?:met|naar) (?:een )?(?:echt |echte )?${PEOPLE.nl}`),
    pattern(`(?:wil|heb|zoek) (?:een )?(?:echt |echte )?(?:mens|medewerker|persoon)(?: nodig)?(?: spreken)?$`),
    pattern(`^(?:een )?(?:mens|medewerker)(?: alstublieft| aub)?$`),
  ],
};

const REFUSED_HUMAN = pattern(
  "(?:don't|do not|dont|no need|never|without) (?:want |need |have )?(?:to )?(?:(?:talk|speak|talking|speaking|be transferred) (?:to|with) )?(?:an? )?(?:actual |real |live )?(?:human|person|agent|representative|operator)",
);

/** Reads what a message is for from its words alone: no model can be talked into overruling it. */
export function recogniseIntent(question: string): Intent {
  const plain = question
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll(/[^\p{L}\p{M}\p{N}'-]+/gu, " ")
    .trim();
  const human = languageOf((language) => HUMAN_PLEASE[language].some((pattern) => pattern.test(plain)));
  if (human !== null && !REFUSED_HUMAN.test(plain)) return { kind: "human-please", language: human };
  if (plain.split(" ").length > MAX_SMALL_TALK_WORDS || question.includes("?")) return { kind: "question" };
  const thanked = languageOf((language) => THANKS[language].some((phrase) => isOnly(plain, phrase)));
  if (thanked !== null) return { kind: "thanks", language: thanked };
  const greeted = languageOf((language) => GREETINGS[language].some((phrase) => isOnly(plain, phrase)));
  return greeted === null ? { kind: "question" } : { kind: "greeting", language: greeted };
}

const LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl"] as const satisfies readonly FixedTextLanguage[];

function languageOf(matches: (language: FixedTextLanguage) => boolean): FixedTextLanguage | null {
  return LANGUAGES.find(matches) ?? null;
}

/** The phrase alone, or with words of address and courtesy around it. */
function isOnly(plain: string, phrase: string): boolean {
  const courtesy =
    "(?: (?:there|team|all|everyone|everybody|bot|deskhand|very much|so much|a lot|again|you|zusammen|à tous|a todos|tutti|allemaal))*";
  return new RegExp(`^(?:oh |ok |okay |great |perfect |super )?${phrase}${courtesy}$`, "u").test(plain);
}

function pattern(source: string): RegExp {
  return new RegExp(source.startsWith("^") ? source : `(?:^|[^\\p{L}])${source}(?:$|[^\\p{L}])`, "u");
}
