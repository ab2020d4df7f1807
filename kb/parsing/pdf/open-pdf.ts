import path from "node:path";
import { createRequire } from "node:module";
import type * as pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { ParseError } from "../parse-error.js";

export type PdfLibrary = typeof pdfjs;

/** Pictures are not decoded: it takes long, and no text comes of it. */
const MAX_PICTURE_PIXELS = 1;

export interface OpenPdf {
  readonly library: PdfLibrary;
  readonly document: PDFDocumentProxy;
  close(): Promise<void>;
}

/**
 * Opens a PDF without running or fetching anything that is in it.
 * @throws {ParseError} `encrypted` or `bad-pdf`
 */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  // Large, and only loaded for the first PDF.
  const library: PdfLibrary = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const folder = path.dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
  const task = library.getDocument({
    // A copy: the library takes the bytes for itself.
    data: Uint8Array.from(bytes),
    cMapUrl: `${path.join(folder, "cmaps")}${path.sep}`,
    standardFontDataUrl: `${path.join(folder, "standard_fonts")}${path.sep}`,
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    maxImageSize: MAX_PICTURE_PIXELS,
    verbosity: library.VerbosityLevel.ERRORS,
  });
  try {
    return { library, document: await task.promise, close: () => task.destroy() };
  } catch (error) {
    await task.destroy();
    throw openError(error);
  }
}

function openError(error: unknown): ParseError {
  if (error instanceof Error && error.name === "PasswordException") {
    const message = "The PDF asks for a password. Save it without one, or leave it out.";
    return new ParseError("encrypted", message, { cause: error });
  }
  const message = "The PDF is broken or cut off. Export it again, or open it in a viewer and print it to a new PDF.";
  return new ParseError("bad-pdf", message, { cause: error });
}
