import { setTimeout as sleep } from "node:timers/promises";
import { ChatPlatformError, type ChatAdapter, type Platform } from "../../ports/chat.js";
import type { AttachedFile, FilePlace, KeptFile } from "../../ports/files.js";
import type { Logger } from "../../ports/logger.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import type { Lease } from "../../ports/stores.js";
import { errorCode } from "../../ports/errors.js";
import {
  fileName,
  mediaTypeOf,
  MOST_FILES,
  refusalBefore,
  type FileRefusal,
  type FileRules,
  type RefusedFile,
} from "./file-rules.js";
import { receiveFile, type ReceiveFileDependencies } from "./receive-file.js";

/** What became of the files of one message. */
export interface TakenFiles {
  readonly kept: readonly KeptFile[];
  readonly refused: readonly RefusedFile[];
  /** What the platform lets the bot name only. */
  readonly named: readonly NamedFile[];
}

export interface NamedFile {
  readonly name: string;
  readonly link: string | null;
}

export interface TakeFilesDependencies extends ReceiveFileDependencies {
  readonly adapterFor: (platform: Platform) => ChatAdapter;
  readonly logger: Logger;
  /** Null where files are switched off. */
  readonly rules: FileRules | null;
  /** For all files of one message together. */
  readonly fetchMs?: number;
}

/** The event whose files are meant. */
export interface FilesOf {
  readonly lease: Lease;
  readonly inboxId: string;
}

/**
 * Receives the files of a message before it is passed on. What was received for the same event before a crash is not
 * received again. A file that cannot be had keeps neither the words nor the other files back.
 */
export type TakeFiles = (
  context: FilesOf,
  attached: readonly AttachedFile[],
  signal: AbortSignal,
) => Promise<TakenFiles>;

/** Waits before the attempts at reading one file. */
const FETCH_DELAYS_MS = [0, 500, 2_000] as const;
/** The files of a message that are not there by then are not passed on. */
const FETCH_MS = 60_000;

export function createTakeFiles(deps: TakeFilesDependencies): TakeFiles {
  return async (context, attached, signal) => {
    const kept: KeptFile[] = [];
    const refused: RefusedFile[] = [];
    const named: NamedFile[] = [];
    using limit = startTimeLimit(signal, deps.fetchMs ?? FETCH_MS);
    const signals = { stopping: signal, overdue: limit.signal };
    for (const [ordinal, given] of attached.entries()) {
      const file = { ...given, name: fileName(given.name) };
      if (file.source === null && file.keptId === undefined) {
        named.push({ name: file.name, link: file.link });
        continue;
      }
      const taken = await take(deps, context, { file, ordinal }, signals);
      if (typeof taken === "string") refused.push({ name: file.name, why: taken });
      else kept.push(taken);
    }
    return { kept, refused, named };
  };
}

interface Signals {
  readonly stopping: AbortSignal;
  /** Aborts with the other, or once the time for the message's files is over. */
  readonly overdue: AbortSignal;
}

interface Numbered {
  readonly file: AttachedFile;
  readonly ordinal: number;
}

async function take(
  deps: TakeFilesDependencies,
  context: FilesOf,
  { file, ordinal }: Numbered,
  signals: Signals,
): Promise<KeptFile | FileRefusal> {
  const { rules, withStores } = deps;
  const { lease, inboxId } = context;
  if (rules === null) return "switched-off";
  if (ordinal >= MOST_FILES) return "too-many";
  const before = refusalBefore(file.name, file.sizeBytes, rules);
  if (before !== null) return before;
  const place = { inboxId, ordinal };
  const { keptId } = file;
  if (keptId !== undefined) {
    const adopted = await withStores(lease.tenantId, ({ files }) => files.adopt(keptId, lease.conversationId, place));
    return adopted ?? "not-fetched";
  }
  const earlier = await withStores(lease.tenantId, ({ files }) => files.keptAt(place));
  return earlier ?? fetchOrRefuse(deps, rules, { lease, file, place }, signals);
}

interface Fetching {
  readonly lease: Lease;
  readonly file: AttachedFile;
  readonly place: FilePlace;
}

async function fetchOrRefuse(
  deps: TakeFilesDependencies,
  rules: FileRules,
  fetching: Fetching,
  { stopping, overdue }: Signals,
): Promise<KeptFile | FileRefusal> {
  for (const [index, delayMs] of FETCH_DELAYS_MS.entries()) {
    try {
      await sleep(delayMs, undefined, { signal: overdue });
      return await fetchOnce(deps, rules, fetching, overdue);
    } catch (error) {
      // Stopping: the event waits for the next process.
      stopping.throwIfAborted();
      const isFetchFailure = error instanceof ChatPlatformError || overdue.aborted;
      if (!isFetchFailure) throw error;
      deps.logger.warn("a file was not read", { platform: fetching.lease.platform, code: reasonOf(error) });
      const mayTryAgain = error instanceof ChatPlatformError && error.isRetryable;
      if (!mayTryAgain || overdue.aborted || index === FETCH_DELAYS_MS.length - 1) return "not-fetched";
    }
  }
  return "not-fetched";
}

async function fetchOnce(
  deps: TakeFilesDependencies,
  rules: FileRules,
  { lease, file, place }: Fetching,
  signal: AbortSignal,
): Promise<KeptFile | FileRefusal> {
  const { files } = deps.adapterFor(lease.platform);
  const content = await files.fetch(lease.conversation, file.source ?? "", signal);
  const { tenantId, conversationId } = lease;
  const receiving = { tenantId, conversationId, of: place, name: file.name, mediaType: mediaTypeOf(file.mediaType) };
  return receiveFile(deps, rules, receiving, asPlatforms(content), signal);
}

/** What breaks off on the way is the platform's failure, and may be tried again. */
async function* asPlatforms(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    if (error instanceof ChatPlatformError) throw error;
    throw new ChatPlatformError("unreachable", "reading a file", { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof ChatPlatformError ? error.failure : errorCode(error);
}
