import type { OfficePackage } from "./office-package.js";
import { childAt, elementsOf } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";

/** Writes numbers of cells as the sheet shows them, as far as it matters: dates, times, percentages, currencies. */
export interface CellFormats {
  format(value: number, style: number): string;
}

type Shape =
  | { readonly kind: "date" | "date-time" | "time" | "percent" }
  /** Decimals are null where the sheet shows as many as there are. */
  | { readonly kind: "number"; readonly decimals: number | null; readonly before: string; readonly after: string };

const PLAIN: Shape = { kind: "number", decimals: null, before: "", after: "" };
const DAY_MS = 86_400_000;
/** Excel counts days from here; from 1904 on in old files of a Mac. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

export function readCellFormats(file: OfficePackage, isFrom1904: boolean): CellFormats {
  const root = file.part("xl/styles.xml") ?? undefined;
  const custom = new Map(
    elementsIn(root, "numFmts").map((format): [number, string] => [
      Number(format.attributes["numFmtId"] ?? "0"),
      format.attributes["formatCode"] ?? "",
    ]),
  );
  const shapes = elementsIn(root, "cellXfs").map((style): Shape => {
    const id = Number(style.attributes["numFmtId"] ?? "0");
    return shapeOf(id, custom.get(id));
  });
  return { format: (value, style) => formatNumber(value, shapes[style] ?? PLAIN, isFrom1904) };
}

function elementsIn(root: XmlElement | undefined, name: string): readonly XmlElement[] {
  const parent = childAt(root, name);
  return parent === undefined ? [] : elementsOf(parent);
}

function shapeOf(id: number, code: string | undefined): Shape {
  if (code !== undefined) return shapeOfCode(code);
  if (id === 9 || id === 10) return { kind: "percent" };
  if (id === 22) return { kind: "date-time" };
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return { kind: "time" };
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return { kind: "date" };
  return id === 2 || id === 4 ? { kind: "number", decimals: 2, before: "", after: "" } : PLAIN;
}

function shapeOfCode(code: string): Shape {
  const letters = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/gu, "").toLowerCase();
  const hasTime = /[hs]/u.test(letters);
  if (/[yd]/u.test(letters)) return { kind: hasTime ? "date-time" : "date" };
  if (hasTime) return { kind: "time" };
  return letters.includes("%") ? { kind: "percent" } : numberShape(code);
}

/** `[$€-407]`, `"kg"` and `$` are written before or after the digits. */
function numberShape(code: string): Shape {
  const [positive = ""] = code.split(";");
  const text = positive
    .replace(/\[\$([^\]-]*)[^\]]*\]/gu, "$1")
    .replace(/\[[^\]]*\]|_.|\*./gu, "")
    .replace(/"([^"]*)"|\\(.)/gu, "$1$2");
  const digits = /[#0?][#0?,.]*/u.exec(text);
  if (digits === null) return PLAIN;
  const decimals = /\.([0#?]*)/u.exec(digits[0])?.[1];
  return {
    kind: "number",
    decimals: decimals?.length ?? 0,
    before: text.slice(0, digits.index),
    after: text.slice(digits.index + digits[0].length),
  };
}

function formatNumber(value: number, shape: Shape, isFrom1904: boolean): string {
  if (!Number.isFinite(value)) return "";
  if (shape.kind === "number") return withUnit(value, shape);
  if (shape.kind === "percent") return `${plain(value * 100)}%`;
  const date = new Date(Math.round((isFrom1904 ? EPOCH_1904 : EPOCH_1900) + value * DAY_MS));
  if (Number.isNaN(date.getTime())) return plain(value);
  const text = date.toISOString();
  const [day, minute] = [text.slice(0, 10), text.slice(11, 16)];
  if (shape.kind === "time") return minute;
  return shape.kind === "date" || text.slice(11, 19) === "00:00:00" ? day : `${day} ${minute}`;
}

function withUnit(value: number, { decimals, before, after }: Extract<Shape, { kind: "number" }>): string {
  const digits = decimals === null ? plain(Math.abs(value)) : Math.abs(value).toFixed(Math.min(20, decimals));
  return `${value < 0 ? "-" : ""}${before}${digits}${after}`.trim();
}

/** Without the last digits, which are not the sheet's: 0.1 + 0.2 is 0.3. */
function plain(value: number): string {
  return String(Number(value.toPrecision(14)));
}
