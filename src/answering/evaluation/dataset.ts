import type { ConversationTurn } from "../../ports/models.js";
import type { Grades } from "./metrics.js";

export interface EvaluationDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface EvaluationQuery {
  readonly id: string;
  readonly text: string;
  readonly answerable: boolean;
  /** The conversation before a follow-up, oldest first. */
  readonly history: readonly ConversationTurn[];
  /** A sentence that a right answer contains. */
  readonly gold: string | null;
  /** What figures are broken down by: the query's `kind`, `label` and `style`, where it has them. */
  readonly groups: Readonly<Partial<Record<GroupField, string>>>;
}

export const GROUP_FIELDS = ["kind", "label", "style"] as const;
export type GroupField = (typeof GROUP_FIELDS)[number];

/** A labelled knowledge base: what is indexed, what is asked, and which documents answer it. */
export interface EvaluationDataset {
  readonly documents: readonly EvaluationDocument[];
  readonly queries: readonly EvaluationQuery[];
  /** By query id; a query without relevant documents has none. */
  readonly grades: ReadonlyMap<string, Grades>;
}
