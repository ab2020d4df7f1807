/** Up to three spaces, dots, dashes or line ends between the groups of a number. */
const GAP = "[\\p{Zs}\\t\\n.\\p{Pd}]{1,3}";
const RUN = new RegExp(`\\d+(?:${GAP}\\d+)*`, "gu");
const GROUP = /(\D*)(\d+)/gu;

type Length = readonly [least: number, most: number];
const FOUR: Length = [4, 4];
/** In one piece, or in the networks' groups of 4-4-4-4 (and up to three more), 4-6-5 or 4-6-4. The longest comes first. */
const WRITTEN: readonly (readonly Length[])[] = [
  [FOUR, FOUR, FOUR, FOUR, [1, 3]],
  [FOUR, FOUR, FOUR, FOUR],
  [FOUR, [6, 6], [4, 5]],
  [[14, 19]],
];
/** What the networks give out: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay. */
const ISSUED =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35\d{14,17}|62\d{14,17})$/u;
const SHOWN = 4;
const MASK = "•••• ";
const SECURITY_CODE =
  /(?<![\p{L}])(cvv2?|cvc2?|cv2|csc|security code|prüfnummer|prüfziffer|cryptogramme)([^\p{L}\p{N}]{0,4})\d{3,4}(?!\d)/giu;

/** What makes the word that ends or begins there more than a number: the part of a name, a path or an address. */
const WORD_BEFORE = /(?:[\p{L}\p{N}]_{0,3}|[/=#&?%+])$/u;
const WORD_BEHIND = /^(?:_{0,3}[\p{L}\p{N}]|[/=&?%]\p{L})/u;
/** How far they look. */
const CONTEXT = 8;

/**
 * A text in which of each number of a payment card only the last four digits are left, and nothing of the security code
 * beside one. A number is taken for a card's when a network gives out such numbers, it is written as they are, and its check
 * digit is right. Part of a word, a path or a longer number is none: those are orders, accounts and addresses of pages.
 */
export function maskCards(text: string): string {
  const masked = text.replaceAll(RUN, (run, at: number) => maskedRun(run, { text, at }));
  return masked === text ? text : masked.replaceAll(SECURITY_CODE, "$1$2•••");
}

interface Place {
  readonly text: string;
  /** Where in it the run begins. */
  readonly at: number;
}

interface Group {
  readonly digits: string;
  /** What stands between it and the one before. */
  readonly gap: string;
  /** Where its digits begin in the text. */
  readonly at: number;
  /** Where the word begins that it belongs to. */
  readonly wordAt: number;
}

function maskedRun(run: string, { text, at }: Place): string {
  const groups = groupsOf(run, at);
  // What was masked before ends in four digits, which may look like the beginning of the next.
  const isTail = text.startsWith(MASK, at - MASK.length) && cardAt(groups, 1, true, text).length > 0;
  let [masked, next, isBehindCard] = isTail ? [groups[0]?.digits ?? "", 1, true] : ["", 0, false];
  while (next < groups.length) {
    const taken = cardAt(groups, next, isBehindCard, text);
    const { gap = "", digits = "" } = groups[next] ?? {};
    const number = taken.map((group) => group.digits).join("");
    masked += gap + (number === "" ? digits : MASK + number.slice(-SHOWN));
    isBehindCard = number !== "";
    next += Math.max(1, taken.length);
  }
  return masked;
}

function groupsOf(run: string, start: number): readonly Group[] {
  let wordAt = start;
  return Array.from(run.matchAll(GROUP), ({ 1: gap = "", 2: digits = "", index }) => {
    const at = start + index + gap.length;
    if (/\s/u.test(gap)) wordAt = at;
    return { digits, gap, at, wordAt };
  });
}

/** Those that make a card's number from there on; empty where none does. */
function cardAt(groups: readonly Group[], from: number, isBehindCard: boolean, text: string): readonly Group[] {
  for (const written of WRITTEN) {
    if (!written.every((length, index) => isAsLong(groups[from + index], length))) continue;
    const taken = groups.slice(from, from + written.length);
    if (!isCard(taken.map(({ digits }) => digits).join(""))) continue;
    if (isBehindCard || !(isPartOfWord(taken, text) || isPartOfLonger(groups, from, text))) return taken;
  }
  return [];
}

function isAsLong(group: Group | undefined, [least, most]: Length): boolean {
  return group !== undefined && group.digits.length >= least && group.digits.length <= most;
}

/** Groups with spaces between them are words of their own, whatever somebody typed right beside them. */
function isPartOfWord(taken: readonly Group[], text: string): boolean {
  const [first, last] = [taken[0], taken.at(-1)];
  if (first === undefined || last === undefined || first.wordAt !== last.wordAt) return false;
  const end = last.at + last.digits.length;
  const before = text.slice(Math.max(0, first.at - CONTEXT), first.at);
  return first.wordAt < first.at || WORD_BEFORE.test(before) || WORD_BEHIND.test(text.slice(end, end + CONTEXT));
}

/** Whether it goes on to the left in the same groups of four, as the number of an account does that letters begin. */
function isPartOfLonger(groups: readonly Group[], from: number, text: string): boolean {
  const [before, first, second] = [groups[from - 1], groups[from], groups[from + 1]];
  if (before === undefined || !isAsLong(first, FOUR) || !isAsLong(second, FOUR)) return false;
  if (first?.gap !== second?.gap) return false;
  return isAsLong(before, FOUR) || (from === 1 && /\p{L}$/u.test(text.slice(0, before.at).slice(-CONTEXT)));
}

function isCard(digits: string): boolean {
  return ISSUED.test(digits) && hasRightCheckDigit(digits);
}

/** The sum of the digits of the double. */
const DOUBLED: readonly number[] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/** By Luhn's sum. */
function hasRightCheckDigit(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : (DOUBLED[digit] ?? 0)), 0);
  return sum % 10 === 0;
}
