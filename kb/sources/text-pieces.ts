/** Little enough that reading one takes no time to speak of, whatever it holds. */
const PIECE_BYTES = 8_192;

/** A text from its bytes, piece by piece. No character is in two of them. */
export function* textPieces(bytes: Uint8Array, charset = "utf-8"): Generator<string> {
  const decoder = new TextDecoder(charset);
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    yield decoder.decode(bytes.subarray(start, start + PIECE_BYTES), { stream: true });
  }
  yield decoder.decode();
}
