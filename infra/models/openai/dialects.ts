/** How an endpoint wants to be asked. */
export interface Dialect {
  readonly api: "responses" | "chat";
  /** How much the model may think before it writes; null says nothing about it. */
  readonly effort: "none" | "low" | null;
  /** The chat API as it was before `max_completion_tokens` and `stream_options`. */
  readonly isOld: boolean;
}

const BEST: Dialect = { api: "responses", effort: "none", isOld: false };

/** Best first: what OpenAI's newest models understand comes before what others understand. */
const DIALECTS: readonly Dialect[] = [
  BEST,
  { api: "responses", effort: "low", isOld: false },
  { api: "responses", effort: null, isOld: false },
  { api: "chat", effort: "none", isOld: false },
  { api: "chat", effort: "low", isOld: false },
  { api: "chat", effort: null, isOld: false },
  { api: "chat", effort: null, isOld: true },
];

/** The endpoint has no such API. */
const NO_SUCH_API: ReadonlySet<number> = new Set([404, 405, 501]);
/** The endpoint has the API, and does not like an argument. */
const BAD_ARGUMENT: ReadonlySet<number> = new Set([400, 422]);
/** Refusals that another dialect would not change. */
const SAME_IN_EVERY_DIALECT: ReadonlySet<string> = new Set([
  "model_not_found",
  "DeploymentNotFound",
  "context_length_exceeded",
  "content_filter",
  "invalid_prompt",
]);

/** Finds out once for each process what an endpoint understands: the first dialect that it answers in is kept. */
export interface DialectChoice {
  current(): Dialect;
  /**
   * To be called when the endpoint has answered in this dialect, and what it answered made sense. Another API than the best
   * is kept only when the best was refused in words, or twice without.
   */
  settle(dialect: Dialect): void;
  /** What to try after a refusal, or null when the refusal stands. */
  after(dialect: Dialect, refusal: Refusal): Dialect | null;
  /** Whether a reply may be held to a schema, as far as anybody has found out. */
  hasSchemas(): boolean;
  /** To be called when the endpoint has answered without a schema after it had refused one. */
  settleWithoutSchemas(): void;
}

export interface Refusal {
  readonly status: number;
  readonly code: string | null;
  /** The argument that it is about, where the endpoint names one. */
  readonly param?: string | null;
  /** An endpoint that has this API may send the same on a bad day. */
  readonly isDoubtful?: boolean;
}

/** What a successful answer counts as that is not one of this API, such as the page of a proxy. */
export const NOT_THIS_API: Refusal = { status: 404, code: null };

/** What an answer counts as that holds nothing, or an error that does not say what is missing. */
export const MAYBE_NOT_THIS_API: Refusal = { ...NOT_THIS_API, isDoubtful: true };

/** So many doubtful refusals are as good as one in words. */
const DOUBTS = 2;

export function createDialectChoice(onSettled: (dialect: Dialect) => void): DialectChoice {
  let settled: Dialect | null = null;
  let doubtsLeft = DOUBTS;
  let hasSchemas = true;
  return {
    current: () => settled ?? BEST,
    settle(dialect) {
      if (settled !== null || (dialect.api !== BEST.api && doubtsLeft > 0)) return;
      settled = dialect;
      onSettled(dialect);
    },
    after(dialect, refusal) {
      const { status, isDoubtful = false } = refusal;
      if (settled !== null) return settled === dialect ? null : settled;
      if (standsInEveryDialect(refusal)) return null;
      const next = nextDialect(dialect, status);
      if (dialect.api === BEST.api && next !== null && next.api !== BEST.api) doubtsLeft -= isDoubtful ? 1 : DOUBTS;
      return next;
    },
    hasSchemas: () => hasSchemas,
    settleWithoutSchemas() {
      hasSchemas = false;
    },
  };
}

/** Whether the endpoint knows the API, and refuses something that it was sent. */
export function isBadArgument({ status }: Refusal): boolean {
  return BAD_ARGUMENT.has(status);
}

/** Whether the refusal is about the model or the words, and not about how they were sent. */
export function standsInEveryDialect({ code }: Refusal): boolean {
  return code !== null && SAME_IN_EVERY_DIALECT.has(code);
}

function nextDialect(dialect: Dialect, status: number): Dialect | null {
  const others = DIALECTS.slice(DIALECTS.indexOf(dialect) + 1);
  if (BAD_ARGUMENT.has(status)) return others[0] ?? null;
  return NO_SUCH_API.has(status) ? (others.find(({ api }) => api !== dialect.api) ?? null) : null;
}
