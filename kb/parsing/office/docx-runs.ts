import type { DocxStyle } from "./docx-styles.js";
import { PLAIN_STYLE, isOn, valueOf } from "./docx-styles.js";
import type { TextRun } from "./inline-runs.js";
import type { Relation } from "./office-package.js";
import { childAt, elementsOf, xmlText } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";

/** What a paragraph holds besides its words. */
export interface ParagraphContent {
  readonly runs: TextRun[];
  /** Text boxes, which stand beside the text. */
  readonly boxes: XmlElement[];
  /** Notes that it refers to, for example `footnote/2`. */
  readonly notes: string[];
}

export interface RunContext {
  readonly styles: ReadonlyMap<string, DocxStyle>;
  readonly relations: ReadonlyMap<string, Relation>;
  readonly links: string[];
  /** Called when text that nobody sees was left out. */
  readonly onHidden: () => void;
}

/** Text of this size and below, in half points, is read by nobody. */
const MAX_UNREADABLE_SIZE = 2;

/** Reads a paragraph's words: without what was deleted, struck out or hidden. */
export function readParagraph(paragraph: XmlElement, style: DocxStyle, context: RunContext): ParagraphContent {
  const content: ParagraphContent = { runs: [], boxes: [], notes: [] };
  readInline(paragraph, style, context, content);
  return content;
}

function readInline(parent: XmlElement, style: DocxStyle, context: RunContext, content: ParagraphContent): void {
  for (const child of elementsOf(parent)) {
    switch (child.name) {
      case "w:r":
        readRun(child, style, context, content);
        break;
      case "w:del":
      case "w:moveFrom":
      case "w:pPr":
        break;
      case "w:hyperlink": {
        const relation = context.relations.get(child.attributes["r:id"] ?? "");
        if (relation?.isExternal === true) context.links.push(relation.target);
        readInline(child, style, context, content);
        break;
      }
      case "m:oMath":
      case "m:oMathPara":
        content.runs.push({ text: xmlText(child), isBold: false, isItalic: false });
        break;
      default:
        // Marks of insertions, fields, smart tags, controls: their runs are text like any other.
        readInline(child, style, context, content);
    }
  }
}

function readRun(run: XmlElement, paragraphStyle: DocxStyle, context: RunContext, content: ParagraphContent): void {
  const properties = childAt(run, "w:rPr");
  const style = context.styles.get(valueOf(properties, "w:rStyle") ?? "") ?? PLAIN_STYLE;
  const text = elementsOf(run)
    .map((child) => readPiece(child, content))
    .join("");
  if (isHidden(properties, paragraphStyle, style)) {
    if (text.trim() !== "") context.onHidden();
    return;
  }
  if (isOn(properties, "w:strike") || isOn(properties, "w:dstrike")) return;
  const isBold = isOn(properties, "w:b") || (style.isBold && childAt(properties, "w:b") === undefined);
  content.runs.push({ text, isBold, isItalic: isOn(properties, "w:i") });
}

function isHidden(properties: XmlElement | undefined, ...styles: readonly DocxStyle[]): boolean {
  const own = childAt(properties, "w:vanish");
  if (own === undefined ? styles.some((style) => style.isHidden) : isOn(properties, "w:vanish")) return true;
  const size = Number(valueOf(properties, "w:sz") ?? "20");
  const color = (valueOf(properties, "w:color") ?? "").toLowerCase();
  const isShaded = childAt(properties, "w:shd") !== undefined || childAt(properties, "w:highlight") !== undefined;
  return size <= MAX_UNREADABLE_SIZE || (/^f[c-f]f[c-f]f[c-f]$/u.test(color) && !isShaded);
}

function readPiece(piece: XmlElement, content: ParagraphContent): string {
  switch (piece.name) {
    case "w:t":
      return xmlText(piece);
    case "w:tab":
    case "w:ptab":
      return " ";
    case "w:br":
    case "w:cr":
      return "\n";
    case "w:noBreakHyphen":
      return "-";
    case "w:footnoteReference":
    case "w:endnoteReference":
      content.notes.push(`${piece.name.slice(2, -"Reference".length)}/${piece.attributes["w:id"] ?? ""}`);
      return "";
    case "w:drawing":
    case "w:pict":
    case "w:object":
    case "mc:AlternateContent":
      content.boxes.push(...textBoxes(piece));
      return "";
    default:
      return "";
  }
}

/** A drawing is often there twice, for new and for old programs: the first that holds text counts. */
function textBoxes(drawing: XmlElement): readonly XmlElement[] {
  if (drawing.name === "w:txbxContent") return [drawing];
  if (drawing.name === "mc:AlternateContent") {
    return (
      elementsOf(drawing)
        .map(textBoxes)
        .find((boxes) => boxes.length > 0) ?? []
    );
  }
  return elementsOf(drawing).flatMap(textBoxes);
}
