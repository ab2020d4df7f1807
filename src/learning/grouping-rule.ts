/** What decides whether two groups of cases are about the same thing. */
export interface GroupingRule {
  /** Of the cosines of questions, of answers and of both together, in the logistic regression of how alike two cases are. */
  readonly asked: number;
  readonly answered: number;
  readonly whole: number;
  readonly bias: number;
  /** How sure it must be, on average over the cases of both, that two groups are one. */
  readonly least: number;
  /** How near the middles of what both ask must be in meaning, as a share of how near the questions of each are. */
  readonly leastOfMeaning: number;
}
