import { cellText } from "../cell-text.js";
import type { ContentBlock, ParseRemark } from "../parsed-document.js";
import { runsToText } from "./inline-runs.js";
import type { TextRun } from "./inline-runs.js";
import { nestLists } from "./list-builder.js";
import type { ListParagraph } from "./list-builder.js";
import type { OfficePackage } from "./office-package.js";
import { HIDDEN_TEXT } from "./parse-docx.js";
import type { OfficeContent } from "./parse-docx.js";
import { childAt, descendantsOf, elementsOf, xmlText } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";

interface Slide {
  readonly number: number;
  readonly root: XmlElement;
  readonly notes: XmlElement | null;
}

interface SlideSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads slides in the order they are shown, each below its title, with the speaker's notes as a quotation of its own. The
 * title of the first one is that of all.
 */
export function parsePptx(file: OfficePackage): OfficeContent {
  const presentation = file.part(file.mainPart);
  const { slides, hidden } = presentation === null ? { slides: [], hidden: [] } : readSlides(file, presentation);
  const size = sizeOf(presentation);
  const reader = new SlideReader(size);
  const blocks = slides.flatMap((slide) => reader.read(slide));
  const remarks: ParseRemark[] = [];
  if (hidden.length > 0) {
    const message = `Slides that are not shown are left out: ${hidden.slice(0, 20).join(", ")}. Show them to have them read.`;
    remarks.push({ code: "hidden-slides", message });
  }
  if (reader.hasHiddenText) remarks.push(HIDDEN_TEXT);
  return { blocks, links: [], remarks };
}

function readSlides(
  file: OfficePackage,
  presentation: XmlElement,
): { slides: readonly Slide[]; hidden: readonly number[] } {
  const relations = file.relations(file.mainPart);
  const ids = elementsOf(childAt(presentation, "p:sldIdLst") ?? presentation).filter((item) => item.name === "p:sldId");
  const hidden: number[] = [];
  const slides = ids.flatMap((item, index): Slide[] => {
    const target = relations.get(item.attributes["r:id"] ?? "")?.target;
    const root = target === undefined ? null : file.part(target);
    if (target === undefined || root === null) return [];
    if (root.attributes["show"] === "0") {
      hidden.push(index + 1);
      return [];
    }
    const notes = [...file.relations(target).values()].find((relation) => relation.type === "notesSlide");
    return [{ number: index + 1, root, notes: notes === undefined ? null : file.part(notes.target) }];
  });
  return { slides, hidden };
}

function sizeOf(presentation: XmlElement | null): SlideSize {
  const attributes = presentation === null ? undefined : childAt(presentation, "p:sldSz")?.attributes;
  return { width: Number(attributes?.["cx"] ?? "12192000"), height: Number(attributes?.["cy"] ?? "6858000") };
}

/** What programs put on every slide. */
const SURROUNDINGS: ReadonlySet<string> = new Set(["dt", "ftr", "hdr", "sldNum", "sldImg"]);

class SlideReader {
  hasHiddenText = false;
  readonly #size: SlideSize;

  constructor(size: SlideSize) {
    this.#size = size;
  }

  read({ number, root, notes }: Slide): readonly ContentBlock[] {
    const shapes = this.#shapesOf(childAt(root, "p:cSld", "p:spTree"));
    const titleShape = shapes.find((shape) => isTitle(placeholderOf(shape)));
    const title = titleShape === undefined ? "" : plainText(titleShape);
    const body = shapes.filter((shape) => shape !== titleShape).flatMap((shape) => this.#shape(shape));
    const spoken = this.#notes(notes);
    if (title === "" && body.length === 0 && spoken.length === 0) return [];
    const text = title === "" ? `Slide ${number}` : title;
    const heading: ContentBlock = { kind: "heading", depth: number === 1 ? 1 : 2, text };
    return [heading, ...body, ...spoken].map((block) => ({ ...block, page: number }));
  }

  #shapesOf(tree: XmlElement | undefined): readonly XmlElement[] {
    return (tree === undefined ? [] : elementsOf(tree)).flatMap((shape) => {
      if (shape.name === "p:grpSp") return this.#shapesOf(shape);
      if (shape.name === "mc:AlternateContent")
        return this.#shapesOf(childAt(shape, "mc:Choice") ?? childAt(shape, "mc:Fallback"));
      if (!["p:sp", "p:graphicFrame", "p:cxnSp"].includes(shape.name)) return [];
      if (SURROUNDINGS.has(placeholderOf(shape) ?? "")) return [];
      if (!isHidden(shape, this.#size)) return [shape];
      if (plainText(shape) !== "") this.hasHiddenText = true;
      return [];
    });
  }

  #shape(shape: XmlElement): readonly ContentBlock[] {
    const table = descendantsOf(shape, "a:tbl")[0];
    if (table !== undefined) return tableOf(table);
    const body = childAt(shape, "p:txBody");
    return body === undefined ? [] : textBlocks(body, ["body", "obj", ""].includes(placeholderOf(shape) ?? "none"));
  }

  #notes(notes: XmlElement | null): readonly ContentBlock[] {
    if (notes === null) return [];
    const shapes = this.#shapesOf(childAt(notes, "p:cSld", "p:spTree"));
    const blocks = shapes
      .filter((shape) => placeholderOf(shape) === "body")
      .flatMap((shape) => textBlocks(childAt(shape, "p:txBody") ?? shape, false));
    return blocks.length === 0 ? [] : [{ kind: "quote", label: "Notes", blocks }];
  }
}

function isTitle(type: string | null): boolean {
  return type === "title" || type === "ctrTitle";
}

/** The type of a placeholder; an empty text when it has none, null when the shape is no placeholder. */
function placeholderOf(shape: XmlElement | undefined): string | null {
  const properties =
    shape === undefined ? undefined : elementsOf(shape).find((child) => /^p:nv\w+Pr$/u.test(child.name));
  const placeholder = childAt(properties, "p:nvPr", "p:ph");
  return placeholder === undefined ? null : (placeholder.attributes["type"] ?? "");
}

function isHidden(shape: XmlElement, { width, height }: SlideSize): boolean {
  const properties = elementsOf(shape).find((child) => /^p:nv\w+Pr$/u.test(child.name));
  if (childAt(properties, "p:cNvPr")?.attributes["hidden"] === "1") return true;
  const place = childAt(shape, "p:spPr", "a:xfrm") ?? childAt(shape, "p:xfrm");
  const [offset, extent] = [childAt(place, "a:off"), childAt(place, "a:ext")];
  if (offset === undefined || extent === undefined) return false;
  const number = (element: XmlElement, name: string): number => Number(element.attributes[name] ?? "0");
  const [left, top] = [number(offset, "x"), number(offset, "y")];
  return left >= width || top >= height || left + number(extent, "cx") <= 0 || top + number(extent, "cy") <= 0;
}

function plainText(shape: XmlElement): string {
  return descendantsOf(shape, "a:p")
    .map((paragraph) => runsToText(runsOf(paragraph)).replaceAll("**", ""))
    .join(" ")
    .replace(/\s+/gu, " ")
    .trim();
}

/** @param isList whether its paragraphs have bullets where they do not say otherwise */
function textBlocks(body: XmlElement, isList: boolean): readonly ContentBlock[] {
  const paragraphs = elementsOf(body).filter((child) => child.name === "a:p" && runsToText(runsOf(child)) !== "");
  const blocks: ContentBlock[] = [];
  let entries: ListParagraph[] = [];
  const endList = (): void => {
    blocks.push(...nestLists(entries));
    entries = [];
  };
  for (const paragraph of paragraphs) {
    const block: ContentBlock = { kind: "paragraph", text: runsToText(runsOf(paragraph)) };
    const properties = childAt(paragraph, "a:pPr");
    const isOrdered = childAt(properties, "a:buAutoNum") !== undefined;
    const hasBullet = isOrdered || childAt(properties, "a:buChar") !== undefined;
    const isEntry = hasBullet || (isList && paragraphs.length > 1 && childAt(properties, "a:buNone") === undefined);
    const level = Number(properties?.attributes["lvl"] ?? "0");
    if (isEntry) entries.push({ level, isOrdered, number: 1, blocks: [block] });
    else {
      endList();
      blocks.push(block);
    }
  }
  endList();
  return blocks;
}

function runsOf(paragraph: XmlElement): readonly TextRun[] {
  return elementsOf(paragraph).flatMap((child): TextRun[] => {
    if (child.name === "a:br") return [{ text: "\n", isBold: false, isItalic: false }];
    if (child.name !== "a:r" && child.name !== "a:fld") return [];
    const text = childAt(child, "a:t");
    const properties = childAt(child, "a:rPr")?.attributes;
    if (text === undefined || (properties?.["strike"] ?? "noStrike") !== "noStrike") return [];
    return [{ text: xmlText(text), isBold: properties?.["b"] === "1", isItalic: properties?.["i"] === "1" }];
  });
}

function tableOf(table: XmlElement): readonly ContentBlock[] {
  const rows = elementsOf(table)
    .filter((row) => row.name === "a:tr")
    .map((row) =>
      elementsOf(row)
        .filter((cell) => cell.name === "a:tc")
        .map((cell) => cellText(textBlocks(childAt(cell, "a:txBody") ?? cell, false))),
    );
  const [header, ...body] = rows;
  return header === undefined ? [] : [{ kind: "table", header, rows: body }];
}
