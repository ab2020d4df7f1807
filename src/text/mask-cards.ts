/** Digits, with single spaces or hyphens between groups of them. */
const DIGIT_GROUPS = /\d+(?:[ -]\d+)*/gu;
/** What the networks give out: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay. */
const ISSUED =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35\d{14,17}|62\d{14,17})$/u;
const LENGTHS = { shortest: 13, longest: 19, shown: 4 };
const SECURITY_CODE = /\b(cvv2?|cvc2?|cv2|csc|security code|prüfnummer|prüfziffer|cryptogramme)(\W{0,4})\d{3,4}\b/giu;

/**
 * A text in which of each number of a payment card only the last four digits are left, and nothing of the security code
 * beside one. A number is taken for a card's when a network gives out such numbers and its check digit is right.
 */
export function maskCards(text: string): string {
  const masked = text.replaceAll(DIGIT_GROUPS, maskIn);
  return masked === text ? text : masked.replaceAll(SECURITY_CODE, "$1$2•••");
}

/** A card's number may stand beside another one: "order 12 4111 1111 1111 1111". */
function maskIn(run: string): string {
  if (run.length < LENGTHS.shortest) return run;
  const groups = run.split(/(?<=[ -])/u);
  const numbers = groups.map(digitsOf);
  const shown: string[] = [];
  for (let at = 0; at < groups.length;) {
    const end = endOfCard(numbers, at);
    if (end === null) {
      shown.push(groups[at] ?? "");
      at += 1;
    } else {
      const card = groups.slice(at, end).join("");
      shown.push(`•••• ${digitsOf(card).slice(-LENGTHS.shown)}${/[ -]$/u.exec(card)?.[0] ?? ""}`);
      at = end;
    }
  }
  return shown.join("");
}

/** Where the longest card's number ends that begins with a group, or null. */
function endOfCard(numbers: readonly string[], from: number): number | null {
  let digits = "";
  let end: number | null = null;
  for (let at = from; at < numbers.length; at += 1) {
    const next = numbers[at] ?? "";
    if (digits.length + next.length > LENGTHS.longest) break;
    digits += next;
    if (isCard(digits)) end = at + 1;
  }
  return end;
}

function digitsOf(text: string): string {
  return text.replaceAll(/[^\d]/gu, "");
}

function isCard(digits: string): boolean {
  const { shortest, longest } = LENGTHS;
  return digits.length >= shortest && digits.length <= longest && ISSUED.test(digits) && hasRightCheckDigit(digits);
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
