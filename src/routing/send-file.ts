import { ChatPlatformError, type FileUploads, type OutgoingMessage, type PostedMessage } from "../ports/chat.js";
import type { KeptFile, OutgoingFile } from "../ports/files.js";
import type { Failpoint } from "../ports/failpoints.js";
import type { ClaimedDelivery, WithStores } from "../ports/stores.js";
import { readPieces } from "../handoff/files/read-pieces.js";

export interface SendFileDependencies {
  readonly withStores: WithStores;
  readonly failpoint: Failpoint;
}

/** Bringing a file to a platform may take so long, and holds the delivery for it. */
export const FILE_LEASE_MS = 60_000;

/** @throws {ChatPlatformError} for a file that is kept no longer */
export async function findFile(withStores: WithStores, { tenantId, cause }: ClaimedDelivery): Promise<KeptFile> {
  const file = await withStores(tenantId, ({ files }) => files.find(cause.id));
  if (file === null) throw new ChatPlatformError("not-found", "reading a file that is gone");
  return file;
}

export function outgoingFile(
  withStores: WithStores,
  { tenantId }: Pick<ClaimedDelivery, "tenantId">,
  { fileId, name, mediaType, sizeBytes }: KeptFile,
): OutgoingFile {
  return { name, mediaType, sizeBytes, content: () => readPieces(withStores, tenantId, fileId) };
}

/**
 * Shows a file where the platform keeps it. What was put there is recorded before it is shown, so that after a crash it can
 * be looked for by its own id.
 */
export async function shareFile(
  { withStores, failpoint }: SendFileDependencies,
  { uploads, delivery, file, message }: Sharing,
  signal: AbortSignal,
): Promise<PostedMessage> {
  const { tenantId, conversation } = delivery;
  let { uploadId } = file;
  if (uploadId !== null && delivery.isUncertain) {
    const shared = await uploads.findShared(conversation, uploadId, signal);
    if (shared !== null) return shared;
  }
  if (uploadId === null) {
    const put = await uploads.upload(outgoingFile(withStores, delivery, file), signal);
    await withStores(tenantId, ({ files }) => files.recordUpload(file.fileId, put));
    uploadId = put;
  }
  await failpoint("send.before-post");
  return uploads.share(message, uploadId, signal);
}

export interface Sharing {
  readonly uploads: FileUploads;
  readonly delivery: ClaimedDelivery;
  readonly file: KeptFile;
  readonly message: OutgoingMessage;
}

/** Whether a delivery brings a file: others only speak of one. */
export function bringsFile({ cause, operation }: ClaimedDelivery): boolean {
  return cause.type === "file" && operation === "post";
}
