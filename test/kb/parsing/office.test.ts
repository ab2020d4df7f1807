import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeDocx, makePptx, makeXlsx, paragraph, run, shape, step, table } from "../../support/make-office.js";
import { DOCX, PPTX, XLSX, documentsIn, failureOf, textIn } from "../../support/parse.js";

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/awkward/${name}`, import.meta.url));
}

const HEADING = '<w:pStyle w:val="berschrift1"/>';

describe("a Word document", () => {
  it("has headings by the names of their styles, whatever the program calls their ids", async () => {
    const body =
      paragraph("Returns", HEADING) +
      paragraph("Text.") +
      paragraph("Deep", '<w:pStyle w:val="Eigene"/>') +
      paragraph("More.");
    expect(await documentsIn(makeDocx(body), DOCX)).toMatchObject([
      { title: "Returns", blocks: [{ text: "Text." }, { kind: "heading", depth: 1, text: "Deep" }, { text: "More." }] },
    ]);
  });

  it("has numbered steps with what lies further in, and counts on after a text between", async () => {
    const body = step("One") + step("a bullet", 1) + step("Two") + paragraph("In between.") + step("Three");
    expect(await textIn(makeDocx(body), DOCX)).toBe("File\n1. One\n   - a bullet\n2. Two\n\nIn between.\n\n3. Three");
  });

  it("has tables, with the tables inside of their cells, and cells over several rows", async () => {
    const inner = table([
      [paragraph("a"), paragraph("b")],
      [paragraph("c"), paragraph("d")],
    ]);
    const merged = (value: string): string => `<w:tcPr><w:vMerge w:val="${value}"/></w:tcPr>`;
    const body = table([
      [paragraph("Country"), paragraph("Cost")],
      [merged("restart") + paragraph("Germany"), paragraph("free")],
      [merged("continue") + paragraph(""), inner],
    ]);
    expect(await textIn(makeDocx(body), DOCX)).toContain(
      "| Country | Cost |\n| --- | --- |\n| Germany | free |\n| Germany | a b; c d |",
    );
  });

  it("has its footnotes behind the paragraph that refers to them, and the text of its text boxes", async () => {
    const note =
      '<w:footnotes><w:footnote w:id="1" w:type="separator"/><w:footnote w:id="2"><w:p><w:r><w:t>Only in the EU.</w:t></w:r></w:p></w:footnote></w:footnotes>';
    const box = `<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>${paragraph("In a box.")}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>${paragraph("In a box.")}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
    const body = `<w:p>${run("Free returns.")}<w:r><w:footnoteReference w:id="2"/></w:r>${box}</w:p>${paragraph("After.")}`;
    expect(await textIn(makeDocx(body, { "word/footnotes.xml": note }), DOCX)).toBe(
      "File\nFree returns.\n\nIn a box.\n\nOnly in the EU.\n\nAfter.",
    );
  });

  it("has a note once, also where it refers to itself or notes refer to each other", async () => {
    const refer = (id: number): string => `<w:r><w:footnoteReference w:id="${id}"/></w:r>`;
    const note = (id: number, text: string, ...to: readonly number[]): string =>
      `<w:footnote w:id="${id}"><w:p>${run(text)}${to.map(refer).join("")}</w:p></w:footnote>`;
    const notes = `<w:footnotes>${note(1, "Myself.", 1)}${note(2, "Two.", 3, 3)}${note(3, "Three.", 2)}</w:footnotes>`;
    const body = `<w:p>${run("Text.")}${refer(1)}${refer(2)}</w:p><w:p>${run("More.")}${refer(3)}</w:p>`;
    expect(await textIn(makeDocx(body, { "word/footnotes.xml": notes }), DOCX)).toBe(
      "File\nText.\n\nMyself.\n\nTwo.\n\nThree.\n\nMore.",
    );
  });

  it.each([
    ["hidden", run("SECRET", "<w:vanish/>")],
    ["hidden by its style", `</w:p><w:p><w:pPr><w:pStyle w:val="Unsichtbar"/></w:pPr>${run("SECRET")}</w:p><w:p>`],
    ["white", run("SECRET", '<w:color w:val="FFFFFF"/>')],
    ["without a size", run("SECRET", '<w:sz w:val="1"/>')],
  ])("loses text that is %s, and says so", async (_, hidden) => {
    const [document] = await documentsIn(makeDocx(`<w:p>${run("Shown.")}${hidden}</w:p>`), DOCX);
    expect(document).toMatchObject({ blocks: [{ text: "Shown." }], remarks: [{ code: "hidden-text" }] });
  });

  it("keeps text of which hiding is switched off, and white text on a colour", async () => {
    const body = `<w:p>${run("Shown ", '<w:vanish w:val="0"/>')}${run("here.", '<w:color w:val="FFFFFF"/><w:shd w:fill="000080"/>')}</w:p>`;
    expect(await textIn(makeDocx(body), DOCX)).toContain("Shown here.");
  });

  it("loses what was deleted, struck out or is the code of a field, and keeps what was inserted", async () => {
    const body =
      `<w:p>${run("Old ", "<w:strike/>")}<w:del><w:r><w:delText>GONE</w:delText></w:r></w:del><w:ins>${run("New.")}</w:ins>` +
      `<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r></w:p>`;
    expect(await textIn(makeDocx(body), DOCX)).toBe("File\nNew.");
  });

  it("of another program is read whole", async () => {
    const [document] = await documentsIn(fixture("handbook.docx"), DOCX);
    expect(document).toMatchObject({ title: "Returns", lang: "en", remarks: [{ code: "hidden-text" }] });
    expect(document?.blocks.map((block) => block.kind)).toEqual([
      "paragraph",
      "heading",
      "list",
      "paragraph",
      "list",
      "paragraph",
      "heading",
      "paragraph",
      "table",
      "paragraph",
    ]);
    expect(JSON.stringify(document)).not.toMatch(/SECRET|TINY/u);
  });
});

describe("slides", () => {
  it("have their titles as headings, their notes apart, and the slide of each", async () => {
    const pptx = makePptx([
      { shapes: shape("Returns", "ctrTitle") + shape("Handbook", "subTitle") },
      {
        shapes: shape("5", "sldNum") + shape("Within 30 days\nWith receipt", "body") + shape("How long", "title"),
        notes: "Say it slowly.",
      },
    ]);
    expect(await documentsIn(pptx, PPTX)).toMatchObject([
      {
        title: "Returns",
        blocks: [
          { kind: "paragraph", text: "Handbook", page: 1 },
          { kind: "heading", depth: 2, text: "How long", page: 2 },
          { kind: "list", items: [[{ text: "Within 30 days" }], [{ text: "With receipt" }]], page: 2 },
          { kind: "quote", label: "Notes", blocks: [{ text: "Say it slowly." }], page: 2 },
        ],
      },
    ]);
  });

  it("that are not shown, and shapes beside the slide, are left out and told of", async () => {
    const beside = '<a:xfrm><a:off x="2000" y="0"/><a:ext cx="10" cy="10"/></a:xfrm>';
    const pptx = makePptx([
      { shapes: shape("Shown", null) + shape("SECRET", null, beside) },
      { shapes: shape("SECRET", null), isHidden: true },
    ]);
    const [document] = await documentsIn(pptx, PPTX);
    expect(JSON.stringify(document?.blocks)).not.toContain("SECRET");
    expect(document?.remarks.map((remark) => remark.code)).toEqual(["hidden-slides", "hidden-text"]);
  });

  it("of another program are read whole", async () => {
    const text = await textIn(fixture("slides.pptx"), PPTX);
    expect(text).toBe(
      "Return policy\n- Within 30 days\n- With receipt\n\n**Notes:** Say that the label is free.\n\n## Costs\n\n" +
        "| Country | Cost |\n| --- | --- |\n| Germany | free |\n| France | 5 EUR |\n\n## Slide 4\n\nA box without a title.",
    );
  });
});

describe("a workbook", () => {
  it("is one page with a table for each sheet", async () => {
    const xlsx = makeXlsx({
      Prices: [
        ["Item", "Price"],
        ["Lamp", 19.9],
      ],
      Shops: [
        ["City", "Open"],
        ["Bonn", null],
      ],
    });
    expect(await textIn(xlsx, XLSX)).toBe(
      "File\n## Prices\n\n| Item | Price |\n| --- | --- |\n| Lamp | 19.9 |\n\n## Shops\n\n| City | Open |\n| --- | --- |\n| Bonn |  |",
    );
  });

  it("is read to the last of two thousand rows", async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => [`Item ${index}`, index]);
    const [document] = await documentsIn(makeXlsx({ Sheet1: [["Item", "Price"], ...rows] }), XLSX);
    const [block] = document?.blocks ?? [];
    expect(block?.kind === "table" && [block.rows.length, block.rows.at(-1)]).toEqual([2_000, ["Item 1999", "1999"]]);
  });

  it("has one document for each question of an FAQ sheet, and a page of the others", async () => {
    const xlsx = makeXlsx({
      FAQ: [["Our questions"], ["Question", "Answer"], ["Why?", "Because."]],
      Prices: [
        ["Item", "Price"],
        ["Lamp", 5],
      ],
    });
    expect(await documentsIn(xlsx, XLSX)).toMatchObject([
      { externalId: "manual/file.x", isQuestionAndAnswer: false, remarks: [{ code: "rows-above-header" }] },
      { externalId: "manual/file.x#FAQ!1", title: "Why?", isQuestionAndAnswer: true },
    ]);
  });

  it("loses hidden sheets and says so", async () => {
    const xlsx = makeXlsx(
      {
        Open: [
          ["A", "B"],
          ["1", "2"],
        ],
        Closed: [["SECRET", "x"]],
      },
      { attributes: { Closed: 'state="veryHidden"' } },
    );
    const [document] = await documentsIn(xlsx, XLSX);
    expect(JSON.stringify(document?.blocks)).not.toContain("SECRET");
    expect(document?.remarks).toMatchObject([{ code: "hidden-sheets" }]);
  });

  it("of another program is read with its dates, percentages and currencies", async () => {
    const documents = await documentsIn(fixture("workbook.xlsx"), XLSX, "faq/workbook.xlsx");
    const [page, first, second] = documents;
    expect(page?.blocks.at(-1)).toMatchObject({ header: ["Item", "Price", "Tax", "When"] });
    expect(JSON.stringify(page)).toContain('["Item 0","19.90 EUR","19%","2026-05-01 12:30"]');
    expect(JSON.stringify(documents)).not.toContain("SECRET");
    expect(first).toMatchObject({
      externalId: "faq/workbook.xlsx#FAQ!1",
      title: "Wie lange ist die Frist?",
      variants: ["Frist?", "Dauer?"],
      validFrom: "2026-01-01",
      validUntil: "2026-12-31",
      lang: "de",
      category: "Rückgabe",
      acl: ["staff"],
      url: "https://example.com/a",
    });
    expect(second).toMatchObject({ validFrom: "2026-02-01", validUntil: null });
  });

  it("names sheet, row and column of a date that is none", async () => {
    const xlsx = makeXlsx({
      FAQ: [
        ["Question", "Answer", "Valid until"],
        ["Why?", "Because.", "soon"],
      ],
    });
    expect(await failureOf(xlsx, XLSX)).toEqual({
      code: "bad-date",
      message: expect.stringMatching(
        /^Sheet FAQ: Row 2, column C \(valid until\): it is no date\. Write it as/u,
      ) as string,
    });
  });
});
