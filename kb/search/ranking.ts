/**
 * BM25F: a term's count in each field is divided by the field's length against the average (by `lengthShare`), weighted,
 * summed, and then saturates with `saturation`. Chosen on six labelled sets together, leave-one-family-out; see
 * docs/decisions/0002-keyless-retrieval.md.
 */
export const BM25F = {
  saturation: 3.5,
  title: { weight: 8, lengthShare: 0.75 },
  heading: { weight: 2, lengthShare: 0.3 },
  question: { weight: 1, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.55 },
} as const;

/** How much a term weighs that stands for a word of the question. */
export const TERM_WEIGHTS = {
  /** A word that mostly carries grammar: its whole group. */
  weakWord: 0.7,
  /** A piece or a joined form of the word. */
  otherForm: 0.6,
  /** A term of the knowledge base that is spelt almost like an unknown word. */
  similar: 0.5,
  /** What the house's synonyms say for it, and what it is made of: an exact word goes before. */
  synonym: 0.5,
} as const;

/** How much of the lexical score comes from the chunk itself; the rest is what its whole document scores. */
export const CHUNK_SHARE = 0.6;

/** How much of a passage's score is cosine similarity; the rest is lexical. */
export const VECTOR_SHARE = 0.2;

/** A word that mostly carries grammar is not looked up when more chunks than this hold it: it would cost much and say little. */
export const MAX_WEAK_POSTINGS = 2_000;

/**
 * Which chunks are scored exactly. Posting lists are read whole from the rarest word on, as long as they hold `most`
 * postings together, and further until they hold `least`; the best chunks by a rough score bring their documents.
 */
export const ROUGH = { least: 1_000, most: 3_000, chunks: 150 } as const;

/** With fewer hits than this, the lists of all words are read. */
export const FEW_HITS = 20;

/**
 * How many chunks lexical and vector search each propose, how many of the nearest are first asked whether they may be
 * read, and how many chunks of one document are proposed.
 */
export const CANDIDATES = { lexical: 60, vector: 30, vectorChecked: 200, perDocument: 3 } as const;

/** How many of the proposed passages are read and put in order by the trained model. */
export const RERANKED = 40;

/** What share of its idf a word without a topic counts when texts are compared closely. */
export const WEAK_SHARE = 0.3;

/** Two passages whose words overlap by this share (Jaccard) say the same. */
export const DUPLICATE_OVERLAP = 0.9;

/** With this share of common words they are two states of one text, and the newer one goes before. */
export const TWIN_OVERLAP = 0.7;

/** Nobody asks in more; a longer text is cut before anything looks at it. */
export const MAX_QUERY_CHARACTERS = 1_000;
/** Further different words of a question are left out. */
export const MAX_QUERY_WORDS = 40;
/** So are further words of phrases that mean the same as some of the question's. */
export const MAX_PHRASE_WORDS = 12;
