import { ChatPlatformError } from "../../ports/chat.js";
import type { FilePlace, KeptFile } from "../../ports/files.js";
import type { NewId, TenantId } from "../../ports/ids.js";
import type { Clock } from "../../ports/clock.js";
import type { WithStores } from "../../ports/stores.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import type { FileRefusal, FileRules } from "./file-rules.js";
import { readPieces } from "./read-pieces.js";

export interface ReceiveFileDependencies {
  readonly withStores: WithStores;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What is received, and as part of what. */
export interface Receiving {
  readonly tenantId: TenantId;
  readonly conversationId: string;
  readonly of: FilePlace | null;
  readonly name: string;
  readonly mediaType: string;
}

/** What of a file is in memory at a time. */
const PIECE_BYTES = 256 * 1024;

/**
 * Stores a file piece by piece, looks it through, and keeps it: or keeps nothing of it.
 * @throws whatever reading `content` throws, and the store
 */
export async function receiveFile(
  { withStores, clock, newId }: ReceiveFileDependencies,
  rules: FileRules,
  file: Receiving,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<KeptFile | FileRefusal> {
  const { tenantId } = file;
  const fileId = newId();
  const keepUntil = new Date(clock.now().getTime() + rules.keepMs);
  await withStores(tenantId, ({ files }) => files.begin({ ...file, fileId, keepUntil }));
  const drop = () => withStores(tenantId, ({ files }) => files.drop(fileId));
  try {
    const sizeBytes = await store(withStores, { tenantId, fileId, maxBytes: rules.maxBytes }, content);
    if (sizeBytes === null || sizeBytes === 0) {
      await drop();
      return sizeBytes === null ? "too-large" : "empty";
    }
    if (!(await isClean(rules, () => readPieces(withStores, tenantId, fileId), signal))) {
      await drop();
      return "held-back";
    }
    await withStores(tenantId, ({ files }) => files.keep(fileId, sizeBytes));
    return { fileId, name: file.name, mediaType: file.mediaType, sizeBytes, keepUntil, uploadId: null };
  } catch (error) {
    // What cannot be deleted now has no place and is deleted on its last day.
    await drop().catch(() => undefined);
    throw error;
  }
}

/** Resolves with how large it is; null once it is larger than it may be. */
async function store(
  withStores: WithStores,
  { tenantId, fileId, maxBytes }: { tenantId: TenantId; fileId: string; maxBytes: number },
  content: AsyncIterable<Uint8Array>,
): Promise<number | null> {
  let ordinal = 0;
  let sizeBytes = 0;
  for await (const bytes of inPieces(content)) {
    sizeBytes += bytes.byteLength;
    if (sizeBytes > maxBytes) return null;
    await withStores(tenantId, ({ files }) => files.append(fileId, ordinal, bytes));
    ordinal += 1;
  }
  return sizeBytes;
}

/** Pieces of one size, but for the last: however small those are that come. */
async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.byteLength;) {
      const taken = chunk.subarray(at, at + PIECE_BYTES - length);
      waiting.push(taken);
      length += taken.byteLength;
      at += taken.byteLength;
      if (length < PIECE_BYTES) continue;
      yield joined(waiting, length);
      waiting = [];
      length = 0;
    }
  }
  if (length > 0) yield joined(waiting, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** A scan that fails or takes too long says nothing: nobody gets what it was to look at. */
export async function isClean(
  { scan, scanMs }: Pick<FileRules, "scan" | "scanMs">,
  content: () => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<boolean> {
  if (scan === null) return true;
  using limit = startTimeLimit(signal, scanMs);
  try {
    return (await scan(content(), limit.signal)) === "clean";
  } catch {
    if (signal.aborted) throw new ChatPlatformError("unreachable", "scanning a file");
    return false;
  }
}
