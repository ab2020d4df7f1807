import { cellText } from "../cell-text.js";
import type { ContentBlock, ParseRemark } from "../parsed-document.js";
import { readParagraph } from "./docx-runs.js";
import type { ParagraphContent, RunContext } from "./docx-runs.js";
import { PLAIN_STYLE, numberingOf, readNumbering, readStyles, valueOf } from "./docx-styles.js";
import type { DocxStyle, ListLevel } from "./docx-styles.js";
import { isAllBold, runsToText } from "./inline-runs.js";
import { nestLists } from "./list-builder.js";
import type { ListParagraph } from "./list-builder.js";
import type { OfficePackage } from "./office-package.js";
import { childAt, elementsOf } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";

export interface OfficeContent {
  readonly blocks: readonly ContentBlock[];
  readonly links: readonly string[];
  readonly remarks: readonly ParseRemark[];
}

export const HIDDEN_TEXT: ParseRemark = {
  code: "hidden-text",
  message: "Text that is hidden, or that nobody can see, is left out.",
};

const MAX_BOLD_HEADING_LENGTH = 100;

/** Reads a Word document: its text, lists, tables and notes, without heads and feet, comments and deleted text. */
export function parseDocx(file: OfficePackage): OfficeContent {
  const reader = new DocxReader(file);
  const root = file.part(file.mainPart);
  const body = root === null ? undefined : childAt(root, "w:body");
  const blocks = body === undefined ? [] : reader.blocks(body);
  return { blocks, links: reader.links, remarks: reader.hasHiddenText ? [HIDDEN_TEXT] : [] };
}

class DocxReader {
  readonly links: string[] = [];
  hasHiddenText = false;
  readonly #styles: ReadonlyMap<string, DocxStyle>;
  readonly #numbering: ReadonlyMap<string, ListLevel>;
  /** Those that were not read yet. */
  readonly #notes: Map<string, XmlElement>;
  readonly #context: RunContext;
  readonly #counters = new Map<string, number>();

  constructor(file: OfficePackage) {
    this.#styles = readStyles(file);
    this.#numbering = readNumbering(file);
    this.#notes = new Map([...readNotes(file, "footnote"), ...readNotes(file, "endnote")]);
    this.#context = {
      styles: this.#styles,
      relations: file.relations(file.mainPart),
      links: this.links,
      onHidden: () => (this.hasHiddenText = true),
    };
  }

  /** Entries of lists that follow each other become one list. */
  blocks(parent: XmlElement): ContentBlock[] {
    const blocks: ContentBlock[] = [];
    let entries: ListParagraph[] = [];
    const endList = (): void => {
      blocks.push(...nestLists(entries));
      entries = [];
    };
    for (const element of flowOf(parent)) {
      const read = element.name === "w:tbl" ? this.#table(element) : this.#paragraph(element);
      if ("level" in read) entries.push(read);
      else if (read.length > 0) {
        endList();
        blocks.push(...read);
      }
    }
    endList();
    return joinCode(blocks);
  }

  #paragraph(paragraph: XmlElement): ListParagraph | readonly ContentBlock[] {
    const properties = childAt(paragraph, "w:pPr");
    const style = this.#styles.get(valueOf(properties, "w:pStyle") ?? "") ?? PLAIN_STYLE;
    const content = readParagraph(paragraph, style, this.#context);
    const text = runsToText(content.runs);
    const beside = this.#beside(content);
    if (text === "") return beside;
    const depth = headingDepth(properties, style);
    if (depth !== null) return [{ kind: "heading", depth, text: oneLine(text) }, ...beside];
    if (style.isCode)
      return [{ kind: "code", language: null, text: content.runs.map((run) => run.text).join("") }, ...beside];
    const entry = this.#listEntry(properties, style);
    if (entry !== null) return { ...entry, blocks: [{ kind: "paragraph", text }, ...beside] };
    const isHeading =
      isAllBold(content.runs) && text.length <= MAX_BOLD_HEADING_LENGTH && !/[.,;:!]\**$|\n/u.test(text);
    return [
      isHeading ? { kind: "heading", depth: 6, text: text.replaceAll("**", "") } : { kind: "paragraph", text },
      ...beside,
    ];
  }

  /** Text boxes and notes stand behind the paragraph that they belong to, a note behind the first that refers to it. */
  #beside({ boxes, notes }: ParagraphContent): readonly ContentBlock[] {
    const found = notes.flatMap((name) => {
      const note = this.#notes.get(name);
      // Notes may refer to themselves and to each other.
      this.#notes.delete(name);
      return note ?? [];
    });
    return [...boxes, ...found].flatMap((element) => this.blocks(element));
  }

  #listEntry(properties: XmlElement | undefined, style: DocxStyle): Omit<ListParagraph, "blocks"> | null {
    const numbering = numberingOf(properties) ?? style.numbering;
    if (numbering === null || numbering.id === "0") return null;
    const { id, level } = numbering;
    const shape = this.#numbering.get(`${id}/${level}`) ?? { isOrdered: false, start: 1 };
    const number = this.#counters.get(`${id}/${level}`) ?? shape.start;
    this.#counters.set(`${id}/${level}`, number + 1);
    // The numbers of what is further in begin anew.
    for (const key of this.#counters.keys()) {
      if (key.startsWith(`${id}/`) && Number(key.slice(id.length + 1)) > level) this.#counters.delete(key);
    }
    return { level, isOrdered: shape.isOrdered, number };
  }

  /** A table of one column is layout and read as what it holds. */
  #table(table: XmlElement): readonly ContentBlock[] {
    const rows = elementsOf(table)
      .flatMap((row) => (row.name === "w:sdt" ? elementsOf(childAt(row, "w:sdtContent") ?? row) : [row]))
      .filter((row) => row.name === "w:tr" && childAt(row, "w:trPr", "w:del") === undefined);
    const cells = rows.map((row) => cellsOf(row));
    if (cells.every((row) => row.length <= 1)) return cells.flat().flatMap((cell) => this.blocks(cell));
    const texts: string[][] = [];
    for (const row of cells) texts.push(this.#row(row, texts.at(-1) ?? []));
    const [header, ...body] = texts;
    return header === undefined ? [] : [{ kind: "table", header, rows: body }];
  }

  /** A cell over several columns is repeated as nothing, one over several rows as its text. */
  #row(cells: readonly XmlElement[], above: readonly string[]): string[] {
    const texts: string[] = [];
    for (const cell of cells) {
      const properties = childAt(cell, "w:tcPr");
      const merge = childAt(properties, "w:vMerge");
      const goesOn = merge !== undefined && merge.attributes["w:val"] !== "restart";
      const text = cellText(this.blocks(cell));
      texts.push(goesOn && text === "" ? (above[texts.length] ?? "") : text);
      const span = Math.min(100, Number(valueOf(properties, "w:gridSpan") ?? "1"));
      for (let index = 1; index < span; index += 1) texts.push("");
    }
    return texts;
  }
}

/** Paragraphs and tables, also those inside of controls and of marks of changes. */
function flowOf(parent: XmlElement): readonly XmlElement[] {
  return elementsOf(parent).flatMap((element) => {
    switch (element.name) {
      case "w:p":
      case "w:tbl":
        return [element];
      case "w:sdt":
      case "w:sdtContent":
      case "w:ins":
      case "w:moveTo":
      case "w:customXml":
      case "w:smartTag":
        return flowOf(element);
      default:
        return [];
    }
  });
}

function cellsOf(row: XmlElement): readonly XmlElement[] {
  return elementsOf(row)
    .flatMap((cell) => (cell.name === "w:sdt" ? elementsOf(childAt(cell, "w:sdtContent") ?? cell) : [cell]))
    .filter((cell) => cell.name === "w:tc");
}

function headingDepth(properties: XmlElement | undefined, style: DocxStyle): number | null {
  const outline = valueOf(properties, "w:outlineLvl");
  const level = outline === null ? 9 : Number(outline);
  return level < 9 ? Math.min(6, level + 1) : style.headingDepth;
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("**", "");
}

/** Each line of code is a paragraph of its own. */
function joinCode(blocks: readonly ContentBlock[]): ContentBlock[] {
  const joined: ContentBlock[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.kind === "code" && last?.kind === "code")
      joined.splice(-1, 1, { ...last, text: `${last.text}\n${block.text}` });
    else joined.push(block);
  }
  return joined;
}

function readNotes(file: OfficePackage, kind: "footnote" | "endnote"): readonly (readonly [string, XmlElement])[] {
  const root = file.part(`word/${kind}s.xml`);
  return (root === null ? [] : elementsOf(root))
    .filter((note) => note.name === `w:${kind}` && note.attributes["w:type"] === undefined)
    .map((note) => [`${kind}/${note.attributes["w:id"] ?? ""}`, note] as const);
}
