/** How large a tenant's index is, and how long its fields are on average. */
export interface CorpusStatistics {
  readonly chunks: number;
  readonly documents: number;
  readonly meanLength: {
    readonly chunk: FieldMeans;
    readonly document: FieldMeans;
  };
}

export interface FieldMeans {
  readonly title: number;
  readonly heading: number;
  readonly question: number;
  readonly body: number;
}

/** Null where nothing is indexed. */
export interface StatisticsRow {
  chunks: number | null;
  documents: number | null;
  title_length: number | null;
  heading_length: number | null;
  question_length: number | null;
  body_length: number | null;
}

/** From `search_statistics as total`. */
export const STATISTICS_COLUMNS = `
  total.chunks::float8 as chunks, total.documents::float8 as documents, total.title_length::float8 as title_length,
  total.heading_length::float8 as heading_length, total.question_length::float8 as question_length,
  total.body_length::float8 as body_length`;

/** A field that nobody uses has this mean, so that nothing is divided by zero. */
const SMALLEST_MEAN = 0.1;

export function toStatistics(row: StatisticsRow | undefined): CorpusStatistics {
  const chunks = row?.chunks ?? 0;
  const documents = row?.documents ?? 0;
  const mean = (length: number | null | undefined, count: number): number =>
    Math.max((length ?? 0) / Math.max(count, 1), SMALLEST_MEAN);
  // A title stands in every chunk of its document, so its length is a chunk's on both levels.
  const title = mean(row?.title_length, chunks);
  const means = (count: number): FieldMeans => ({
    title,
    heading: mean(row?.heading_length, count),
    question: mean(row?.question_length, count),
    body: mean(row?.body_length, count),
  });
  return { chunks, documents, meanLength: { chunk: means(chunks), document: means(documents) } };
}
