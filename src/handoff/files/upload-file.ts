import type { Clock } from "../../ports/clock.js";
import type { ConversationRef } from "../../ports/chat.js";
import { NotFoundError, UsageError } from "../../ports/errors.js";
import type { AttachedFile, FileStore, KeptFile, UnfinishedFile } from "../../ports/files.js";
import type { NewId, TenantId } from "../../ports/ids.js";
import type { Block } from "../../ports/reply.js";
import type { CoreStores, WithStores } from "../../ports/stores.js";
import { fileName, mediaTypeOf, MOST_FILES, refusalBefore, type FileRefusal, type FileRules } from "./file-rules.js";
import { agentsFileNotice } from "./file-texts.js";
import { isClean } from "./receive-file.js";
import { readPieces } from "./read-pieces.js";

/** Of a file that comes in pieces: all but the last are this large. */
export const UPLOAD_PIECE_BYTES = 200 * 1_024;
/** So many may lie in one conversation without a message that they belong to. */
const MOST_WAITING = 2 * MOST_FILES;
/** What has no message by then is not going to be sent. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** Where a file is put: the conversation that its message will be in. */
export interface UploadPlace {
  readonly tenantId: TenantId;
  readonly conversation: ConversationRef;
}

/** How the console takes in files, piece by piece, before the message that they come with. */
export interface FileUploadDesk {
  /** @throws {UsageError} with the reason, in words, for one that would not be passed on */
  begin(place: UploadPlace, file: { name: string; mediaType: string | null; sizeBytes: number }): Promise<string>;
  /** Harmless when it is repeated. @throws {NotFoundError} @throws {UsageError} for a piece of the wrong size */
  append(place: UploadPlace, fileId: string, ordinal: number, bytes: Uint8Array): Promise<void>;
  /** Looks it through. @throws {NotFoundError} @throws {UsageError} with the reason; nothing of it is kept then */
  finish(place: UploadPlace, fileId: string, signal: AbortSignal): Promise<void>;
  /** As a message brings them. @throws {NotFoundError} for one that was not finished there */
  attached(place: UploadPlace, fileIds: readonly string[]): Promise<readonly AttachedFile[]>;
  /** As their sender sees them. */
  shown(place: UploadPlace, fileIds: readonly string[]): Promise<readonly Block[]>;
}

export interface FileUploadDependencies {
  readonly withStores: WithStores;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly rules: FileRules | null;
}

export function createFileUploads(deps: FileUploadDependencies): FileUploadDesk {
  const found = (place: UploadPlace, fileIds: readonly string[]) => findAll(deps, place, fileIds);
  return {
    begin: (place, file) => begin(deps, place, file),
    append: (place, fileId, ordinal, bytes) => append(deps, place, { fileId, ordinal, bytes }),
    finish: (place, fileId, signal) => finish(deps, place, fileId, signal),
    attached: async (place, fileIds) =>
      (await found(place, fileIds)).map(({ fileId, name, mediaType, sizeBytes }) => ({
        ...{ name, mediaType, sizeBytes, source: null, link: null },
        keptId: fileId,
      })),
    shown: async (place, fileIds) =>
      (await found(place, fileIds)).map(({ fileId, name, sizeBytes, keepUntil }) => ({
        kind: "file",
        name,
        sizeBytes,
        url: deps.rules?.linkTo(fileId, keepUntil) ?? "",
      })),
  };
}

async function begin(
  { withStores, clock, newId, rules }: FileUploadDependencies,
  { tenantId, conversation }: UploadPlace,
  file: { name: string; mediaType: string | null; sizeBytes: number },
): Promise<string> {
  const name = fileName(file.name);
  if (rules === null) throw refused(name, "switched-off", rules);
  const refusal = refusalBefore(name, file.sizeBytes, rules);
  if (refusal !== null) throw refused(name, refusal, rules);
  const fileId = newId();
  const keepUntil = new Date(clock.now().getTime() + rules.keepMs);
  const mediaType = mediaTypeOf(file.mediaType);
  await withStores(tenantId, async ({ conversations, files }) => {
    const conversationId = await conversations.ensure(conversation);
    await dropUnsentFiles(files, clock.now());
    if ((await files.waitingIn(conversationId)) >= MOST_WAITING) throw tooManyWait(name);
    await files.begin({ fileId, conversationId, of: null, name, mediaType, keepUntil });
  });
  return fileId;
}

/** Deletes what was put there more than an hour ago, and never sent. Resolves with how many. */
export function dropUnsentFiles(files: Pick<FileStore, "dropUnsent">, now: Date): Promise<number> {
  return files.dropUnsent(new Date(now.getTime() - LONGEST_WAIT_MS));
}

function tooManyWait(name: string): UsageError {
  return new UsageError(
    `${name}: ${MOST_WAITING} files were put here and not sent. What is not sent is deleted after an hour; please try again then.`,
  );
}

async function append(
  { withStores, rules }: FileUploadDependencies,
  { tenantId, conversation }: UploadPlace,
  { fileId, ordinal, bytes }: { fileId: string; ordinal: number; bytes: Uint8Array },
): Promise<void> {
  const end = ordinal * UPLOAD_PIECE_BYTES + bytes.byteLength;
  if (bytes.byteLength === 0 || bytes.byteLength > UPLOAD_PIECE_BYTES)
    throw new UsageError("A piece has the wrong size.");
  await withStores(tenantId, async (stores) => {
    const { name } = await unfinished(stores, conversation, fileId);
    if (rules === null || end > rules.maxBytes)
      throw refused(name, rules === null ? "switched-off" : "too-large", rules);
    await stores.files.appendOnce(fileId, ordinal, bytes);
  });
}

async function finish(
  { withStores, rules }: FileUploadDependencies,
  { tenantId, conversation }: UploadPlace,
  fileId: string,
  signal: AbortSignal,
): Promise<void> {
  const { name, pieces, bytes } = await withStores(tenantId, (stores) => unfinished(stores, conversation, fileId));
  const isWhole = bytes > (pieces - 1) * UPLOAD_PIECE_BYTES;
  if (!isWhole) throw new UsageError("A piece of the file is missing.");
  const refusal = await refusalAfter(rules, bytes, () => readPieces(withStores, tenantId, fileId), signal);
  if (refusal !== null) {
    await withStores(tenantId, ({ files }) => files.drop(fileId));
    throw refused(name, refusal, rules);
  }
  await withStores(tenantId, ({ files }) => files.keep(fileId, bytes));
}

async function refusalAfter(
  rules: FileRules | null,
  sizeBytes: number,
  content: () => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<FileRefusal | null> {
  if (rules === null) return "switched-off";
  if (sizeBytes === 0) return "empty";
  if (sizeBytes > rules.maxBytes) return "too-large";
  return (await isClean(rules, content, signal)) ? null : "held-back";
}

async function unfinished(
  { conversations, files }: Pick<CoreStores, "conversations" | "files">,
  conversation: ConversationRef,
  fileId: string,
): Promise<UnfinishedFile> {
  const found = await files.unfinished(fileId, await conversations.ensure(conversation));
  if (found === null) throw new NotFoundError(`no file ${fileId} is being received`);
  return found;
}

async function findAll(
  { withStores }: FileUploadDependencies,
  { tenantId, conversation }: UploadPlace,
  fileIds: readonly string[],
): Promise<readonly KeptFile[]> {
  if (fileIds.length === 0) return [];
  return withStores(tenantId, async ({ conversations, files }) => {
    const conversationId = await conversations.ensure(conversation);
    const found: KeptFile[] = [];
    for (const fileId of fileIds) {
      const file = await files.findIn(fileId, conversationId);
      if (file === null) throw new NotFoundError(`no file ${fileId}`);
      found.push(file);
    }
    return found;
  });
}

function refused(name: string, why: FileRefusal, rules: FileRules | null): UsageError {
  return new UsageError(agentsFileNotice([{ name, why }], rules).split("\n• ")[1] ?? name);
}
