import { createHash } from "node:crypto";
import { cleanText } from "../../src/answering/text/clean-text.js";

/** Longer than any question that somebody wrote an answer to. */
const MAX_CHARACTERS = 400;

/** Marks that are written or left out as one likes. `+`, `#`, `%`, `&`, `/` and currencies tell things apart. */
const MARKS = /[?!¿¡？！。．…:;"“”„«»()[\]{}*_`~|<>]/gu;
const APOSTROPHES = /['’‘ʼ]/gu;
/** A point, comma or hyphen that stands in a number or a name stays: 4.5 is not 45. Between letters a hyphen joins. */
const LOOSE = /(?<![\p{L}\p{N}])[.,–—-]+|[.,–—-]+(?![\p{L}\p{N}])/gu;
const HYPHEN_IN_WORD = /(?<=\p{L})[-‐‑](?=\p{L})/gu;

/** Said for politeness, in front of a question or behind it. */
const COURTESY = [
  "hi",
  "hello",
  "hey",
  "hi there",
  "hello there",
  "hey there",
  "good morning",
  "good afternoon",
  "good evening",
  "dear team",
  "please",
  "pls",
  "plz",
  "thanks",
  "thank you",
  "thanks in advance",
  "thank you in advance",
  "excuse me",
  "hallo",
  "guten tag",
  "guten morgen",
  "guten abend",
  "bitte",
  "danke",
  "vielen dank",
  "bonjour",
  "bonsoir",
  "svp",
  "sil vous plaît",
  "sil te plaît",
  "merci",
  "hola",
  "buenos días",
  "buenas tardes",
  "por favor",
  "gracias",
  "olá",
  "bom dia",
  "obrigado",
  "obrigada",
  "ciao",
  "buongiorno",
  "per favore",
  "grazie",
  "goedemorgen",
  "goedendag",
  "alstublieft",
  "dank u",
]
  .sort((one, other) => other.length - one.length)
  .join("|");
const COURTESY_BEFORE = new RegExp(`^(?:${COURTESY})(?= |$)[ ,.-]*`, "u");
const COURTESY_BEHIND = new RegExp(`(?:^|[ ,.-]+)(?:${COURTESY})$`, "u");

/**
 * Words without which a question stays the same. Far fewer than what a search leaves out: "when" is not "how", "from" not
 * "to", "can" not "must", and a single "a" may be the name of a plan.
 */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  `the my our your please der das dem den des mein meine meinen meiner meinem unser unsere ihr ihre bitte le les mon ma mes notre
  votre el los las mi mis su nuestro il lo gli mio mia het mijn uw onze os meu minha`.split(/\s+/u),
);

/**
 * The words of a question as they are compared: lower case, without marks, courtesy and empty words, in their order. Null
 * where nothing is left, and for what is too long to be a question.
 */
export function normaliseQuestion(question: string): string | null {
  const clean = cleanText(question).normalize("NFKC").toLowerCase();
  if (clean.length > MAX_CHARACTERS) return null;
  const plain = clean
    .replaceAll(APOSTROPHES, "")
    .replaceAll(MARKS, " ")
    .replaceAll(HYPHEN_IN_WORD, "")
    .replaceAll(LOOSE, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
  const words = withoutCourtesy(plain)
    .split(" ")
    .filter((word) => word !== "" && !EMPTY_WORDS.has(word));
  return words.length === 0 ? null : words.join(" ");
}

function withoutCourtesy(text: string): string {
  const rest = text.replace(COURTESY_BEFORE, "").replace(COURTESY_BEHIND, "").trim();
  return rest === text ? text : withoutCourtesy(rest);
}

/** What a question is looked up by, or null for what is none. */
export function questionKey(question: string): string | null {
  const normalised = normaliseQuestion(question);
  return normalised === null ? null : createHash("sha256").update(normalised).digest("hex");
}

/** The keys of all questions that an entry answers. */
export function questionKeys(questions: readonly string[]): readonly string[] {
  return [...new Set(questions.flatMap((question) => questionKey(question) ?? []))];
}
