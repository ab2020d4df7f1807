import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** What the archive says of the size instead of the truth. */
  readonly statedSize?: number;
  readonly isEncrypted?: boolean;
}

/** A zip archive, also one that lies. */
export function makeZip(entries: readonly ZipEntry[] | Readonly<Record<string, string | Uint8Array>>): Buffer {
  const list: readonly ZipEntry[] = isList(entries)
    ? entries
    : Object.entries(entries).map(([name, data]) => ({ name, data }));
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of list) {
    const data = typeof entry.data === "string" ? Buffer.from(entry.data) : Buffer.from(entry.data);
    const packed = deflateRawSync(data, { level: 1 });
    const name = Buffer.from(entry.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.isEncrypted === true ? 1 : 0, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.statedSize ?? data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), fields, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), fields, rest, name]));
    locals.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(list.length, 8);
  end.writeUInt16LE(list.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, index, end]);
}

function isList(entries: object): entries is readonly ZipEntry[] {
  return Array.isArray(entries);
}

/** So many zeros, packed without ever being in memory at once. */
export function packedZeros(megabytes: number): Buffer {
  // Deflate writes a run of zeros as the same few bytes again and again: one block, repeated, is one long stream.
  const whole = deflateRawSync(Buffer.alloc(1_000_000), { finishFlush: 2 });
  return Buffer.concat([...Array.from({ length: megabytes }, () => whole), deflateRawSync(Buffer.alloc(0))]);
}
