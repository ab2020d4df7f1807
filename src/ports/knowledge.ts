import type { TenantId } from "./ids.js";
import type { DocumentKind } from "./models.js";

/** Finds passages. Tenant, audience, and "is this the current version" are checked in SQL, never afterwards. */
export interface KnowledgeSearch {
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchResult>;
}

/** Answers that the company wrote to these very questions. Who may read them is checked in SQL, as in a search. */
export interface VerifiedAnswers {
  /**
   * The entry of questions and answers whose question, or another wording of it, is this one: the same words in the same
   * order, but for marks, courtesy and articles. Null where there is none, or more than one that the audience may read.
   */
  find(question: Omit<SearchQuery, "limit">): Promise<Passage | null>;
}

export interface SearchQuery {
  readonly tenantId: TenantId;
  readonly text: string;
  /** The asker's access tokens: a chunk is seen when its list shares one of them. */
  readonly audience: readonly string[];
  readonly limit: number;
}

export interface SearchResult {
  /** Best first. */
  readonly passages: readonly Passage[];
  /** What the question looked like to the index; the confidence is computed from these and from the scores. */
  readonly analysis: QueryAnalysis;
  /** Parts that could not run, for example `vector` while the embedding endpoint is down. Empty when all is well. */
  readonly degraded: readonly string[];
  /** How often the embedding model was asked for the question's vector. */
  readonly embeddings: number;
  readonly timings: { readonly embedMs: number; readonly lexicalMs: number; readonly vectorMs: number };
}

export interface QueryAnalysis {
  /** The question's content terms as indexed (stemmed, stop words dropped), with inverse document frequency (0 = unknown term). */
  readonly terms: readonly AnalysedTerm[];
  readonly corpusChunks: number;
  /** The question in the words of the first passage, where that says by a synonym of the house what the question says otherwise. */
  readonly restated?: string;
}

export interface AnalysedTerm {
  readonly term: string;
  readonly idf: number;
  readonly known: boolean;
  /** What else the house says for it; left out where there is nothing. */
  readonly synonyms?: readonly string[];
}

/** A chunk as retrieved for a question. */
export interface Passage {
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly sourceId: string;
  /** The document's id at its source, for example its path. */
  readonly externalId: string;
  readonly kind: DocumentKind;
  readonly title: string;
  readonly headingPath: readonly string[];
  /** Where it begins, in a file that has pages. */
  readonly page?: number;
  readonly text: string;
  /** Other wordings of the question that it answers; none for a page. */
  readonly variants?: readonly string[];
  readonly url: string | null;
  readonly updatedAt: string | null;
  readonly scores: PassageScores;
}

export interface PassageScores {
  /** BM25F over title, headings and body; 0 when no term matched. */
  readonly lexical: number;
  /** Cosine similarity, -1 to 1; null when vector search did not run or did not find it. */
  readonly vector: number | null;
  /** Share of the question's idf mass that this chunk (with its title and headings) contains, 0 to 1. */
  readonly coverage: number;
  /** Lexical and vector score with fixed shares, 0 to 1. */
  readonly fused: number;
  /**
   * How much more of the best candidates come from the passage's source than of all of them, as a logarithm; 0 while there is
   * one source. Left out where `relevance` is.
   */
  readonly sourceLead?: number;
  /**
   * What the order is made from: a linear model over these scores and the text. Only differences between the passages of
   * one question mean something. Left out for passages too far down to be looked at closely.
   */
  readonly relevance?: number;
}

/** Opens what a citation points at: the passage in its document, in the version that was cited. */
export interface KnowledgeReader {
  /** @throws {NotFoundError} also when the audience may not read it. */
  openPassage(tenantId: TenantId, audience: readonly string[], chunkId: string): Promise<OpenedPassage>;
}

export interface OpenedPassage {
  readonly chunkId: string;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly kind: DocumentKind;
  readonly url: string | null;
  readonly externalId: string;
  readonly updatedAt: string | null;
  /** False when the document has changed or is gone since the answer: shown to the reader. */
  readonly isCurrent: boolean;
  /** All chunks of that version in document order; one of them has `isCited`. */
  readonly chunks: readonly {
    readonly chunkId: string;
    readonly headingPath: readonly string[];
    readonly text: string;
    readonly isCited: boolean;
  }[];
}

/** Adds and syncs places where knowledge lives. */
export interface KnowledgeAdmin {
  /** The same on behalf of somebody: what they change is recorded as theirs, in the transaction that changes it. */
  as(actor: string): KnowledgeAdmin;
  /**
   * A name that the demo documents have is given up by them. @throws {UsageError} for a path that is not there, a kind that
   * cannot be told, or a name that is taken.
   */
  addSource(tenantId: TenantId, source: NewSource): Promise<SourceStatus>;
  /**
   * Gives the source of that name another kind, location or audience. From then on nobody finds what the new audience
   * may not read; all else follows with the next sync, which also tells when there is nothing at the location. A sync
   * that is running is ended. @throws {NotFoundError} when no source has that name.
   */
  updateSource(tenantId: TenantId, source: NewSource): Promise<SourceStatus>;
  /**
   * Takes a source and its documents out of every answer at once; a sync that is running is ended. It can be restored for
   * a while, see {@link SourceLifecycle}, and its name is free.
   * @param sourceId the one that is meant, where another one may have the name by now
   * @throws {NotFoundError}
   * @throws {UsageError} where another one has it
   */
  removeSource(tenantId: TenantId, name: string, sourceId?: string): Promise<void>;
  /** All sources but demo documents that have stepped aside; demo documents come last. */
  status(tenantId: TenantId): Promise<readonly SourceStatus[]>;
  /**
   * Runs one sync of one source and reports progress on the way. A second run of the same source is refused while one is going on.
   * Interrupted runs are resumed: what is already indexed and unchanged is not indexed again. Demo documents step aside
   * in the same step that ends the first run of another source with a document. @throws {NotFoundError}
   */
  sync(tenantId: TenantId, name: string, options: SyncOptions, signal: AbortSignal): AsyncIterable<SyncProgress>;
  /**
   * Indexes for the present embedding model what is answered from and was indexed for another, of every source, whether it
   * can be reached or is paused, and searches with it once that is whole. @throws {ModelError}
   */
  fillIndex(tenantId: TenantId, signal: AbortSignal): Promise<void>;
  /** The diff of the newest finished run of a source, or null when there is none. */
  lastDiff(tenantId: TenantId, name: string): Promise<SyncDiff | null>;
}

export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Every kind of place that can be synced. */
export const SOURCE_KINDS = [
  "folder",
  "jsonl",
  "git",
  "web",
  "push",
  "entries",
  "zendesk",
  "confluence",
  "notion",
  "github",
  "sharepoint",
  "slack",
] as const;

export interface NewSource {
  readonly name: string;
  readonly kind: SourceKind;
  /** An absolute path, an address, or what else its kind calls for. */
  readonly location: string;
  /** What its kind can be told besides, as `deskhand.yaml` and `kb add` write it; secrets are in the environment. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Access tokens its documents get; `public` unless told. */
  readonly acl: readonly string[];
  /** True for the demo knowledge base, which steps aside once a first source of one's own was synced. */
  readonly isDemo?: boolean;
  /** How often it is synced; null or left out: only when somebody asks for it, and at a start. */
  readonly everyMinutes?: number | null;
  /** Whom to ask about its documents. */
  readonly owner?: string | null;
}

export interface SourceStatus extends NewSource {
  readonly sourceId: string;
  readonly documents: number;
  readonly chunks: number;
  /**
   * True for a source of one's own while the demo documents are answered from: the end of its first sync that brings a
   * document makes them step aside.
   */
  readonly endsDemo: boolean;
  /** When somebody paused it: it is then synced only when somebody asks for it by name. Null while it is not. */
  readonly pausedAt: string | null;
  /** A sync was asked for, or the source was changed, and no run that began since has ended well. */
  readonly isSyncRequested: boolean;
  readonly lastRun: SyncDiff | null;
}

export interface SyncOptions {
  /**
   * Confirms the removal of more than 20 % or more than 50 of a source's documents, which is otherwise held. What could
   * not be looked at is kept all the same.
   */
  readonly confirmRemovals: boolean;
  /** The source that is meant, where another one may have the name by now, which is then refused. */
  readonly sourceId?: string;
}

export type SyncProgress =
  | { readonly kind: "listed"; readonly runId: string; readonly total: number }
  | { readonly kind: "document"; readonly done: number; readonly total: number; readonly externalId: string }
  | { readonly kind: "done"; readonly diff: SyncDiff };

/** How far a sync is. */
export interface SyncReach {
  /** Items that it is through with; while there is no total, those that it has come upon. */
  readonly done: number;
  /** Items that are listed; null while the place is being listed. */
  readonly total: number | null;
}

export interface SyncDiff {
  readonly runId: string;
  readonly state: "running" | "done" | "failed" | "held";
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Of a run that is going on, up to a second old. */
  readonly progress?: SyncReach;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  readonly failed: readonly SyncRemark[];
  /** Seen and passed over, as it is nothing that is read: files of other kinds, and text files that hold no text. */
  readonly skipped: readonly SyncRemark[];
  /** About documents that were read, and not all of them. Of those that were parsed in this run. */
  readonly remarks: readonly SyncRemark[];
  /** Removals that wait for a confirmation; the documents are still answered from. */
  readonly heldRemovals: readonly string[];
  /** How many names are left out as the reader may not read what they name; missing where none is. */
  readonly hidden?: number;
  /** What the demo documents do after this run of another source; null where there are none. */
  readonly demo: "answering" | "stepped-aside" | null;
}

/** Something about one file or document of a source. */
export interface SyncRemark {
  readonly externalId: string;
  /** Stable, for example `too-large`. */
  readonly code: string;
  /** For operators: what is wrong, where, and what to do. Holds no text of the document. */
  readonly message: string;
  /** Of what could not be read: who may read it, where that is known all the same. */
  readonly acl?: readonly string[];
}
