export const RATINGS = [1, 2, 3, 4, 5] as const;
/** 5 is best. */
export type Rating = (typeof RATINGS)[number];

export interface RatingStore {
  /** Notes that the customer is asked, and about whom. False when they were asked about this handoff before. */
  ask(handoffId: string, agent: { readonly id: string; readonly displayName: string } | null): Promise<boolean>;
  /**
   * Writes or changes a rating. `over` where nobody was asked, or so long ago, or where it is the rated agent's own;
   * `not-the-customer` where somebody else was helped; `unchanged` where it was the same before.
   */
  rate(
    handoffId: string,
    rating: Rating,
    authorId: string,
    openForMs: number,
  ): Promise<"rated" | "unchanged" | "over" | "not-the-customer">;
  /** Null while it is not rated. */
  of(handoffId: string): Promise<Rating | null>;
}
