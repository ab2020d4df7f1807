/** A moment in the words of a card: no seconds, and its zone with it, since a team may sit in several. */
export function shortTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
