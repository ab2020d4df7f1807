export const RATINGS = [1, 2, 3, 4, 5] as const;
/** 5 is best. */
export type Rating = (typeof RATINGS)[number];

/** A rating may be given, and changed, for so long after the question. */
export const RATING_OPEN_FOR_MS = 7 * 24 * 3_600_000;

/** How long the words may be that a customer adds, in characters. */
export const LONGEST_RATING_WORDS = 1_000;

export interface RatingStore {
  /** Notes that the customer is asked, and about whom. False when they were asked about this handoff before. */
  ask(handoffId: string, agent: { readonly id: string; readonly displayName: string } | null): Promise<boolean>;
  /**
   * Writes or changes a rating. `changed` where there was another before; `over` where nobody was asked, or so long ago, or where it is the rated agent's own;
   * `not-the-customer` where somebody else was helped; `unchanged` where it was the same before.
   */
  rate(
    handoffId: string,
    rating: Rating,
    authorId: string,
    openForMs: number,
  ): Promise<"rated" | "changed" | "unchanged" | "over" | "not-the-customer">;
  /** Writes or changes what a customer adds. The same as with {@link rate}; `over` also while there is no rating. */
  addWords(
    handoffId: string,
    words: string,
    authorId: string,
    openForMs: number,
  ): Promise<"rated" | "unchanged" | "over" | "not-the-customer">;
  /** Null while it is not rated. */
  of(handoffId: string): Promise<Rating | null>;
}
