import { ParseError } from "../parse-error.js";
import type { ParseRemark } from "../parsed-document.js";
import type { SheetRow } from "../sheet.js";
import { readCellFormats } from "./cell-formats.js";
import type { CellFormats } from "./cell-formats.js";
import type { OfficePackage } from "./office-package.js";
import { childAt, descendantsOf, elementsOf, xmlText } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";

export interface Sheet {
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly remarks: readonly ParseRemark[];
}

export const MAX_SHEET_ROWS = 50_000;
export const MAX_SHEET_COLUMNS = 200;

/** Reads what the sheets show: without hidden sheets, rows and columns, and with the values that formulas had. */
export function parseXlsx(file: OfficePackage): Workbook {
  const workbook = file.part(file.mainPart);
  const relations = file.relations(file.mainPart);
  const list = workbook === null ? undefined : childAt(workbook, "sheets");
  const all = list === undefined ? [] : elementsOf(list).filter((sheet) => sheet.name === "sheet");
  const shown = all.filter((sheet) => (sheet.attributes["state"] ?? "visible") === "visible");
  const isFrom1904 = childAt(workbook ?? undefined, "workbookPr")?.attributes["date1904"] === "1";
  const reader = new SheetReader(readSharedStrings(file), readCellFormats(file, isFrom1904));
  const sheets = shown.flatMap((sheet): Sheet[] => {
    const target = relations.get(sheet.attributes["r:id"] ?? "")?.target;
    const root = target === undefined ? null : file.part(target);
    return root === null ? [] : [{ name: sheet.attributes["name"] ?? "", rows: reader.read(root) }];
  });
  return { sheets, remarks: remarksOf(all.length - shown.length, reader.hasHidden) };
}

function remarksOf(hiddenSheets: number, hasHiddenRows: boolean): readonly ParseRemark[] {
  const remarks: ParseRemark[] = [];
  if (hiddenSheets > 0) {
    const message = `Hidden sheets are left out (${hiddenSheets}). Show them to have them read.`;
    remarks.push({ code: "hidden-sheets", message });
  }
  if (hasHiddenRows) {
    const message = "Hidden rows and columns are left out. Show them to have them read.";
    remarks.push({ code: "hidden-text", message });
  }
  return remarks;
}

function readSharedStrings(file: OfficePackage): readonly string[] {
  const root = file.part("xl/sharedStrings.xml");
  return root === null ? [] : elementsOf(root).map(stringOf);
}

/** A text of one or several runs; readings of Japanese signs are no part of it. */
function stringOf(item: XmlElement): string {
  return elementsOf(item)
    .map((child) => {
      if (child.name === "t") return xmlText(child);
      return child.name === "r" ? xmlText(childAt(child, "t") ?? { ...child, children: [] }) : "";
    })
    .join("");
}

class SheetReader {
  hasHidden = false;
  readonly #strings: readonly string[];
  readonly #formats: CellFormats;

  constructor(strings: readonly string[], formats: CellFormats) {
    this.#strings = strings;
    this.#formats = formats;
  }

  read(root: XmlElement): readonly SheetRow[] {
    const hidden = hiddenColumns(root);
    const data = childAt(root, "sheetData");
    const rows = (data === undefined ? [] : elementsOf(data)).filter((row) => row.name === "row");
    if (rows.length > MAX_SHEET_ROWS) throw tooLarge();
    return rows.flatMap((row, index): SheetRow[] => {
      if (row.attributes["hidden"] === "1") {
        this.hasHidden = true;
        return [];
      }
      return [{ number: Number(row.attributes["r"] ?? index + 1), cells: this.#cells(row, hidden) }];
    });
  }

  #cells(row: XmlElement, hidden: ReadonlySet<number>): readonly string[] {
    const cells: string[] = [];
    for (const cell of elementsOf(row).filter((child) => child.name === "c")) {
      const position = positionOf(cell.attributes["r"]) ?? cells.length;
      const text = this.#text(cell);
      if (text === "") continue;
      if (hidden.has(position)) {
        this.hasHidden = true;
        continue;
      }
      if (position >= MAX_SHEET_COLUMNS) throw tooLarge();
      while (cells.length < position) cells.push("");
      cells[position] = text;
    }
    return cells;
  }

  #text(cell: XmlElement): string {
    const value = childAt(cell, "v");
    const raw = value === undefined ? "" : xmlText(value);
    switch (cell.attributes["t"] ?? "n") {
      case "s":
        return this.#strings[Number(raw)] ?? "";
      case "inlineStr":
        return stringOf(childAt(cell, "is") ?? cell);
      case "str":
        return raw;
      case "b":
        return raw === "1" ? "TRUE" : "FALSE";
      case "e":
        return "";
      case "d":
        return raw.slice(0, 10);
      default:
        return raw === "" ? "" : this.#formats.format(Number(raw), Number(cell.attributes["s"] ?? "0"));
    }
  }
}

function hiddenColumns(root: XmlElement): ReadonlySet<number> {
  const hidden = new Set<number>();
  for (const column of descendantsOf(childAt(root, "cols") ?? { ...root, children: [] }, "col")) {
    if (column.attributes["hidden"] !== "1") continue;
    const last = Math.min(MAX_SHEET_COLUMNS, Number(column.attributes["max"] ?? "0"));
    for (let number = Number(column.attributes["min"] ?? "1"); number <= last; number += 1) hidden.add(number - 1);
  }
  return hidden;
}

/** `C7` is 2. */
function positionOf(reference: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d/u.exec(reference ?? "")?.[1];
  if (letters === undefined) return null;
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

function tooLarge(): ParseError {
  const message = `A sheet has more than ${MAX_SHEET_ROWS} rows or ${MAX_SHEET_COLUMNS} columns. Split it, or leave it out.`;
  return new ParseError("sheet-too-large", message);
}
