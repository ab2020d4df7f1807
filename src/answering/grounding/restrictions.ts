import type { Language } from "../../text/stop-words.js";

/** What narrows, widens or commits a statement. */
export const RESTRICTIONS = [
  "only",
  "unless",
  "if",
  "all",
  "some",
  "always",
  "sometimes",
  "must",
  "may",
  "lower",
  "upper",
] as const;
export type Restriction = (typeof RESTRICTIONS)[number];

type Lexicon = Readonly<Record<Restriction, RegExp>>;

/** Languages whose statements are read for more than shared words, numbers and negations; English has rules of its own. */
const LEXICONS: Readonly<Partial<Record<Language, Lexicon>>> = {
  german: {
    only: words("nur|lediglich|ausschließlich|einzig|bloß"),
    unless: words("außer|es sei denn|ausgenommen|mit ausnahme"),
    if: words("wenn|falls|sofern|sobald|solange|im falle|bei"),
    all: words("alle[nrsm]?|jede[nrsm]?|sämtliche[nr]?|beide[nr]?"),
    some: words("einige[nr]?|manche[nr]?|mehrere[nr]?|wenige[nr]?|bestimmte[nr]?"),
    always: words("immer|stets|jederzeit"),
    sometimes: words("manchmal|gelegentlich|selten|mitunter|ab und zu"),
    must: words("muss|müssen|musst|müsst|erforderlich|notwendig|nötig|zwingend|verpflichtend"),
    may: words("kann|können|kannst|könnt|darf|dürfen|darfst|optional|freiwillig|möglich"),
    lower: words("mindestens|wenigstens|mehr als|länger als"),
    upper: words("höchstens|maximal|bis zu|weniger als|kürzer als"),
  },
  french: {
    only: words("seulement|uniquement|exclusivement|seule?s?|n(?:e |['’])\\S+(?: \\S+){0,2}? qu(?:e|['’])"),
    unless: words("sauf|à moins|excepté|hormis|à l['’]exception"),
    if: words("si|s['’]ils?|lorsque?|lorsqu['’]\\S*|quand|dès que|en cas de|tant que|à condition"),
    all: words("tous|toutes|toute?|chaque|chacune?|l['’]ensemble"),
    some: words("certaine?s?|quelques|plusieurs|parfois des"),
    always: words("toujours|systématiquement|à tout moment"),
    sometimes: words("parfois|quelquefois|rarement|occasionnellement|de temps en temps"),
    must: words(
      "doit|doivent|devez|devrez|devra|devront|faut|faudra|obligatoire(?:ment|s)?|nécessaires?|requis\\S*|requiert",
    ),
    may: words("peut|peuvent|pouvez|pourrez|pourra|pourront|facultatifs?|facultatives?|possible"),
    lower: words("au moins|au minimum|plus de|minimum"),
    upper: words("au plus|au maximum|moins de|jusqu['’]à|maximum"),
  },
  spanish: {
    only: words("solo|sólo|solamente|únicamente|exclusivamente|únic[oa]s?"),
    unless: words("salvo|excepto|a menos|a excepción|menos que"),
    if: words("si|cuando|en caso de|siempre que|en cuanto"),
    all: words("tod[oa]s?|cada|cualquiera?|ambos|ambas"),
    some: words("algun[oa]s?|algún|ciert[oa]s|vari[oa]s|unos pocos"),
    always: words("siempre(?! que)|en todo momento"),
    sometimes: words("a veces|en ocasiones|raramente|rara vez|ocasionalmente"),
    must: words(
      "debe|deben|deberá|deberán|debes|hay que|tiene que|tendrá que|tienen que|obligatori[oa]s?|necesari[oa]s?|requiere",
    ),
    may: words("puede|pueden|puedes|podrá|podrán|opcional(?:es)?|opcionalmente|posible"),
    lower: words("al menos|como mínimo|más de|por lo menos|mínimo"),
    upper: words("como máximo|a lo sumo|menos de|hasta|máximo"),
  },
  portuguese: {
    only: words("só|somente|apenas|unicamente|exclusivamente"),
    unless: words("exceto|salvo|a menos|com exceção"),
    if: words("se|quando|caso|em caso de|desde que"),
    all: words("tod[oa]s?|cada|qualquer|ambos|ambas"),
    some: words("algun[sm]?|algumas?|cert[oa]s|vári[oa]s"),
    always: words("sempre(?! que)"),
    sometimes: words("às vezes|raramente|ocasionalmente|por vezes"),
    must: words("deve|devem|deverá|tem de|tem que|precisa|obrigatóri[oa]s?|necessári[oa]s?"),
    may: words("pode|podem|poderá|opcional(?:mente)?|opcionais|possível"),
    lower: words("pelo menos|no mínimo|mais de"),
    upper: words("no máximo|até|menos de"),
  },
  italian: {
    only: words("solo|soltanto|solamente|unicamente|esclusivamente"),
    unless: words("tranne|eccetto|salvo|a meno|ad eccezione"),
    if: words("se|quando|qualora|in caso di|non appena|purché"),
    all: words("tutt[oiae]|ogni|ciascun[oa]?|qualsiasi|entrambi|entrambe"),
    some: words("alcun[ie]|cert[ie]|qualche|divers[ie]"),
    always: words("sempre"),
    sometimes: words("a volte|talvolta|raramente|occasionalmente"),
    must: words("deve|devono|devi|dovrà|bisogna|occorre|obbligatori[oae]?|necessari[oae]?"),
    may: words("può|possono|puoi|potrà|facoltativ[oae]|facoltativi|possibile"),
    lower: words("almeno|come minimo|più di|minimo"),
    upper: words("al massimo|fino a|meno di|massimo"),
  },
  dutch: {
    only: words("alleen|enkel|slechts|uitsluitend"),
    unless: words("tenzij|behalve|uitgezonderd|met uitzondering"),
    if: words("als|indien|wanneer|zodra|zolang|in geval van"),
    all: words("alle|elke?|iedere?|allebei|beide"),
    some: words("sommige|enkele|bepaalde|verschillende"),
    always: words("altijd|steeds"),
    sometimes: words("soms|zelden|af en toe|nu en dan"),
    must: words("moet|moeten|verplichte?|vereiste?|noodzakelijke?|nodig"),
    may: words("kan|kunnen|kunt|mag|mogen|optione(?:el|le)|mogelijk"),
    lower: words("minstens|minimaal|ten minste|meer dan"),
    upper: words("hoogstens|maximaal|ten hoogste|minder dan|tot(?= \\p{N})"),
  },
};

export function isReadForRestrictions(language: Language): boolean {
  return LEXICONS[language] !== undefined;
}

/** Where each restriction of a text ends, in its characters. */
export function restrictionsIn(text: string, language: Language): ReadonlyMap<Restriction, readonly number[]> {
  const lexicon = LEXICONS[language];
  if (lexicon === undefined) return new Map();
  return new Map(
    RESTRICTIONS.map((name) => [name, [...text.matchAll(lexicon[name])].map((match) => match.index + match[0].length)]),
  );
}

function words(list: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${list})(?![\\p{L}\\p{N}])`, "giu");
}
