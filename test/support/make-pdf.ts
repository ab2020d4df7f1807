import { deflateSync } from "node:zlib";

export interface PdfPage {
  /** PDF operators. Fonts: F1 Helvetica, F2 bold, F3 Courier, U0 any character (see `anyText`). Picture: Im. */
  readonly content: string;
  readonly links?: readonly string[];
}

export interface PdfOptions {
  readonly title?: string;
  /** Further objects, after which other parts of the file may be replaced. */
  readonly change?: (source: string) => string;
}

/** A4 pages, written by hand. */
export function makePdf(pages: readonly PdfPage[], { title, change = (source) => source }: PdfOptions = {}): Buffer {
  const objects: string[] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${pages.map((_, index) => `${10 + index * 2} 0 R`).join(" ")}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 8 0 R >>",
    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 " +
      "/FontDescriptor << /Type /FontDescriptor /FontName /Any /Flags 4 /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 /FontBBox [0 -200 1000 800] >> >>",
    stream(toUnicode()),
    picture(),
  ];
  for (const [index, page] of pages.entries()) {
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${11 + index * 2} 0 R /Annots [${(page.links ?? []).map(linkTo).join(" ")}] ` +
        "/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R /U0 6 0 R >> /XObject << /Im 9 0 R >> /ExtGState << /Clear << /ca 0 /CA 0 >> /Solid << /ca 1 /CA 1 >> >> >> >>",
      stream(page.content),
    );
  }
  if (title !== undefined) objects.push(`<< /Title (${title}) /ModDate (D:20260501120000Z) >>`);
  return write(objects, title === undefined ? null : objects.length, change);
}

/** An object that holds a stream of bytes, packed. */
export function packedStream(bytes: Uint8Array): string {
  return `<< /Length ${bytes.length} /Filter /FlateDecode >>\nstream\n${Buffer.from(bytes).toString("latin1")}\nendstream`;
}

function stream(content: string): string {
  return packedStream(deflateSync(Buffer.from(content, "latin1")));
}

function linkTo(address: string): string {
  return `<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (${address}) >> >>`;
}

function picture(): string {
  const data = deflateSync(Buffer.alloc((1_240 / 8) * 1_754, 0xff)).toString("latin1");
  return (
    `<< /Type /XObject /Subtype /Image /Width 1240 /Height 1754 /ColorSpace /DeviceGray /BitsPerComponent 1 ` +
    `/Filter /FlateDecode /Length ${data.length} >>\nstream\n${data}\nendstream`
  );
}

/** Every code is the character of that number. */
function toUnicode(): string {
  const hex = (value: number): string => value.toString(16).padStart(4, "0");
  const ranges = Array.from(
    { length: 256 },
    (_, high) => `<${hex(high * 256)}> <${hex(high * 256 + 255)}> <${hex(high * 256)}>`,
  );
  const blocks = [0, 100, 200].map((from) => {
    const part = ranges.slice(from, from + 100);
    return `${part.length} beginbfrange\n${part.join("\n")}\nendbfrange`;
  });
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Any def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n${blocks.join("\n")}\nendcmap end end`;
}

function write(objects: readonly string[], info: number | null, change: (source: string) => string): Buffer {
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join("");
  const source = change(`%PDF-1.7\n${body}`);
  const offsets = [...source.matchAll(/^(\d+) 0 obj$/gmu)].map((match) => [Number(match[1]), match.index] as const);
  const last = Math.max(...offsets.map(([number]) => number));
  const places = new Map(offsets);
  const table = Array.from({ length: last }, (_, index) => {
    const place = places.get(index + 1);
    return place === undefined ? "0000000000 65535 f \n" : `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const trailer = `<< /Size ${last + 1} /Root 1 0 R${info === null ? "" : ` /Info ${info} 0 R`} >>`;
  const text = `${source}xref\n0 ${last + 1}\n0000000000 65535 f \n${table.join("")}trailer\n${trailer}\nstartxref\n${source.length}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

/** A line of text. */
export function line(text: string, x: number, y: number, { font = "F1", size = 11 } = {}): string {
  return `BT /${font} ${size} Tf 1 0 0 1 ${x} ${y} Tm (${text.replace(/[()\\]/gu, "\\$&")}) Tj ET\n`;
}

/** A line of any characters, in the order in which they stand from left to right. */
export function anyText(text: string, x: number, y: number, size = 11): string {
  return `BT /U0 ${size} Tf 1 0 0 1 ${x} ${y} Tm <${Buffer.from(text, "utf16le").swap16().toString("hex")}> Tj ET\n`;
}

/** Lines below each other. */
export function lines(
  texts: readonly string[],
  x: number,
  top: number,
  options: { font?: string; size?: number } = {},
): string {
  return texts.map((text, index) => line(text, x, top - index * 14, options)).join("");
}

/** The whole page as a picture, as a scanner makes it. */
export const SCAN = "q 595 0 0 842 0 0 cm /Im Do Q\n";
