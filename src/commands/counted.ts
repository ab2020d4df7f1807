/** For example `1 document` or `7 documents`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** For example `2026-01-02 03:04`. */
export function moment(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

/** For example `2026-01-02`. */
export function day(at: string): string {
  return at.slice(0, 10);
}
