export const FAULTS = ["wrong", "outdated", "incomplete", "tone", "not-my-question"] as const;
/** What somebody says is wrong with an answer. */
export type Fault = (typeof FAULTS)[number];

export const CASE_STATES = ["open", "labelled", "dismissed"] as const;
/** `open`: nobody has said yet what the answer ought to be. */
export type CaseState = (typeof CASE_STATES)[number];

/** In characters. */
export const LONGEST_FAULT_WORDS = 1_000;

/** An answer that did not help, without personal data. */
export interface AnswerCase {
  readonly caseId: string;
  readonly answerId: string;
  readonly state: CaseState;
  /** Null while they have not said what. */
  readonly fault: Fault | null;
  /** What they say about it in their own words. */
  readonly words: string | null;
  readonly question: string;
  /** Null for whoever may not read all that it was made from. */
  readonly answer: string | null;
  /** What it cited, as far as the reader may read it. */
  readonly cited: readonly CaseDocument[];
  readonly label: CaseLabel | null;
  readonly labelledBy: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A document by its source and its id there. */
export interface CaseDocument {
  readonly source: string;
  readonly externalId: string;
}

/** Null: no document answers it, so it belongs to a person. */
export interface CaseLabel {
  readonly document: CaseDocument | null;
}

export interface NewAnswerCase {
  readonly caseId: string;
  readonly answerId: string;
  readonly authorId: string;
  readonly question: string;
  readonly answer: string;
  readonly documentIds: readonly string[];
}

export interface AnswerCaseStore {
  /** False where its author has opened it before. */
  open(opened: NewAnswerCase): Promise<boolean>;
  /** What its author says about it; what was said before gives way. False where they have opened none. */
  tell(
    answerId: string,
    authorId: string,
    said: { readonly fault: Fault } | { readonly words: string },
  ): Promise<boolean>;
  /** Takes back what its author has opened, unless somebody has labelled it. */
  withdraw(answerId: string, authorId: string): Promise<void>;
  /**
   * The newest first; all when the state is null.
   * @param audience what the reader may read; null: everything
   */
  list(state: CaseState | null, audience: readonly string[] | null): Promise<readonly AnswerCase[]>;
  /**
   * Locks it until the transaction ends.
   * @param code its id or the end of it. @throws {NotFoundError} @throws {UsageError} where several end like that
   */
  lock(code: string, audience: readonly string[] | null): Promise<AnswerCase>;
  /** @param label null: it is left, and no question to be asked again */
  label(caseId: string, label: CaseLabel | null, by: string): Promise<void>;
}
