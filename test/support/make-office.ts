import { makeZip } from "./make-zip.js";

const TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** A Word file with this body, and with other parts by their names. */
export function makeDocx(body: string, parts: Readonly<Record<string, string>> = {}): Buffer {
  return makeZip({
    "[Content_Types].xml": TYPES,
    "word/document.xml": `${HEAD}<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    "word/styles.xml": `${HEAD}<w:styles xmlns:w="w">${STYLES}</w:styles>`,
    "word/numbering.xml": `${HEAD}<w:numbering xmlns:w="w">${NUMBERING}</w:numbering>`,
    ...parts,
  });
}

const style = (id: string, name: string, rest = ""): string =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${rest}</w:style>`;
// Ids are translated by the program, names are not.
const STYLES =
  style("berschrift1", "heading 1") +
  style("Eigene", "My heading", '<w:basedOn w:val="berschrift1"/>') +
  style("Code", "Source Code") +
  style("Unsichtbar", "Ghost", "<w:rPr><w:vanish/></w:rPr>");
const level = (number: number, format: string): string =>
  `<w:lvl w:ilvl="${number}"><w:start w:val="1"/><w:numFmt w:val="${format}"/></w:lvl>`;
const NUMBERING =
  `<w:abstractNum w:abstractNumId="0">${level(0, "decimal")}${level(1, "bullet")}</w:abstractNum>` +
  `<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`;

export function paragraph(text: string, properties = ""): string {
  return `<w:p><w:pPr>${properties}</w:pPr>${run(text)}</w:p>`;
}

export function run(text: string, properties = ""): string {
  return `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
}

export function step(text: string, depth = 0): string {
  return paragraph(text, `<w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="1"/></w:numPr>`);
}

export function table(rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string => row.map((cell) => `<w:tc>${cell}</w:tc>`).join("");
  return `<w:tbl>${rows.map((row) => `<w:tr>${cells(row)}</w:tr>`).join("")}</w:tbl>`;
}

/** An Excel file. Cells that are numbers are written as such, all others as texts of their own. */
export function makeXlsx(
  sheets: Readonly<Record<string, readonly (readonly (string | number | null)[])[]>>,
  {
    attributes = {},
    parts = {},
  }: { attributes?: Readonly<Record<string, string>>; parts?: Readonly<Record<string, string>> } = {},
): Buffer {
  const names = Object.keys(sheets);
  const list = names.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index + 1}" ${attributes[name] ?? ""}/>`,
  );
  const relations = names.map(
    (_, index) => `<Relationship Id="r${index + 1}" Type="x/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const written = Object.values(sheets).map((rows, index): [string, string] => [
    `xl/worksheets/sheet${index + 1}.xml`,
    `${HEAD}<worksheet><sheetData>${rows.map(sheetRow).join("")}</sheetData></worksheet>`,
  ]);
  return makeZip({
    "[Content_Types].xml": TYPES,
    "xl/workbook.xml": `${HEAD}<workbook xmlns:r="r"><sheets>${list.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships>${relations.join("")}</Relationships>`,
    ...Object.fromEntries(written),
    ...parts,
  });
}

function sheetRow(cells: readonly (string | number | null)[], index: number): string {
  const written = cells.map((cell, position) => {
    const place = `r="${String.fromCharCode(65 + position)}${index + 1}"`;
    if (cell === null) return "";
    return typeof cell === "number"
      ? `<c ${place}><v>${cell}</v></c>`
      : `<c ${place} t="inlineStr"><is><t xml:space="preserve">${cell}</t></is></c>`;
  });
  return `<row r="${index + 1}">${written.join("")}</row>`;
}

/** A PowerPoint file: each slide's shapes, with notes where there are some. */
export function makePptx(
  slides: readonly { readonly shapes: string; readonly notes?: string; readonly isHidden?: boolean }[],
): Buffer {
  const parts: Record<string, string> = {};
  for (const [index, { shapes, notes, isHidden }] of slides.entries()) {
    const number = index + 1;
    const show = isHidden === true ? ' show="0"' : "";
    parts[`ppt/slides/slide${number}.xml`] =
      `${HEAD}<p:sld${show}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`;
    if (notes === undefined) continue;
    parts[`ppt/slides/_rels/slide${number}.xml.rels`] =
      `${HEAD}<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/notes${number}.xml"/></Relationships>`;
    parts[`ppt/notesSlides/notes${number}.xml`] =
      `${HEAD}<p:notes><p:cSld><p:spTree>${shape(notes, "body")}</p:spTree></p:cSld></p:notes>`;
  }
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="s${index + 1}"/>`).join("");
  const relations = slides.map(
    (_, index) => `<Relationship Id="s${index + 1}" Type="x/slide" Target="slides/slide${index + 1}.xml"/>`,
  );
  return makeZip({
    "[Content_Types].xml": TYPES,
    "ppt/presentation.xml": `${HEAD}<p:presentation><p:sldIdLst>${ids}</p:sldIdLst><p:sldSz cx="1000" cy="700"/></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": `${HEAD}<Relationships>${relations.join("")}</Relationships>`,
    ...parts,
  });
}

/** A shape with its paragraphs, one a line. */
export function shape(text: string, placeholder: string | null, place = ""): string {
  const mark = placeholder === null ? "" : `<p:ph type="${placeholder}"/>`;
  const paragraphs = text.split("\n").map((part) => `<a:p><a:r><a:t>${part}</a:t></a:r></a:p>`);
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:nvPr>${mark}</p:nvPr></p:nvSpPr><p:spPr>${place}</p:spPr><p:txBody>${paragraphs.join("")}</p:txBody></p:sp>`;
}
