import type { Handoff } from "./handoffs.js";

export const CANDIDATE_STATES = ["waiting", "approved", "rejected"] as const;
/** `waiting` for a person's word; an approved one waits again when somebody asks it in new words. */
export type CandidateState = (typeof CANDIDATE_STATES)[number];

/** Why nothing can be answered from what an agent wrote. */
export type NothingLearned =
  /** No agent wrote anything to the customer. */
  | "no-reply"
  /** Greetings, thanks, "let me check" and questions back, and nothing beside. */
  | "courtesies-only"
  /** It is about one customer's own order, account or case. */
  | "one-case"
  /** The customer asked for a person, and never said what for. */
  | "no-question"
  /** Its words could not be read. Nobody tries again. */
  | "fault";

/** In characters: as long as what people write themselves may be. */
export const LONGEST_LEARNED = { question: 500, answer: 4_000 } as const;

/** A handoff that was resolved and is settled, with what was said until it was resolved. */
export interface SettledHandoff {
  readonly handoff: Pick<Handoff, "handoffId" | "reason" | "question" | "customerName" | "createdAt">;
  /** Oldest first, some of it from before the handoff; notes are left out. */
  readonly said: readonly HandoffLine[];
  /** The trace of the answer that was handed over, or else of the newest before; empty where there is none. */
  readonly stages: readonly { readonly stage: string; readonly output: Readonly<Record<string, unknown>> }[];
}

/** A passage that was found for a question. */
export interface FoundPassage {
  readonly documentId: string;
  readonly chunkId: string;
}

/** A document that what was asked is close to. It is named by its source; who may read it is looked at when it is shown. */
export interface NearArticle {
  /** Names of a source and of a document in it. */
  readonly source: string;
  readonly externalId: string;
  /** An entry that is written here, and not synced from elsewhere. */
  readonly isEntry: boolean;
  /** Where in it the passage stands. */
  readonly headingPath: readonly string[];
}

export interface HandoffLine {
  readonly speaker: "customer" | "bot" | "agent";
  readonly name: string;
  readonly text: string;
  readonly at: Date;
}

/** What one handoff taught, without personal data. */
export interface SolvedQuestion {
  readonly question: string;
  /** Markdown. */
  readonly answer: string;
}

/** A handoff's question and answer, and the candidate that it belongs to. */
export interface LearnedCase extends SolvedQuestion {
  readonly handoffId: string;
  readonly candidateId: string;
  /** Whether it may be grouped in another way: nobody has changed or decided anything about it. */
  readonly isUntouched: boolean;
}

/** A proposed entry of the knowledge base that came out of handoffs. A person approves it. */
export interface Candidate extends SolvedQuestion {
  readonly candidateId: string;
  readonly state: CandidateState;
  /** ISO 639-1; null where its words do not tell. */
  readonly language: string | null;
  /** The handoffs that ended with it, the oldest first. */
  readonly cases: readonly (SolvedQuestion & { readonly handoffId: string })[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Who changed its words last; null: they are an agent's. */
  readonly editedBy: string | null;
  readonly decidedBy: string | null;
  /** What was said on rejecting it. */
  readonly why: string | null;
  /** When it was published last, as the entry of its id; null when it never was. */
  readonly publishedAt: string | null;
  /** Whether that holds; false once its entry was archived. */
  readonly isAnsweredFrom: boolean;
  /** What was found for most of its handoffs; null where they have no document in common. */
  readonly article: NearArticle | null;
  /** The document that was changed with it; null while none was. */
  readonly changed: Pick<NearArticle, "source" | "externalId"> | null;
}

export interface NewCandidate extends SolvedQuestion {
  readonly candidateId: string;
  readonly language: string | null;
}

export interface CandidateDecision {
  readonly state: "approved" | "rejected";
  readonly by: string;
  /** What is said about it. */
  readonly why: string | null;
  /** The document that says it now; null where an entry of its own does, or nothing. */
  readonly changed: Candidate["changed"];
}

/** The card of a candidate, as it stands in the agents' channel. */
export interface PostedCard {
  readonly deliveryId: string;
  readonly conversationId: string;
}

/** A candidate that the agents' channel shows. */
export interface CardedCandidate extends Candidate {
  readonly card: PostedCard;
}

/** What became of a candidate that the agents' channel shows and that is no more. */
export interface EndedCandidate {
  readonly candidateId: string;
  /** Put together with another; learned from what was deleted; or its handoff was opened again and is learned from anew. */
  readonly ending: "merged" | "erased" | "read-again";
  /** What has its handoffs now, for one that was merged. */
  readonly into: Pick<Candidate, "candidateId" | "question"> | null;
}

/** One whose card does not say so yet. */
export interface UntoldEnding extends EndedCandidate {
  readonly card: PostedCard;
}

export interface CandidateStore {
  /** Locks the handoff; null when it is not settled any more, or was learned from already. What it taught before is forgotten. */
  take(handoffId: string): Promise<SettledHandoff | null>;
  /** Until the transaction ends, nobody else of the tenant compares and adds. */
  lockAll(): Promise<void>;
  /** The newest. */
  cases(limit: number): Promise<readonly LearnedCase[]>;
  /** What customers have written, the newest: what many say tells no two questions apart. */
  customersWords(limit: number): Promise<readonly string[]>;
  make(candidate: NewCandidate): Promise<void>;
  addCase(handoffId: string, candidateId: string, solved: SolvedQuestion, found: FoundPassage | null): Promise<void>;
  /**
   * Gives cases to another candidate. An approved one that gets a question that it did not have waits again; of those that
   * nobody has touched, one that is left without cases ends, and one without the case that it has its words from gets others.
   */
  move(handoffIds: readonly string[], candidateId: string): Promise<void>;
  /** Records that a handoff was learned from, and what came of it: it is not taken again unless it is opened again. */
  markLearned(handoffId: string, outcome: "candidate" | NothingLearned): Promise<void>;
  /** Those with the most handoffs first; all when the state is null. */
  list(state: CandidateState | null): Promise<readonly Candidate[]>;
  /**
   * Locks it until the transaction ends.
   * @param code its id or the end of it, see {@link codeOf}. @throws {NotFoundError} also for one that is no more, with what
   * became of it @throws {UsageError} where several end like that
   */
  lock(code: string): Promise<Candidate>;
  edit(candidateId: string, words: Partial<SolvedQuestion>, by: string): Promise<void>;
  decide(candidateId: string, decision: CandidateDecision): Promise<void>;
  /** Locks those that wait, came out of so many handoffs, and were never shown, the most often asked first; not those that are locked. */
  withoutCard(leastHandoffs: number, limit: number): Promise<readonly Candidate[]>;
  /** Locks those whose card shows them as they were; not those that are locked. */
  outdatedCards(limit: number): Promise<readonly CardedCandidate[]>;
  /** Locks those that are no more while their card still offers them; not those that are locked. */
  untoldEndings(limit: number): Promise<readonly UntoldEnding[]>;
  /** Notes that its card says what became of it. */
  markTold(candidateId: string): Promise<void>;
  /** Notes the card, and that it shows the candidate as it is given. */
  setCard(candidate: Pick<Candidate, "candidateId" | "updatedAt">, cardDeliveryId: string): Promise<void>;
  /** Takes a decision back: what was decided before holds again. */
  undecide(
    before: Pick<Candidate, "candidateId" | "state" | "decidedBy" | "why" | "publishedAt" | "changed">,
  ): Promise<void>;
}
