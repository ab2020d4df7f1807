/** The failure's code of an item that says text by its name and holds none. It is skipped, not failed. */
export const BINARY_CONTENT = "binary-content";

// Formats that can be written in letters alone, and what gives every other one away are the bytes below.
const LETTERED_FORMATS = ["%PDF-", "{\\rtf", "%!PS-"];

const LOOKED_AT = 65_536;
/** Text holds next to none: a form feed, an escape sequence, a stray byte. */
const MAX_CONTROL_SHARE = 0.02;
const ALLOWED_CONTROLS: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

/** Whether bytes are a program, a picture, an archive or an office file rather than a text in any encoding but UTF-16. */
export function isBinary(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (bytes.includes(0) || LETTERED_FORMATS.some((format) => start.startsWith(format))) return true;
  return holdsManyControls(bytes.subarray(0, LOOKED_AT));
}

/** Whether so many of the codes are of characters that no text holds. For decoded UTF-16 as well. */
export function holdsManyControls(codes: Uint8Array | Uint16Array): boolean {
  let controls = 0;
  for (const code of codes) if ((code < 0x20 || code === 0x7f) && !ALLOWED_CONTROLS.has(code)) controls += 1;
  return controls > codes.length * MAX_CONTROL_SHARE;
}
