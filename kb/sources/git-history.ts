import type { Git } from "./git-program.js";

/** The last commit that changed a file. */
export interface LastChange {
  /** ISO 8601 in UTC. */
  readonly updatedAt: string | null;
  readonly editedBy: string | null;
}

export interface HistoryQuery {
  readonly commit: string;
  /** Looked at down to this one; null for all. */
  readonly since: string | null;
  readonly folder: string;
  /** Whose last change is looked for. */
  readonly paths: ReadonlySet<string>;
  /** Commits without their parents, which seem to have made everything. */
  readonly shallow: ReadonlySet<string>;
}

export interface HistoryLimits {
  readonly maxCommits: number;
  readonly maxMs: number;
}

export const DEFAULT_HISTORY_LIMITS: HistoryLimits = { maxCommits: 100_000, maxMs: 30_000 };

const COMMIT_MARK = "\u0001";
const FIELD_MARK = "\u0002";
const FORMAT = "%x01%H%x02%cI%x02%an";

/**
 * Reads the history once, newest first, until each path was met; what is not met within the limits is not in the result.
 * A merge counts as no change: the commits that it joined do.
 */
export async function readLastChanges(
  git: Git,
  query: HistoryQuery,
  limits: HistoryLimits,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LastChange>> {
  const { commit, since, folder, paths } = query;
  const found = new Map<string, LastChange>();
  const range = since === null ? commit : `${since}..${commit}`;
  const args = ["log", "-z", "--name-only", "--no-renames", `--format=${FORMAT}`, `--max-count=${limits.maxCommits}`];
  const child = git.start([...args, range, ...(folder === "" ? [] : ["--", folder])]);
  child.stdin.on("error", () => undefined).end();
  child.stderr.resume();
  // Without the program there is no history; the listing before has told of it.
  child.on("error", () => undefined);
  const stop = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(stop, limits.maxMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const reader = new HistoryReader(query, found);
    for await (const piece of child.stdout as AsyncIterable<Buffer>) {
      reader.read(piece);
      if (found.size === paths.size) break;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    stop();
  }
  signal.throwIfAborted();
  return found;
}

/** Takes the output apart: records that end in NUL, a commit's head first, then its files. */
class HistoryReader {
  readonly #query: HistoryQuery;
  readonly #found: Map<string, LastChange>;
  #rest = Buffer.alloc(0);
  #change: LastChange | null = null;

  constructor(query: HistoryQuery, found: Map<string, LastChange>) {
    this.#query = query;
    this.#found = found;
  }

  read(piece: Buffer): void {
    const bytes = Buffer.concat([this.#rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, from)) {
      this.#take(bytes.toString("utf8", from, end).replace(/^\n/u, ""));
      from = end + 1;
    }
    this.#rest = bytes.subarray(from);
  }

  #take(record: string): void {
    if (record.startsWith(COMMIT_MARK)) this.#change = this.#toChange(record.slice(1));
    else if (this.#change !== null && this.#query.paths.has(record) && !this.#found.has(record)) {
      this.#found.set(record, this.#change);
    }
  }

  #toChange(head: string): LastChange {
    const [id = "", date = "", name = ""] = head.split(FIELD_MARK);
    if (this.#query.shallow.has(id)) return { updatedAt: null, editedBy: null };
    return { updatedAt: toUtc(date), editedBy: cleanName(name) };
  }
}

function toUtc(date: string): string | null {
  const time = Date.parse(date);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function cleanName(name: string): string | null {
  const clean = name
    .replaceAll(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, 200);
  return clean === "" ? null : clean;
}
