const EMAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const NUMBER = /(?<![\p{L}\p{N}_./:=#-])(?:\+|\(\+?)?\d[\d ()./-]{5,22}\d(?![\p{L}\p{N}_])/gu;
const DATE = /^\d{4}[-./]\d{1,2}[-./]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./]\d{2,4}(?:$| )/u;
const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}/u;

export function maskEmails(text: string): string {
  return text.replace(EMAIL, "[e-mail address]");
}

/** Numbers as people write those of phones: with a plus, a zero in front or at least two gaps; no dates and no versions. */
export function maskPhones(text: string): string {
  return text.replace(NUMBER, (number) => (isPhone(number) ? "[phone number]" : number));
}

function isPhone(number: string): boolean {
  const digits = number.replace(/\D/gu, "");
  if (digits.length < 8 || digits.length > 15 || DATE.test(number) || IP_ADDRESS.test(number)) return false;
  if (/^(?:\(?\+|00)/u.test(number)) return true;
  const gaps = number.match(/[ ()/-]+/gu)?.length ?? 0;
  return /^\(?0/u.test(number) ? gaps > 0 || digits.length >= 10 : gaps >= 2;
}

/**
 * Puts roles in place of names, whole and by their parts. Names are told by their case, so that somebody called Will does
 * not take the verb out of a sentence.
 * @param people what each is called, and the role that stands for them
 */
export function maskNames(text: string, people: readonly { names: readonly string[]; role: string }[]): string {
  const roles = new Map<string, string>();
  for (const { names, role } of people) {
    for (const name of names.flatMap(withParts)) if (!roles.has(name)) roles.set(name, role);
  }
  if (roles.size === 0) return text;
  const longestFirst = [...roles.keys()].sort((left, right) => right.length - left.length).map(escaped);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])@?(${longestFirst.join("|")})(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(pattern, (_, name: string) => roles.get(name) ?? name);
}

const LEAST_LETTERS = 2;

/** A handle such as `anna` is a word like any other unless it is written as a name. */
function withParts(name: string): readonly string[] {
  const parts = name.split(/[\s.]+/u);
  return [name, ...parts]
    .map((part) => part.trim())
    .filter((part) => part.length >= LEAST_LETTERS && /^\p{Lu}|^\p{Lo}|[._\d]/u.test(part));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");
}
