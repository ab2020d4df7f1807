import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { FetchError, codeOf } from "./fetch-error.js";

/** What we ask for, and how each is unpacked. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};
export const ACCEPTED_ENCODINGS = "gzip, br, deflate";

/**
 * Reads a response to its end, never holding more than the limit, counted as it was sent and again as it is unpacked.
 * @throws {FetchError}
 */
export async function readBody(response: IncomingMessage, maxBytes: number, place: string): Promise<Buffer> {
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge(place, maxBytes);
  const decoder = decoderOf(response, place);
  const sent = limited(response, maxBytes, place);
  if (decoder === null) return collect(sent);
  return unpack(sent, decoder, maxBytes, place);
}

function decoderOf(response: IncomingMessage, place: string): Transform | null {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return null;
  const create = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (create !== undefined) return create();
  throw new FetchError("bad-encoding", `${place} answers in an encoding that was not asked for and is not read.`);
}

async function* limited(pieces: AsyncIterable<Buffer>, maxBytes: number, place: string): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const piece of pieces) {
    total += piece.length;
    if (total > maxBytes) throw tooLarge(place, maxBytes);
    yield piece;
  }
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const collected: Buffer[] = [];
  for await (const piece of pieces) collected.push(piece);
  return Buffer.concat(collected);
}

/** Piece by piece in step with the reader, so that a bomb is stopped at the limit and not after it is unpacked. */
async function unpack(
  sent: AsyncIterable<Buffer>,
  decoder: Transform,
  maxBytes: number,
  place: string,
): Promise<Buffer> {
  let received = 0;
  const sender: { failure: Error | null } = { failure: null };
  const feeding = (async () => {
    for await (const piece of sent) {
      received += piece.length;
      if (!decoder.write(piece)) await drained(decoder);
      if (decoder.destroyed) return;
    }
    decoder.end();
  })();
  feeding.catch((error: unknown) => {
    sender.failure = error instanceof Error ? error : new Error("the sender failed");
    decoder.destroy(sender.failure);
  });
  try {
    return await collect(limited(decoder, maxBytes, place));
  } catch (error) {
    // Only a sender that came to its end has sent nothing: of one that broke off, what was to come is not known.
    if (sender.failure !== null) throw sender.failure;
    if (received === 0 && !(error instanceof FetchError)) return Buffer.alloc(0);
    if (!codeOf(error).startsWith("Z_") && !codeOf(error).startsWith("ERR_")) throw error;
    throw new FetchError("bad-encoding", `What ${place} sent cannot be unpacked. Try again later.`, { cause: error });
  } finally {
    decoder.destroy();
    await feeding.catch(() => undefined);
  }
}

/** Also when it ends instead: what waits for a decoder must not outlive it. */
function drained(decoder: Transform): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      decoder.off("drain", done).off("close", done);
      resolve();
    };
    decoder.once("drain", done).once("close", done);
    if (decoder.destroyed) done();
  });
}

function tooLarge(place: string, maxBytes: number): FetchError {
  const limit = (maxBytes / 1_000_000).toFixed(1);
  return new FetchError("too-large", `What ${place} sends is larger than ${limit} MB. Split it or leave it out.`);
}
