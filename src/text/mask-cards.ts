/** One or two spaces, dots, dashes or line ends between the groups of a number. */
const GAP = "[\\p{Zs}\\t\\n.\\p{Pd}]{1,2}";
/**
 * How a card's number is written: in one piece, or in the networks' groups of 4-4-4-4 (and up to three more), 4-6-5 or 4-6-4. Part of a word, a
 * path or a longer number is none: those are orders and addresses of pages.
 */
const WRITTEN = new RegExp(
  `(?<![\\p{L}\\p{N}_/=#&?%+]|\\p{N}${GAP})(?:\\d{14,19}|\\d{4}(?:${GAP}\\d{4}){3}(?:${GAP}\\d{1,3})?|\\d{4}${GAP}\\d{6}${GAP}\\d{4,5})(?![\\p{L}\\p{N}_/=&?%])`,
  "gu",
);
/** What the networks give out: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay. */
const ISSUED =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35\d{14,17}|62\d{14,17})$/u;
const SHOWN = 4;
const SECURITY_CODE =
  /(?<![\p{L}])(cvv2?|cvc2?|cv2|csc|security code|prüfnummer|prüfziffer|cryptogramme)([^\p{L}\p{N}]{0,4})\d{3,4}(?!\d)/giu;

/**
 * A text in which of each number of a payment card only the last four digits are left, and nothing of the security code
 * beside one. A number is taken for a card's when a network gives out such numbers, it is written as they are, and its check
 * digit is right.
 */
export function maskCards(text: string): string {
  const masked = text.replaceAll(WRITTEN, (written) => {
    const digits = written.replaceAll(/\D/gu, "");
    return isCard(digits) ? `•••• ${digits.slice(-SHOWN)}` : written;
  });
  return masked === text ? text : masked.replaceAll(SECURITY_CODE, "$1$2•••");
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
