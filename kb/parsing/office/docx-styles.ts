import type { OfficePackage } from "./office-package.js";
import { childAt, elementsOf } from "./xml-tree.js";
import type { XmlElement } from "./xml-tree.js";

export interface DocxStyle {
  /** 1 to 6, or null: no heading. */
  readonly headingDepth: number | null;
  readonly isCode: boolean;
  readonly isHidden: boolean;
  readonly isBold: boolean;
  readonly numbering: { readonly id: string; readonly level: number } | null;
}

export const PLAIN_STYLE: DocxStyle = {
  headingDepth: null,
  isCode: false,
  isHidden: false,
  isBold: false,
  numbering: null,
};

export interface ListLevel {
  readonly isOrdered: boolean;
  readonly start: number;
}

/** Whether a switch such as `w:vanish` is set: it is there, and not with the value false. */
export function isOn(properties: XmlElement | undefined, name: string): boolean {
  const element = childAt(properties, name);
  return element !== undefined && !["0", "false", "off"].includes(element.attributes["w:val"] ?? "");
}

export function valueOf(properties: XmlElement | undefined, ...path: readonly string[]): string | null {
  return childAt(properties, ...path)?.attributes["w:val"] ?? null;
}

/** The styles by their ids, each with what it takes over from the one that it is based on. */
export function readStyles(file: OfficePackage): ReadonlyMap<string, DocxStyle> {
  const root = file.part("word/styles.xml");
  const elements = new Map(
    (root === null ? [] : elementsOf(root))
      .filter((element) => element.name === "w:style")
      .map((element): [string, XmlElement] => [element.attributes["w:styleId"] ?? "", element]),
  );
  const styles = new Map<string, DocxStyle>();
  for (const id of elements.keys()) resolve(id, elements, styles, 0);
  return styles;
}

const MAX_CHAIN = 20;

function resolve(
  id: string,
  elements: ReadonlyMap<string, XmlElement>,
  styles: Map<string, DocxStyle>,
  depth: number,
): DocxStyle {
  const known = styles.get(id);
  const element = elements.get(id);
  if (known !== undefined) return known;
  if (element === undefined || depth > MAX_CHAIN) return PLAIN_STYLE;
  const parentId = valueOf(element, "w:basedOn");
  const parent = parentId === null ? PLAIN_STYLE : resolve(parentId, elements, styles, depth + 1);
  const name = (valueOf(element, "w:name") ?? "").toLowerCase();
  const style: DocxStyle = {
    headingDepth: headingDepthOf(name, valueOf(element, "w:pPr", "w:outlineLvl")) ?? parent.headingDepth,
    isCode: parent.isCode || /\bcode\b|preformatted|source/u.test(name),
    isHidden: parent.isHidden || isOn(childAt(element, "w:rPr"), "w:vanish"),
    isBold: parent.isBold || isOn(childAt(element, "w:rPr"), "w:b"),
    numbering: numberingOf(childAt(element, "w:pPr")) ?? parent.numbering,
  };
  styles.set(id, style);
  return style;
}

function headingDepthOf(name: string, outline: string | null): number | null {
  const number = /^heading (\d)$/u.exec(name)?.[1];
  if (number !== undefined) return Math.min(6, Number(number));
  if (name === "title") return 1;
  const level = outline === null ? 9 : Number(outline);
  return level < 9 ? Math.min(6, level + 1) : null;
}

export function numberingOf(properties: XmlElement | undefined): DocxStyle["numbering"] {
  const id = valueOf(properties, "w:numPr", "w:numId");
  if (id === null) return null;
  return { id, level: Number(valueOf(properties, "w:numPr", "w:ilvl") ?? "0") };
}

/** How the lists are numbered, by `id/level`. */
export function readNumbering(file: OfficePackage): ReadonlyMap<string, ListLevel> {
  const root = file.part("word/numbering.xml");
  const all = root === null ? [] : elementsOf(root);
  const shapes = new Map(
    all
      .filter((element) => element.name === "w:abstractNum")
      .map((element): [string, XmlElement] => [element.attributes["w:abstractNumId"] ?? "", element]),
  );
  const levels = new Map<string, ListLevel>();
  for (const number of all.filter((element) => element.name === "w:num")) {
    const shape = shapes.get(valueOf(number, "w:abstractNumId") ?? "");
    for (const level of shape === undefined ? [] : elementsOf(shape).filter((child) => child.name === "w:lvl")) {
      const format = valueOf(level, "w:numFmt") ?? "decimal";
      levels.set(`${number.attributes["w:numId"] ?? ""}/${level.attributes["w:ilvl"] ?? "0"}`, {
        isOrdered: format !== "bullet" && format !== "none",
        start: Number(valueOf(level, "w:start") ?? "1"),
      });
    }
  }
  return levels;
}
