import { stemWord } from "../../text/stem.js";

const listed = (words: string): readonly string[] => words.trim().split(/\s+/u);
const setOf = (words: string): ReadonlySet<string> => new Set(listed(words));

/** What a phrase of several words is read as, in this order, before words are looked at one by one. Lower case. */
export const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\bcannot\b/gu, "can not"],
  [/\bcan't\b/gu, "can not"],
  [/\bwon't\b/gu, "will not"],
  [/n't\b/gu, " not"],
  [/'(?:ll|re|ve|d|m|s)\b/gu, ""],
  [/\b(?:no|not) longer\b/gu, "not"],
  [/\bnot (?:necessarily|only|just)\b/gu, "partly"],
  [/\b(?:no (?:less|fewer) than|at least|a minimum of|at minimum)\b/gu, "atleast"],
  [/\b(?:no more than|at most|up to|a maximum of|at maximum|no later than|maximum of)\b/gu, "atmost"],
  [/\b(?:more|longer|greater|higher|larger|older) than\b/gu, "morethan"],
  [/\b(?:less|fewer|shorter|lower|smaller|newer|younger) than\b/gu, "lessthan"],
  [/\b(?:not able|unable) to\b/gu, "not"],
  [/\b(?:not (?:allowed|permitted)) to\b/gu, "can not"],
  [/\b(?:(?:is|are|be) )?(?:able|allowed|permitted) to\b/gu, "can"],
  [/\b(?:other than|apart from|with the exception of|except for)\b/gu, "except"],
  [/\b(?:as long as|provided that|in case)\b/gu, "if"],
  [/\b(?:have|has|had|need|needs|needed|required) to\b/gu, "must"],
  [/\b(?:limited|restricted) to\b/gu, "only for"],
  [/\bprior to\b/gu, "before"],
  [/\bwhether or not\b/gu, "whether"],
  [/\b(?:turn|switch)(s|es|ed|ing)? on\b/gu, "enable"],
  [/\b(?:turn|switch)(s|es|ed|ing)? off\b/gu, "disable"],
  [/\b(?:log|sign)(?:s|ged|ging|ed|ing)? in\b/gu, "login"],
  [/\b(?:log|sign)(?:s|ged|ging|ed|ing)? out\b/gu, "logout"],
  [/\bset(?:s|ting)? up\b/gu, "setup"],
  [/\bby (?:itself|themselves)\b/gu, "automatically"],
  [/\be-mail/gu, "email"],
];

/** Words that say the same in a support answer. The first stands for all. */
const ALIKE: readonly string[] = [
  "click select choose press tap pick hit chosen chose",
  "delete remove erase discard",
  "create make build generate made",
  "change edit modify alter update adjust customize",
  "show display reveal present appear shown",
  "see view seen",
  "send post deliver sent",
  "get receive obtain got",
  "start begin commence launch began",
  "end finish complete conclude",
  "go navigate head visit proceed went gone",
  "type enter input fill write written wrote",
  "configure set setup",
  "allow let permit enable",
  "prevent forbid prohibit disallow block bar stop",
  "help assist support aid",
  "use utilize employ using via through",
  "find locate discover found",
  "need require must",
  "ask request",
  "tell inform notify alert told",
  "keep retain store save kept",
  "want like wish prefer",
  "fix repair resolve solve correct",
  "buy purchase",
  "give provide grant offer given gave",
  "connect link attach",
  "copy duplicate",
  "move transfer shift",
  "contact reach",
  "take bring redirect taken brought",
  "verify check confirm",
  "also additionally",
  "automatically automatic",
  "picture image photo avatar",
  "page screen",
  "window dialog popup modal",
  "app application program",
  "section area",
  "menu dropdown",
  "option choice",
  "button icon",
  "phone mobile",
  "company organization organisation",
  "directly straight",
  "large big",
  "quickly fast",
  "immediately instantly",
  "advise recommend suggest",
  "several multiple",
  "top upper",
  "bottom lower",
  "available accessible",
  "follow following",
  "login signin",
  "information details info",
  "name title called",
];

const CLASSES: ReadonlyMap<string, string> = new Map(
  ALIKE.flatMap((line) => {
    const [first = "", ...rest] = listed(line);
    return [first, ...rest].map((word) => [stemWord(word, "english"), stemWord(first, "english")] as const);
  }),
);

/** One form for all the forms of a word and of those that say the same. */
export function keyOf(word: string): string {
  const stem = stemWord(word, "english");
  return CLASSES.get(stem) ?? stem;
}

const keysOf = (words: string): ReadonlySet<string> => new Set(listed(words).map(keyOf));

/** Words that say nothing of their own; a paraphrase adds and drops them. */
export const FREE: ReadonlySet<string> = setOf(`
  a an the this that these those it its they them their theirs you your yours yourself we us our i my he him his she her
  one ones is are am was were be been being do does did done doing have has had having will would shall of in on at to for
  from by as into onto with within over about and or but so also too then there here than such same other own just please
  note simply easily quickly directly currently generally usually already still now yet highly very quite well both which who whom whose
  what where how while during since because though although however therefore thus instead rather like etc per each way
  following next first second third finally last then lastly afterwards afterward afterthat secondly firstly begin sure yes ok case order
  can could may might must should if when whenever once until before after unless except only solely exclusively even
  all every any some most many few several none no not never without nor neither nobody nothing always sometimes often
  partly whether specific documentation according described help documented short want like wish prefer using
  atleast atmost morethan lessthan out up off down back via through means together follow follows additionally much amount number
`);

export const NEGATORS: ReadonlySet<string> = setOf("no not never none without nobody nothing nor neither impossible");
/** They deny what comes after them without being a "not". */
export const DENYING: ReadonlySet<string> = keysOf(
  "prevent fail lack avoid refuse deny stop unavailable instead rather",
);

/** What readers are told to do with their hands. */
export const ORDERS: ReadonlySet<string> = keysOf(
  "click type go open set add scroll copy paste enable configure hover check toggle upload download install run",
);

const ROLE_NAMES = `administrator owner moderator member guest user developer manager customer visitor agent subscriber
  employee creator author teammate`;
/** Who does something, by how it is written: "customer" has the stem of "customize". */
const ROLES: ReadonlyMap<string, string> = new Map([
  ...listed(ROLE_NAMES).flatMap((name) => [[name, `@${name}`] as const, [`${name}s`, `@${name}`] as const]),
  ...listed("admin admins").map((word) => [word, "@administrator"] as const),
  ...listed("people person persons").map((word) => [word, "@user"] as const),
  ...listed("anyone everyone anybody everybody").map((word) => [word, "@anyone"] as const),
]);
/** Whoever "you" may be. */
export const ANY_ROLE: ReadonlySet<string> = new Set(["@user", "@anyone"]);

/** The one form of a word for people, or null. */
export function roleOf(word: string): string | null {
  return ROLES.get(word) ?? null;
}

export const UNITS: ReadonlySet<string> = keysOf(
  `millisecond seconds sec minute min hour day week month year decade hourly daily weekly monthly yearly kb mb gb tb byte
  kilobyte megabyte gigabyte terabyte pixel px percent character line inch centimeter millimeter millimetre metre meter
  euro dollar cent degree`,
);

/** Pairs that turn a statement into its contrary. The order of time is not among them: "before" may be said with "after". */
const CONTRARIES: readonly (readonly [string, string])[] = (
  [
    "allow prevent",
    "allow disable",
    "show hide",
    "see hide",
    "include exclude",
    "add delete",
    "create delete",
    "subscribe unsubscribe",
    "mute unmute",
    "open close",
    "start end",
    "start stop",
    "login logout",
    "increase decrease",
    "expand collapse",
    "public private",
    "free paid",
    "required optional",
    "need optional",
    "above below",
    "over under",
    "top bottom",
    "left right",
    "minimum maximum",
    "more less",
    "more fewer",
    "most least",
    "on off",
    "up down",
    "send get",
    "import export",
    "upload download",
    "old new",
    "short long",
    "lock unlock",
    "online offline",
    "permanent temporary",
    "permanently temporarily",
    "automatically manually",
    "monthly yearly",
    "incoming outgoing",
    "accept reject",
    "accept decline",
    "approve reject",
    "keep delete",
    "keep lose",
    "possible impossible",
    "visible hidden",
    "earlier later",
    "before after",
    "first last",
    "with without",
    "included excluded",
    "internal external",
    "connect disconnect",
    "desktop mobile",
  ] as const
).map((pair) => {
  const [one = "", other = ""] = listed(pair);
  return [keyOf(one), keyOf(other)] as const;
});

const DENYING_PREFIX = /^(?:un|dis|de|in|im|non|ir)(?=.{3})/u;

/** Whether one of two words, given as keys, says the contrary of the other. */
export function areContrary(one: string, other: string): boolean {
  if (CONTRARIES.some(([left, right]) => (left === one && right === other) || (left === other && right === one)))
    return true;
  return one !== other && (one.replace(DENYING_PREFIX, "") === other || other.replace(DENYING_PREFIX, "") === one);
}

/** What narrows or widens a statement. */
export type Operator =
  | "only"
  | "unless"
  | "if"
  | "even"
  | "all"
  | "some"
  | "most"
  | "always"
  | "sometimes"
  | "must"
  | "may"
  | "should"
  | "lower"
  | "upper";

export const OPERATORS: Readonly<Partial<Record<string, Operator>>> = {
  only: "only",
  solely: "only",
  exclusively: "only",
  merely: "only",
  alone: "only",
  unless: "unless",
  except: "unless",
  excluding: "unless",
  if: "if",
  when: "if",
  whenever: "if",
  once: "if",
  whether: "if",
  even: "even",
  all: "all",
  every: "all",
  each: "all",
  any: "all",
  anyone: "all",
  anybody: "all",
  everyone: "all",
  everybody: "all",
  everything: "all",
  anything: "all",
  entire: "all",
  entirely: "all",
  both: "all",
  some: "some",
  certain: "some",
  several: "some",
  few: "some",
  most: "most",
  many: "most",
  always: "always",
  sometimes: "sometimes",
  occasionally: "sometimes",
  rarely: "sometimes",
  must: "must",
  mandatory: "must",
  can: "may",
  could: "may",
  may: "may",
  might: "may",
  optional: "may",
  optionally: "may",
  should: "should",
  atleast: "lower",
  morethan: "lower",
  minimum: "lower",
  atmost: "upper",
  lessthan: "upper",
  maximum: "upper",
};
