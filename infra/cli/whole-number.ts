import { InvalidArgumentError } from "commander";

/** The value of an option that is a count or a seed. @throws {InvalidArgumentError} */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/u.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 to 9999999.");
  return Number(text);
}
