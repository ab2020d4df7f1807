import path from "node:path";
import { ParseError } from "../parse-error.js";
import { childAt, elementsOf, parseXml, xmlText } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";
import { ZipArchive } from "./zip-archive.js";

export type OfficeKind = "docx" | "pptx" | "xlsx";

const MAIN_PARTS: Readonly<Record<OfficeKind, string>> = {
  docx: "word/document.xml",
  pptx: "ppt/presentation.xml",
  xlsx: "xl/workbook.xml",
};

export interface OfficePackage {
  readonly kind: OfficeKind;
  readonly mainPart: string;
  /** Null when there is no such part. @throws {ParseError} when it cannot be read */
  part(name: string): XmlElement | null;
  /** What a part refers to, by the ids it uses. */
  relations(part: string): ReadonlyMap<string, Relation>;
}

export interface Relation {
  /** The last word of the relation's address, for example `hyperlink`. */
  readonly type: string;
  /** The name of a part, or a web address when it is external. */
  readonly target: string;
  readonly isExternal: boolean;
}

const OLE_MAGIC = Buffer.from("d0cf11e0a1b11ae1", "hex");
/** How the encrypted package is named inside of its container. */
const ENCRYPTED_STREAM = Buffer.from("EncryptedPackage", "utf16le");

/**
 * Opens a Word, PowerPoint or Excel file; what it is, its parts tell, not its name.
 * @throws {ParseError} `encrypted`, `old-office-file`, `not-an-office-file`, or what the archive says
 */
export function openOffice(bytes: Uint8Array): OfficePackage {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.subarray(0, OLE_MAGIC.length).equals(OLE_MAGIC)) throw olderFile(buffer);
  if (buffer.toString("latin1", 0, 2) !== "PK") throw notOffice();
  const archive = new ZipArchive(bytes);
  const kind = kindOf(archive);
  if (kind === null) throw notOffice();
  const part = (name: string): XmlElement | null => {
    const content = archive.read(name);
    return content === null ? null : parseXml(content);
  };
  return { kind, mainPart: MAIN_PARTS[kind], part, relations: (name) => readRelations(part, name) };
}

function kindOf(archive: ZipArchive): OfficeKind | null {
  if (archive.has(MAIN_PARTS.docx)) return "docx";
  if (archive.has(MAIN_PARTS.pptx)) return "pptx";
  return archive.has(MAIN_PARTS.xlsx) ? "xlsx" : null;
}

function readRelations(part: (name: string) => XmlElement | null, name: string): ReadonlyMap<string, Relation> {
  const folder = path.posix.dirname(name);
  const list = part(path.posix.join(folder, "_rels", `${path.posix.basename(name)}.rels`));
  return new Map(
    (list === null ? [] : elementsOf(list)).map(({ attributes }): [string, Relation] => {
      const isExternal = attributes["TargetMode"] === "External";
      const given = attributes["Target"] ?? "";
      const target = given.startsWith("/") ? given.slice(1) : path.posix.join(folder, given);
      const type = (attributes["Type"] ?? "").split("/").at(-1) ?? "";
      return [attributes["Id"] ?? "", { type, target: isExternal ? given : target, isExternal }];
    }),
  );
}

/** The title and the day of the last change that the program keeps. */
export function readProperties(file: OfficePackage): {
  readonly title: string | null;
  readonly changed: string | null;
} {
  const core = file.part("docProps/core.xml");
  const textAt = (name: string): string | null => {
    const element = core === null ? undefined : childAt(core, name);
    const text = element === undefined ? "" : xmlText(element).replace(/\s+/gu, " ").trim();
    return text === "" ? null : text;
  };
  return { title: textAt("dc:title"), changed: textAt("dcterms:modified") };
}

function olderFile(buffer: Buffer): ParseError {
  if (buffer.includes(ENCRYPTED_STREAM)) {
    return new ParseError("encrypted", "The file asks for a password. Save it without one, or leave it out.");
  }
  const message = "The file is of an old format (.doc, .xls, .ppt). Save it as .docx, .xlsx or .pptx.";
  return new ParseError("old-office-file", message);
}

function notOffice(): ParseError {
  const message =
    "The file is no Word, PowerPoint or Excel file, whatever its name says. Save it again from its program.";
  return new ParseError("not-an-office-file", message);
}
