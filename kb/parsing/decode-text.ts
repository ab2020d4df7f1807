import { isUtf8 } from "node:buffer";
import { BINARY_CONTENT, holdsManyControls, isBinary } from "./binary-content.js";
import { ParseError } from "./parse-error.js";

// Code points that show nothing and are used to hide text or to reorder it: zero-width, bidirectional controls, tags.
// The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
const INVISIBLE =
  /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Reads bytes as UTF-8 or, with a byte order mark, UTF-16, and takes out what a person would not see.
 * @throws {ParseError} `binary-content` for what is no text, `not-text` for text in another encoding.
 */
export function decodeText(bytes: Uint8Array): string {
  return cleanText(decode(bytes));
}

/** Where a page says in which encoding it is written. */
const CHARSET = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})/iu;
const CHARSET_PLACE = 4_096;

/** As `decodeText`; a page that is not UTF-8 is read in the encoding that it names. @throws {ParseError} */
export function decodeHtml(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, CHARSET_PLACE));
  const name = CHARSET.exec(start)?.[1];
  if (name === undefined || encodingOf(bytes) !== "utf-8" || isBinary(bytes) || isUtf8(bytes)) return decodeText(bytes);
  try {
    return cleanText(new TextDecoder(name, { fatal: true }).decode(bytes));
  } catch (error) {
    throw notText(error);
  }
}

/** Takes out control and invisible characters and unifies line ends. For text that came out of JSON or YAML, too. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/gu, "\n").replace(CONTROL, "").replace(INVISIBLE, "").replace(LONE_SURROGATE, "\ufffd");
}

function decode(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding === "utf-8") {
    if (isBinary(bytes)) throw binary();
    return decodeAs(encoding, bytes);
  }
  const text = decodeAs(encoding, bytes);
  if (holdsManyControls(Uint16Array.from(text.slice(0, 10_000), (character) => character.charCodeAt(0))))
    throw binary();
  return text;
}

function decodeAs(encoding: "utf-8" | "utf-16le" | "utf-16be", bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(error);
  }
}

function binary(): ParseError {
  const message =
    "The name says text, and the content is none. Give the file its right ending, or save its text as UTF-8.";
  return new ParseError(BINARY_CONTENT, message);
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function notText(cause?: unknown): ParseError {
  return new ParseError("not-text", "The file is not UTF-8 text. Save it as UTF-8, or give it its right extension.", {
    cause,
  });
}
