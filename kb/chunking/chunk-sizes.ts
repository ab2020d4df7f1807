/** In tokens. */
export interface ChunkSizes {
  /** Short sections are put together up to here. */
  readonly target: number;
  /**
   * A section up to here is one chunk, and so large at most are the parts of a longer one. A rest of less than a quarter
   * stays with what it follows, up to `maxWhole`.
   */
  readonly max: number;
  /** Steps, tables and code, and what belongs together by its headings, may grow up to here before they are split. */
  readonly maxWhole: number;
  /** Sections below this are put together with their neighbours. */
  readonly tiny: number;
}

export const DEFAULT_CHUNK_SIZES: ChunkSizes = { target: 300, max: 540, maxWhole: 820, tiny: 56 };
