/** What retrieval shows about a question, each part between 0 and 1 or close to it. The names stand in traces. */
export const FEATURES = [
  /** BM25F of the first passage by itself; saturates. */
  "strength",
  /** Lexical and vector score of the first passage together: a share of the best that could be scored. */
  "score",
  /** How far the next title is behind, as a share of the first one's score. */
  "margin",
  /** How far it is behind by the trained order; saturates. */
  "lead",
  /** The first title's share when the trained order is read as the log odds of all titles that were found. */
  "preference",
  /** How far apart the scores of what was found are (standard deviation): alike they say that nothing stands out. */
  "contrast",
  /** Share of the question's rarity in words that nothing that was found holds. */
  "absent",
  /** Share of the first title's words that the question holds. */
  "titleMatched",
  /** `titleMatched` times how like each other the entry's lines are: the title of many wordings is a label and says less. */
  "labelMatched",
  /** Likeness in letters of the question and the five nearest lines of the first title. */
  "wording",
  /** How much less like it the three nearest lines of another title are than its own three. */
  "wordingLead",
  /** The share of the first title's own lines that would lead less over the other titles if they were asked instead. */
  "standing",
  /** The same in meaning: by vectors of words instead of letters. 0.5 in other languages than English. */
  "meaningStanding",
  /** How much more of the question, be it in other words, the three nearest lines of the first title say than another's. */
  "alignedLead",
  /** How much of the question the first title says, be it in other words. */
  "saidByTitle",
  /** How much of the first title the question says, be it in other words. These three are the same for what is not in English. */
  "titleSaid",
  /** The first title's share among the twenty nearest lines by words. */
  "votes",
  /** How much nearer the question is to a line of the first title than that line is to others of it; below 0 is outside. */
  "inside",
  /** The weight of the most typical word of the first title's lines that the question lacks. */
  "unsaid",
  /** 1 when the question is, word for word or stem for stem, a title, a heading or a line of the first title. */
  "exact",
] as const;

export type FeatureName = (typeof FEATURES)[number];
export type Features = Readonly<Record<FeatureName, number>>;
