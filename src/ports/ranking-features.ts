/** What the order of passages is learned from, each part between 0 and 1 or close to it. */
export const RANKING_FEATURES = [
  /** Lexical share and cosine similarity with fixed shares: the order that passages are proposed in. */
  "fused",
  /** Cosine similarity; 0 while there are no vectors. */
  "similarity",
  /** Share of the question's idf mass that the passage holds, with its title and headings. */
  "coverage",
  /** BM25F of the passage by itself; saturates. */
  "strength",
  /** Share of the question's idf mass that the title holds. */
  "titleCoverage",
  /** How like the letters of the title are to those of the question (Dice). */
  "titleLetters",
  /** Share of the title's letter groups that the question holds. */
  "titleAsked",
  /** The same of the sentence that is most like the question (Dice). */
  "sentenceLetters",
  /** The most of the question's letter groups that one sentence holds. */
  "sentenceHolds",
  /** The most of the question's idf mass that one sentence holds together with title and headings. */
  "together",
  /** How many words it has, as a logarithm. */
  "length",
  /** How much more of the best candidates come from its source than of all: a logarithm. */
  "sourceLead",
  /** How near the title is to the question in meaning: the cosine of their vectors. */
  "titleMeaning",
  /** The same of the title with the sentence that makes it nearest. */
  "sentenceMeaning",
] as const;

export type RankingFeature = (typeof RANKING_FEATURES)[number];

/** What each feature weighs in the order of passages. */
export type RankingWeights = Readonly<Record<RankingFeature, number>>;
