import { inflateRawSync } from "node:zlib";
import { ParseError } from "../parse-error.js";

export interface ZipLimits {
  readonly maxEntries: number;
  /** Of one entry, once inflated. */
  readonly maxEntryBytes: number;
  /** Of all entries that are read. */
  readonly maxTotalBytes: number;
  /** Inflated size to size in the archive. */
  readonly maxRatio: number;
}

export const DEFAULT_ZIP_LIMITS: ZipLimits = {
  maxEntries: 10_000,
  maxEntryBytes: 100_000_000,
  maxTotalBytes: 200_000_000,
  maxRatio: 200,
};

/** An entry this small is no bomb, however well it is packed. */
const RATIO_FREE_BYTES = 1_000_000;

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly isEncrypted: boolean;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;

/**
 * The entries of a zip archive in memory. Nothing is ever written to a disk, archives inside are not opened, and a size
 * that the archive states is not believed.
 */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #limits: ZipLimits;
  #total = 0;

  /** @throws {ParseError} `bad-zip`, `zip-too-large` or `zip-path` */
  constructor(bytes: Uint8Array, limits: ZipLimits = DEFAULT_ZIP_LIMITS) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.#entries = readDirectory(this.#bytes, limits);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Null when there is no such entry. @throws {ParseError} `bad-zip`, `encrypted` or `zip-too-large` */
  read(name: string): Buffer | null {
    const entry = this.#entries.get(name);
    if (entry === undefined) return null;
    if (entry.isEncrypted) throw new ParseError("encrypted", "The file asks for a password. Save it without one.");
    this.#refuseLarge(entry.size, entry.packed);
    const data = this.#packedBytes(entry);
    const inflated = entry.method === 0 ? data : this.#inflate(data);
    this.#refuseLarge(inflated.length, entry.packed);
    this.#total += inflated.length;
    return inflated;
  }

  #packedBytes({ offset, packed }: Entry): Buffer {
    if (offset + 30 > this.#bytes.length || this.#bytes.readUInt32LE(offset) !== LOCAL_ENTRY) throw broken();
    const start = offset + 30 + this.#bytes.readUInt16LE(offset + 26) + this.#bytes.readUInt16LE(offset + 28);
    if (start + packed > this.#bytes.length) throw broken();
    return this.#bytes.subarray(start, start + packed);
  }

  #inflate(data: Buffer): Buffer {
    const { maxEntryBytes, maxTotalBytes, maxRatio } = this.#limits;
    const byRatio = Math.max(RATIO_FREE_BYTES, data.length * maxRatio);
    const maxOutputLength = Math.max(1, Math.min(maxEntryBytes, maxTotalBytes - this.#total, byRatio));
    try {
      return inflateRawSync(data, { maxOutputLength });
    } catch (error) {
      if (error instanceof RangeError) throw bomb(this.#limits, error);
      throw broken(error);
    }
  }

  #refuseLarge(size: number, packed: number): void {
    const { maxEntryBytes, maxTotalBytes, maxRatio } = this.#limits;
    const isBomb = size > RATIO_FREE_BYTES && size > packed * maxRatio;
    if (isBomb || size > maxEntryBytes || this.#total + size > maxTotalBytes) throw bomb(this.#limits);
  }
}

function readDirectory(bytes: Buffer, limits: ZipLimits): ReadonlyMap<string, Entry> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries = new Map<string, Entry>();
  if (count > limits.maxEntries) throw tooMany(limits);
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw broken();
    const length = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + length);
    refusePath(name);
    entries.set(name, {
      method: bytes.readUInt16LE(at + 10),
      isEncrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  const least = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= least; at -= 1) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw broken();
}

/** Nothing is unpacked to a folder; a file whose entries lead out of it was still made to do harm. */
function refusePath(name: string): void {
  const isOutside = /^[/\\]|^[a-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/iu.test(name);
  if (!isOutside) return;
  throw new ParseError(
    "zip-path",
    "The file holds an entry whose path leads out of it. Save it again with its program.",
  );
}

function broken(cause?: unknown): ParseError {
  const message = "The file is broken or cut off. Open it in its program and save it again.";
  return new ParseError("bad-zip", message, { cause });
}

function tooMany({ maxEntries }: ZipLimits): ParseError {
  return new ParseError("zip-too-large", `The file holds more than ${maxEntries} entries. Split it.`);
}

function bomb({ maxEntryBytes, maxTotalBytes, maxRatio }: ZipLimits, cause?: unknown): ParseError {
  const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
  const message =
    `The file unpacks to more than is read: at most ${megabytes(maxEntryBytes)} MB in one part, ` +
    `${megabytes(maxTotalBytes)} MB in all and ${maxRatio} times its packed size. Split it.`;
  return new ParseError("zip-too-large", message, { cause });
}
