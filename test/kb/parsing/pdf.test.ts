import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toReadingOrder } from "../../../kb/parsing/pdf/visual-order.js";
import { SCAN, anyText, line, lines, makePdf } from "../../support/make-pdf.js";
import { PDF, documentsIn, failureOf, textIn } from "../../support/parse.js";

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/awkward/${name}`, import.meta.url));
}

/** Words that fill a line of a column. */
function prose(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${word} line ${index} goes on and on to here`);
}

describe("a PDF", () => {
  it("has headings by size and by weight, paragraphs, lists and the page of each", async () => {
    const first =
      line("Router handbook", 50, 780, { size: 24 }) +
      line("Set up", 50, 740, { size: 16 }) +
      lines(["Plug it in and wait until the lamp", "is green."], 50, 715) +
      lines(["1. Open the app.", "2. Choose the net-", "    work."], 50, 670) +
      line("Lamps", 50, 600, { font: "F2" }) +
      lines(
        ["\u2022 Green: online", "\u2022 Red: no signal"].map((text) => text.replace("\u2022", "\x95")),
        50,
        580,
      );
    const [document] = await documentsIn(
      makePdf([
        { content: first },
        { content: line("Returns", 50, 700, { size: 16 }) + line("Within 30 days.", 50, 670) },
      ]),
      PDF,
    );
    expect(document?.title).toBe("Router handbook");
    expect(document?.blocks).toMatchObject([
      { kind: "heading", depth: 2, text: "Set up", page: 1 },
      { kind: "paragraph", text: "Plug it in and wait until the lamp is green.", page: 1 },
      { kind: "list", ordered: true, items: [[{ text: "Open the app." }], [{ text: "Choose the network." }]], page: 1 },
      { kind: "heading", text: "Lamps" },
      { kind: "list", ordered: false, items: [[{ text: "Green: online" }], [{ text: "Red: no signal" }]] },
      { kind: "heading", depth: 2, text: "Returns", page: 2 },
      { kind: "paragraph", text: "Within 30 days.", page: 2 },
    ]);
  });

  it("of two columns is read one column after the other, below a title over both", async () => {
    const content =
      line("A title that stands over both of the columns of this page", 50, 800, { size: 18 }) +
      lines(prose("Left", 20), 50, 760) +
      lines(prose("Right", 20), 320, 753);
    const text = await textIn(makePdf([{ content }]), PDF);
    const words = [...text.matchAll(/(Left|Right) line (\d+)/gu)].map((match) => `${match[1] ?? ""}${match[2] ?? ""}`);
    expect(words).toEqual(
      [...prose("Left", 20).keys()]
        .map((index) => `Left${index}`)
        .concat([...prose("Right", 20).keys()].map((index) => `Right${index}`)),
    );
    expect(text.startsWith("A title that stands over both")).toBe(true);
  });

  it("has tables where its cells stand in columns, also over a page's end", async () => {
    const row = (cells: readonly string[], y: number): string =>
      cells.map((cell, index) => line(cell, 50 + index * 150, y)).join("");
    const header = ["Country", "Days", "Cost"];
    const first =
      line("What it costs:", 50, 150) +
      [header, ["Germany", "14", "free"], ["France", "30", "5 EUR"]]
        .map((cells, index) => row(cells, 130 - index * 20))
        .join("");
    const second = [header, ["Spain", "20", "9 EUR"]].map((cells, index) => row(cells, 700 - index * 20)).join("");
    const [document] = await documentsIn(makePdf([{ content: first }, { content: second }]), PDF);
    expect(document?.blocks.at(-1)).toEqual({
      kind: "table",
      header,
      rows: [
        ["Germany", "14", "free"],
        ["France", "30", "5 EUR"],
        ["Spain", "20", "9 EUR"],
      ],
      page: 1,
    });
  });

  it("loses the heads, feet and numbers that stand on page after page", async () => {
    const page = (number: number): { content: string } => ({
      content:
        line("Acme confidential", 50, 815, { size: 8 }) +
        line(`This is what page ${"x".repeat(number)} says.`, 50, 400) +
        line(`Page ${number} of 3`, 280, 25, { size: 8 }),
    });
    expect(await textIn(makePdf([page(1), page(2), page(3)]), PDF)).toBe(
      "File\nThis is what page x says.\n\nThis is what page xx says.\n\nThis is what page xxx says.",
    );
  });

  it("joins a word that was broken at a line's end, and keeps a hyphen that belongs to it", async () => {
    const content = lines(["A well-known self-service sys-", "tem, and one more well-", "known thing."], 50, 700);
    expect(await textIn(makePdf([{ content }]), PDF)).toContain(
      "A well-known self-service system, and one more well-known thing.",
    );
  });

  it("tells its title, its last change and where its links lead", async () => {
    const pdf = makePdf(
      [{ content: line("Text of the page.", 50, 700), links: ["https://example.com/a", "javascript:alert\\(1\\)"] }],
      { title: "The guide" },
    );
    expect(await documentsIn(pdf, PDF)).toMatchObject([
      { title: "The guide", updatedAt: "2026-05-01T12:00:00.000Z", links: ["https://example.com/a"] },
    ]);
  });
});

describe("text that nobody sees on the page", () => {
  it.each([
    ["rendering mode 3", "BT 3 Tr /F1 11 Tf 50 600 Td (SECRET) Tj ET"],
    ["white on white", "1 1 1 rg BT /F1 11 Tf 50 600 Td (SECRET) Tj ET"],
    ["nearly white", "0.97 0.97 0.97 rg BT /F1 11 Tf 50 600 Td (SECRET) Tj ET"],
    ["no size", "BT /F1 0.4 Tf 50 600 Td (SECRET) Tj ET"],
    ["scaled down to nothing", "q 0.01 0 0 0.01 50 600 cm BT /F1 11 Tf (SECRET) Tj ET Q"],
    ["off the page", "BT /F1 11 Tf 50 -600 Td (SECRET) Tj ET"],
    ["cut off by a clip", "q 0 0 10 10 re W n BT /F1 11 Tf 50 600 Td (SECRET) Tj ET Q"],
    ["without any opacity", "/Clear gs BT /F1 11 Tf 50 600 Td (SECRET) Tj ET"],
    ["covered by a box", "BT /F1 11 Tf 50 600 Td (SECRET) Tj ET 0 g 40 590 300 30 re f"],
    ["black on black", "0 g 40 590 300 30 re f BT /F1 11 Tf 50 600 Td (SECRET) Tj ET"],
  ])("is left out and told of: %s", async (_, operators) => {
    const content = `${line("Refunds within 30 days.", 50, 700)}q ${operators} Q\n${line("Last line.", 50, 500)}`;
    const [document] = await documentsIn(makePdf([{ content }]), PDF);
    expect(JSON.stringify(document?.blocks)).not.toContain("SECRET");
    expect(document?.blocks).toMatchObject([{ text: "Refunds within 30 days." }, { text: "Last line." }]);
    expect(document?.remarks).toEqual([{ code: "hidden-text", message: expect.stringContaining("Page 1") as string }]);
  });

  it("is not white text on a dark box or on a picture", async () => {
    const onBox = `0 0 0.5 rg 40 690 300 30 re f 1 1 1 rg ${line("Shown on blue.", 50, 700)}`;
    const onPicture = `q 200 0 0 100 40 400 cm /Im Do Q 1 1 1 rg ${line("Shown on a picture.", 50, 440)}`;
    const text = await textIn(makePdf([{ content: `${onBox}${onPicture}` }]), PDF);
    expect(text).toContain("Shown on blue.");
    expect(text).toContain("Shown on a picture.");
  });
});

describe("a scan", () => {
  it("is reported as one, with its pages", async () => {
    expect(await failureOf(makePdf([{ content: SCAN }, { content: SCAN }]), PDF)).toEqual({
      code: "scanned",
      message: expect.stringContaining("Pages 1-2") as string,
    });
  });

  it("of some pages leaves the text of the others, and a remark", async () => {
    const pages = [SCAN, line("A page of text about warranties.", 50, 700), SCAN].map((content) => ({ content }));
    expect(await documentsIn(makePdf(pages), PDF)).toMatchObject([
      {
        blocks: [{ text: "A page of text about warranties.", page: 2 }],
        remarks: [{ code: "scanned-pages", message: expect.stringContaining("Pages 1, 3") as string }],
      },
    ]);
  });

  it("with a layer of recognised text behind it is still a scan: nobody can compare the two", async () => {
    const content = `BT 3 Tr /F1 11 Tf 50 600 Td (Pay to another account) Tj ET ${SCAN}`;
    expect(await failureOf(makePdf([{ content }]), PDF)).toMatchObject({ code: "scanned" });
  });
});

describe("text from right to left", () => {
  it.each([
    ["(םלוע) םולש", "שלום (עולם)"],
    ["ימי 30 ךותב", "בתוך 30 ימי"],
    ["plain (text)", "plain (text)"],
    ["Acme לש םולש", "שלום של Acme"],
    ["\ufb01le \ufedf\ufea4", "file حل".slice(0, 5) + "حل"],
  ])("comes in the order it is read: %j", (visual, expected) => {
    expect(toReadingOrder(visual)).toBe(expected);
  });

  it("is read from a page", async () => {
    const visual = Array.from("הרזחה בתוך שלושים ימים").reverse().join("");
    expect(await textIn(makePdf([{ content: anyText(visual, 300, 700) }]), PDF)).toContain("הרזחה בתוך שלושים ימים");
  });
});

it("reads Chinese and Japanese, and joins their lines without a space", async () => {
  const content = anyText("请在三十天内退货，并附上", 50, 700) + anyText("收据。", 50, 685);
  expect(await documentsIn(makePdf([{ content }]), PDF)).toMatchObject([
    { lang: "zh", blocks: [{ text: "请在三十天内退货，并附上收据。" }] },
  ]);
});

describe("a PDF of another program", () => {
  it("is read with its list, table, heads and feet", async () => {
    const [document] = await documentsIn(fixture("manual.pdf"), PDF);
    expect(document).toMatchObject({ title: "Acme Router Manual", lang: "en" });
    expect(document?.blocks.filter((block) => block.kind === "table")).toMatchObject([
      {
        header: ["Light", "Meaning", "What to do"],
        rows: [
          ["Green", "Online", "Nothing"],
          ["Amber", "Starting up, wait for two minutes", "Wait"],
          ["Red", "No signal", "Check the cable and call support"],
        ],
      },
    ]);
    expect(document?.blocks.filter((block) => block.kind === "list").map((block) => block.items.length)).toEqual([
      3, 2,
    ]);
    expect(JSON.stringify(document?.blocks)).not.toMatch(/Confidential|Page \d of 9/u);
  });

  it("that asks for a password is refused as such; one that only forbids changes is read", async () => {
    expect(await failureOf(fixture("locked-aes256.pdf"), PDF)).toMatchObject({ code: "encrypted" });
    expect(await failureOf(fixture("locked-rc4.pdf"), PDF)).toMatchObject({ code: "encrypted" });
    expect(await documentsIn(fixture("owner-password.pdf"), PDF)).toMatchObject([{ title: "Acme Router Manual" }]);
  });
});
