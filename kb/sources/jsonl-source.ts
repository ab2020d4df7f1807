import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, ItemFailure, Source, SourceItem, SourceListing } from "./source.js";

const MAX_LINE_BYTES = 10_000_000;
const NEWLINE = 0x0a;

interface LinePlace {
  readonly start: number;
  readonly length: number;
}

/**
 * A corpus in JSON lines: one object with `id`, `title` and `text` (Markdown) a line, optionally `url`, `kind`, `lang`
 * and `updated`. Lines are found once and read one at a time, so that a large corpus is never in memory whole.
 * @param file absolute path of the file
 */
export function createJsonlSource(file: string): Source {
  let places = new Map<string, LinePlace>();
  return {
    async list(_cursor, signal) {
      const found = await scanLines(file, signal);
      places = found.places;
      return found.listing;
    },
    async fetch({ externalId }, signal) {
      signal.throwIfAborted();
      const place = places.get(externalId);
      if (place === undefined) throw new ItemError("not-listed", "This line was not in the listing.");
      return fetchLine(file, externalId, place);
    },
  };
}

async function fetchLine(file: string, externalId: string, place: LinePlace): Promise<FetchedItem> {
  const handle = await open(file).catch((error: unknown) => {
    throw new ItemError("unreadable", "The corpus file cannot be read any more.", error);
  });
  try {
    const bytes = Buffer.alloc(place.length);
    const { bytesRead } = await handle.read(bytes, 0, place.length, place.start);
    if (bytesRead < place.length) throw new ItemError("unreadable", "The corpus file changed while it was read.");
    return { externalId, mediaType: "application/vnd.deskhand.corpus-line+json", bytes };
  } finally {
    await handle.close();
  }
}

interface Scan {
  readonly places: Map<string, LinePlace>;
  readonly listing: SourceListing;
}

async function scanLines(file: string, signal: AbortSignal): Promise<Scan> {
  const places = new Map<string, LinePlace>();
  const items: SourceItem[] = [];
  const failures: ItemFailure[] = [];
  let number = 0;
  for await (const { start, length, bytes } of linesOf(file, signal)) {
    number += 1;
    const result = length > MAX_LINE_BYTES ? TOO_LONG : readId(bytes);
    if (result === null) continue;
    if ("code" in result) failures.push({ externalId: `line ${number}`, ...result });
    else if (places.has(result.id)) failures.push(duplicate(result.id, number));
    else {
      places.set(result.id, { start, length });
      items.push({ externalId: result.id, revision: createHash("sha256").update(bytes).digest("base64") });
    }
  }
  // A line that cannot be read hides which document it was: no known document may be taken for removed.
  const isComplete = failures.every((failure) => failure.code === "duplicate-id");
  const listing = { items, removed: [], failures, skipped: [], isComplete, cursor: null };
  return { places, listing: { scope: "whole", ...listing } };
}

function duplicate(id: string, number: number): ItemFailure {
  const message = `Line ${number} has the id of an earlier line and is left out. Give each line its own id.`;
  return { externalId: `${id} (line ${number})`, code: "duplicate-id", message };
}

const TOO_LONG = {
  code: "too-large",
  message: `The line has more than ${MAX_LINE_BYTES / 1_000_000} MB. Split its text into several lines.`,
};

/** Null for an empty line. */
function readId(bytes: Buffer): { id: string } | { code: string; message: string } | null {
  const line = bytes.toString("utf8").trim();
  if (line === "") return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { code: "bad-syntax", message: "The line is not JSON. Write one JSON object on each line." };
  }
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  if (typeof id === "string" && /^[^\p{Cc}\p{Surrogate}]{1,500}$/u.test(id)) return { id };
  if (typeof id === "number") return { id: String(id) };
  return { code: "no-id", message: 'The line has no usable "id". Give each line a short text that names it for good.' };
}

interface FileLine {
  readonly start: number;
  readonly length: number;
  /** Of a line that is too long only its beginning. */
  readonly bytes: Buffer;
}

async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<FileLine> {
  await refuseUnlessFile(file);
  let line = new LineBuffer(0);
  try {
    for await (const piece of createReadStream(file, { signal, highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, from)) {
        line.push(piece.subarray(from, end));
        yield line.take();
        line = new LineBuffer(line.start + line.length + 1);
        from = end + 1;
      }
      line.push(piece.subarray(from));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new SourceError(`${file} cannot be read to its end. Check the file and its rights.`, error);
  }
  if (line.length > 0) yield line.take();
}

/** Collects one line, and of an endless one not more than the limit. */
class LineBuffer {
  readonly start: number;
  length = 0;
  readonly #pieces: Buffer[] = [];

  constructor(start: number) {
    this.start = start;
  }

  push(piece: Buffer): void {
    if (piece.length > 0 && this.length <= MAX_LINE_BYTES) this.#pieces.push(piece);
    this.length += piece.length;
  }

  take(): FileLine {
    return { start: this.start, length: this.length, bytes: Buffer.concat(this.#pieces) };
  }
}

async function refuseUnlessFile(file: string): Promise<void> {
  const stats = await stat(file).catch((error: unknown) => {
    throw new SourceError(`${file} cannot be opened. Check the path and the rights.`, error);
  });
  if (!stats.isFile()) throw new SourceError(`${file} is not a regular file.`);
}
