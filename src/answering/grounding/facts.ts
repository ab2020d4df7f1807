import { rawWordsOf } from "../text/words.js";

const NUMBER = /\p{N}+(?:[.,:'’\u00a0\u202f]\p{N}+)*/gu;
const ADDRESS =
  /(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|tel:|www\.)[^\s<>"'`|]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+|(?<![\p{L}\p{N}@])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/?#:][^\s<>"'`|]*)?/giu;
/** Letters and digits in one word: model numbers, error codes, keys. */
const CODE = /(?=[\p{L}\p{N}_-]*\p{N})(?=[\p{L}\p{N}_-]*\p{L})[\p{L}\p{N}]+(?:[_-][\p{L}\p{N}]+)*/gu;

const NUMBER_WORDS: Readonly<Record<string, string>> = {
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
  ten: "10",
  eleven: "11",
  twelve: "12",
  twenty: "20",
  thirty: "30",
  fifty: "50",
  hundred: "100",
  zwei: "2",
  drei: "3",
  vier: "4",
  fünf: "5",
  sechs: "6",
  sieben: "7",
  acht: "8",
  neun: "9",
  zehn: "10",
  zwölf: "12",
  deux: "2",
  trois: "3",
  quatre: "4",
  cinq: "5",
  sept: "7",
  huit: "8",
  neuf: "9",
  dix: "10",
  dos: "2",
  tres: "3",
  cuatro: "4",
  cinco: "5",
  seis: "6",
  siete: "7",
  ocho: "8",
  nueve: "9",
  diez: "10",
};

const NEGATIONS: ReadonlySet<string> = new Set(
  `not no never none cannot without nor neither nobody nothing nowhere kein keine keinen keinem keiner nicht nie niemals
  ohne nichts weder pas jamais aucun aucune sans rien ni nunca sin ningún ninguna nada não sem nem nenhum nenhuma non mai
  senza nessun nessuna niente niet geen nooit zonder niets unable impossible keines
  niemand nirgends unmöglich nul nulle ningun ninguno jamás nadie tampoco imposible ninguém impossível né nulla neanche
  nemmeno impossibile nergens onmogelijk`.split(/\s+/u),
);

/** Pairs of words that turn a statement into its contrary. */
const OPPOSITES: readonly (readonly [string, string])[] = [
  ["before", "after"],
  ["above", "below"],
  ["over", "under"],
  ["more", "less"],
  ["more", "fewer"],
  ["minimum", "maximum"],
  ["least", "most"],
  ["enable", "disable"],
  ["enabled", "disabled"],
  ["on", "off"],
  ["allow", "forbid"],
  ["allowed", "forbidden"],
  ["included", "excluded"],
  ["include", "exclude"],
  ["free", "paid"],
  ["open", "closed"],
  ["open", "close"],
  ["left", "right"],
  ["always", "sometimes"],
  ["required", "optional"],
  ["monthly", "yearly"],
  ["increase", "decrease"],
  ["first", "last"],
  ["vor", "nach"],
  ["mit", "ohne"],
  ["ein", "aus"],
  ["mindestens", "höchstens"],
  ["avant", "après"],
  ["plus", "moins"],
  ["antes", "después"],
  ["más", "menos"],
  ["prima", "dopo"],
  ["voor", "na"],
  ["bevor", "nachdem"],
  ["aktivieren", "deaktivieren"],
  ["aktiviert", "deaktiviert"],
  ["öffnen", "schließen"],
  ["hinzufügen", "entfernen"],
  ["links", "rechts"],
  ["oben", "unten"],
  ["kostenlos", "kostenpflichtig"],
  ["activer", "désactiver"],
  ["activez", "désactivez"],
  ["activé", "désactivé"],
  ["ajouter", "supprimer"],
  ["ajoutez", "supprimez"],
  ["gratuit", "payant"],
  ["gauche", "droite"],
  ["avec", "sans"],
  ["activar", "desactivar"],
  ["activa", "desactiva"],
  ["agregar", "eliminar"],
  ["añadir", "eliminar"],
  ["gratis", "pago"],
  ["izquierda", "derecha"],
  ["con", "sin"],
  ["ativar", "desativar"],
  ["adicionar", "remover"],
  ["esquerda", "direita"],
  ["com", "sem"],
  ["attivare", "disattivare"],
  ["aggiungere", "rimuovere"],
  ["sinistra", "destra"],
  ["con", "senza"],
  ["inschakelen", "uitschakelen"],
  ["toevoegen", "verwijderen"],
  ["met", "zonder"],
];
const OPPOSED: ReadonlySet<string> = new Set(OPPOSITES.flat());

/** Numbers and amounts, without separators and signs; small number words count as digits. */
export function numbersIn(text: string): ReadonlySet<string> {
  const digits = text.normalize("NFKC").match(NUMBER)?.flatMap(spellings) ?? [];
  const spelled = rawWordsOf(text).flatMap((word) => NUMBER_WORDS[word] ?? []);
  return new Set([...digits, ...spelled]);
}

/** Numbers that a statement needs proof for: digits only, since "one" is mostly a pronoun. */
export function claimedNumbers(text: string): readonly string[] {
  return (text.normalize("NFKC").match(NUMBER) ?? []).map(plainNumber);
}

/** Addresses and codes: what must be found letter for letter. Lower case, punctuation at the end left off. */
export function exactTokens(text: string): ReadonlySet<string> {
  const addresses = (text.match(ADDRESS) ?? []).map((address) => address.replace(/[.,;:!?)\]}*_]+$/u, ""));
  const codes = text.replaceAll(ADDRESS, " ").match(CODE) ?? [];
  return new Set([...addresses, ...codes].map((token) => token.toLowerCase()));
}

/** "two" as "2"; null for what is no number word. */
export function asDigits(word: string): string | null {
  return NUMBER_WORDS[word] ?? null;
}

export function isNegated(text: string): boolean {
  return negationsIn(text) > 0;
}

export function negationsIn(text: string): number {
  return rawWordsOf(text).filter((word) => NEGATIONS.has(word) || word.endsWith("n't")).length;
}

export function oppositesIn(text: string): ReadonlySet<string> {
  return new Set(rawWordsOf(text).filter((word) => OPPOSED.has(word)));
}

/** Whether one of the two says the contrary of the other: "before" where the other has only "after". */
export function contradict(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return OPPOSITES.some(([one, other]) => swaps(left, right, one, other) || swaps(left, right, other, one));
}

function swaps(left: ReadonlySet<string>, right: ReadonlySet<string>, one: string, other: string): boolean {
  return left.has(one) && !left.has(other) && right.has(other) && !right.has(one);
}

/** "1,000", "1’000" and "1.000" are one number; "1.5" is not "15". */
function plainNumber(number: string): string {
  return /^\p{N}{1,3}(?:[.,'’\u00a0\u202f]\p{N}{3})+$/u.test(number)
    ? number.replaceAll(/[^\p{N}]/gu, "")
    : number.replaceAll(/[\u00a0\u202f]/gu, " ").replaceAll(",", ".");
}

/** "14:00" also proves "14". */
function spellings(number: string): readonly string[] {
  return [plainNumber(number), ...number.split(/[:\u00a0\u202f]/u).map(plainNumber)];
}
