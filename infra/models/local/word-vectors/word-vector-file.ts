import type { WordVectors } from "../../../../src/text/word-vectors.js";

/** Number of words, of dimensions, and of bytes of the words, 32 bits each. */
const HEADER_BYTES = 12;
const MOST = 127;

/**
 * The words in one text with line ends between them; then of each vector its largest number, 32 bits; then its numbers as
 * shares of that, 8 bits each.
 */
export function encodeWordVectors(words: readonly string[], dimensions: number, values: Float32Array): Uint8Array {
  const text = Buffer.from(words.join("\n"));
  const file = Buffer.alloc(HEADER_BYTES + text.length + words.length * (4 + dimensions));
  [words.length, dimensions, text.length].forEach((number, index) => file.writeUInt32LE(number, index * 4));
  text.copy(file, HEADER_BYTES);
  const scales = HEADER_BYTES + text.length;
  const numbers = scales + words.length * 4;
  for (let place = 0; place < words.length; place++) {
    const vector = values.subarray(place * dimensions, (place + 1) * dimensions);
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    file.writeFloatLE(largest, scales + place * 4);
    vector.forEach((value, index) => {
      file.writeInt8(largest === 0 ? 0 : Math.round((value / largest) * MOST), numbers + place * dimensions + index);
    });
  }
  return file;
}

/** @throws {RangeError} when the file is not whole */
export function decodeWordVectors(bytes: Uint8Array): WordVectors {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEADER_BYTES) throw new RangeError("the file of word vectors is empty");
  const [count = 0, dimensions = 0, textBytes = 0] = [0, 4, 8].map((offset) => file.readUInt32LE(offset));
  const scales = HEADER_BYTES + textBytes;
  const numbers = scales + count * 4;
  if (file.length !== numbers + count * dimensions) throw new RangeError("the file of word vectors is not whole");
  const words = file.toString("utf8", HEADER_BYTES, scales).split("\n");
  const values = new Float32Array(count * dimensions);
  for (let place = 0; place < count; place++) {
    const largest = file.readFloatLE(scales + place * 4) / MOST;
    for (let cell = place * dimensions; cell < (place + 1) * dimensions; cell++) {
      values[cell] = file.readInt8(numbers + cell) * largest;
    }
  }
  return { dimensions, words, values };
}
