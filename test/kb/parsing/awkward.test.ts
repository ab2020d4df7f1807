import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MediaType } from "../../../kb/sources/source.js";
import { makeDocx, makePptx, makeXlsx, paragraph, shape, table } from "../../support/make-office.js";
import { makeZip } from "../../support/make-zip.js";
import { SCAN, anyText, line, lines, makePdf } from "../../support/make-pdf.js";
import { DOCX, PDF, PPTX, XLSX, failureOf, textIn } from "../../support/parse.js";

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/awkward/${name}`, import.meta.url));
}

const MD: MediaType = "text/markdown";
const HTML: MediaType = "text/html";
const CSV: MediaType = "text/csv";
const TXT: MediaType = "text/plain";

const ARABIC = "أعد تشغيل جهاز التوجيه";
const HEBREW = "הפעל מחדש את הנתב";
const UNTIL_80 = Array.from({ length: 80 }, (_, depth) => `${"  ".repeat(depth)}- level ${depth}`).join("\n");

/** Whatever a support team keeps: each file gives the right text, word for word where it matters. */
const READ: readonly (readonly [name: string, mediaType: MediaType, bytes: Uint8Array, text: string])[] = [
  [
    "a PDF in two columns",
    PDF,
    fixture("two-columns.pdf"),
    "A Title Over Both Columns Of The Page\n## One\n\nFIRST From wait device",
  ],
  [
    "a PDF that only forbids changes",
    PDF,
    fixture("owner-password.pdf"),
    "| Red | No signal | Check the cable and call support |",
  ],
  [
    "a PDF of which one page is text",
    PDF,
    makePdf([{ content: SCAN }, { content: line("Warranty: 2 years.", 50, 700) }]),
    "Warranty: 2 years.",
  ],
  [
    "a PDF in Hebrew, as it is printed",
    PDF,
    makePdf([{ content: anyText(Array.from(HEBREW).reverse().join(""), 300, 700) }]),
    HEBREW,
  ],
  ["a PDF in Chinese", PDF, makePdf([{ content: anyText("三十天内可以退货。", 50, 700) }]), "三十天内可以退货。"],
  [
    "a PDF with a line before its head",
    PDF,
    Buffer.concat([Buffer.from("\n\n"), makePdf([{ content: line("Still read.", 50, 700) }])]),
    "Still read.",
  ],
  [
    "a PDF with code",
    PDF,
    makePdf([{ content: line("Run this:", 50, 720) + lines(["npm install", "npm start"], 50, 690, { font: "F3" }) }]),
    "```\nnpm install\nnpm start\n```",
  ],
  ["a PDF that is called .docx", DOCX, makePdf([{ content: line("A PDF after all.", 50, 700) }]), "A PDF after all."],
  ["a Word file that is called .pdf", PDF, makeDocx(paragraph("A Word file after all.")), "A Word file after all."],
  [
    "a workbook that is called .docx",
    DOCX,
    makeXlsx({
      A: [
        ["Item", "Price"],
        ["Lamp", 5],
      ],
    }),
    "| Lamp | 5 |",
  ],
  [
    "a Word file with tables in tables",
    DOCX,
    makeDocx(
      table([
        [paragraph("A"), paragraph("B")],
        [paragraph("1"), table([[paragraph("x"), paragraph("y")]])],
      ]),
    ),
    "| 1 | x y |",
  ],
  ["a Word file in Arabic", DOCX, makeDocx(paragraph(ARABIC)), ARABIC],
  ["a Word file with a table for its layout", DOCX, makeDocx(table([[paragraph("Only a frame.")]])), "Only a frame."],
  [
    "a workbook with empty rows and columns",
    XLSX,
    makeXlsx({
      A: [
        [null, "Item", null, "Price"],
        [null, null],
        [null, "Lamp", null, 5],
      ],
    }),
    "| Item | Price |\n| --- | --- |\n| Lamp | 5 |",
  ],
  [
    "a workbook of one column",
    XLSX,
    makeXlsx({ A: [["First remark"], ["Second remark"]] }),
    "First remark\n\nSecond remark",
  ],
  ["slides without titles", PPTX, makePptx([{ shapes: shape("Only a box.", null) }]), "Only a box."],
  [
    "CSV with semicolons, quotes and line ends in cells",
    CSV,
    Buffer.from('Question;Answer\r\n"Why ""now""?";"First.\n\nSecond; third."\r\n'),
    'Why "now"?\nFirst.\n\nSecond; third.',
  ],
  ["CSV with a byte order mark and tabs", CSV, Buffer.from("\ufeffFrage\tAntwort\nWarum?\tDarum.\n"), "Warum?\nDarum."],
  ["CSV with mixed line ends and empty lines", CSV, Buffer.from("a,b\r\n1,2\n\n\r\n3,4\n"), "| 1 | 2 |\n| 3 | 4 |"],
  [
    "CSV in UTF-16",
    CSV,
    Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from("question,answer\nWhy?,Grüße.\n", "utf16le")]),
    "Grüße.",
  ],
  [
    "HTML in Latin-1 that says so",
    HTML,
    Buffer.from('<meta charset="iso-8859-1"><p>Größe und Maß', "latin1"),
    "Größe und Maß",
  ],
  [
    "HTML in Shift JIS that says so",
    HTML,
    Buffer.concat([
      Buffer.from('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p>'),
      Buffer.of(0x93, 0xfa, 0x96, 0x7b),
    ]),
    "日本",
  ],
  [
    "HTML with broken nesting",
    HTML,
    Buffer.from("<p>One <b>bold <i>both</b> it</i><table><tr><td>A<td>B<tr><td>1<td>2</div><p>After"),
    "| A | B |",
  ],
  [
    "HTML without any structure",
    HTML,
    Buffer.from("Just text &amp; an entity &#8212; done"),
    "Just text & an entity — done",
  ],
  [
    "Markdown with an HTML table",
    MD,
    Buffer.from("Costs:\n\n<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>\n"),
    "| A | B |\n| --- | --- |\n| 1 | 2 |",
  ],
  ["Markdown with lists 80 deep", MD, Buffer.from(UNTIL_80), "level 79"],
  [
    "Markdown with bars in a table that are not escaped",
    MD,
    Buffer.from("| A | B |\n|---|---|\n| 1 | `x | y` |\n"),
    "y`",
  ],
  [
    "Markdown with a byte order mark and Windows' line ends",
    MD,
    Buffer.from("\ufeff# Title\r\n\r\nText.\r\n"),
    "Title\nText.",
  ],
  [
    "Markdown with a footnote",
    MD,
    Buffer.from("Free[^1] returns.\n\n[^1]: Only in the EU.\n    More of it.\n"),
    "Free returns.\n\nOnly in the EU. More of it.",
  ],
  [
    "Markdown with tasks, emoji and a joined family",
    MD,
    Buffer.from("- [x] Done 🎉\n- [ ] Open 👩‍👩‍👧\n"),
    "- Done 🎉\n- Open 👩‍👩‍👧",
  ],
  ["text from right to left with numbers", TXT, Buffer.from(`${HEBREW} 30 ${ARABIC}`), `${HEBREW} 30 ${ARABIC}`],
  ["text in capitals with a form feed", TXT, Buffer.from("RETURNS\n\nWithin 30 days.\f\n"), "RETURNS\nWithin 30 days."],
  [
    "text in UTF-16 of the other order",
    TXT,
    Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from("Grüße.", "utf16le").swap16()]),
    "Grüße.",
  ],
  ["text of one line of a hundred thousand words", TXT, Buffer.from("word ".repeat(100_000)), "word word"],
];

/** What cannot be read ends with a code to act on, and a message that says what to do and quotes nothing. */
const REFUSED: readonly (readonly [
  name: string,
  mediaType: MediaType,
  bytes: Uint8Array,
  code: string,
  advice: RegExp,
])[] = [
  ["a scanned PDF", PDF, makePdf([{ content: SCAN }]), "scanned", /Page 1: .*text recognition/u],
  ["a PDF with a password", PDF, fixture("locked-aes256.pdf"), "encrypted", /without/u],
  ["a PDF with an old password", PDF, fixture("locked-rc4.pdf"), "encrypted", /without/u],
  ["half a PDF", PDF, Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type"), "bad-pdf", /Export it again/u],
  ["an empty PDF", PDF, Buffer.alloc(0), "empty", /Remove the file or fill it/u],
  ["a PDF of empty pages", PDF, makePdf([{ content: "" }]), "empty", /fill it/u],
  [
    "a picture that is called .pdf",
    PDF,
    Buffer.from("\x89PNG\r\n\x1a\n\0\0", "latin1"),
    "not-an-office-file",
    /Save it again/u,
  ],
  [
    "a truncated Word file",
    DOCX,
    makeDocx(paragraph("Text. ".repeat(2_000))).subarray(0, 700),
    "bad-zip",
    /save it again/u,
  ],
  ["a Word file with a broken part", DOCX, makeDocx("<w:p><w:r></w:p>"), "bad-xml", /save it again/u],
  [
    "an old Word file that is called .docx",
    DOCX,
    Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]),
    "old-office-file",
    /Save it as \.docx/u,
  ],
  [
    "a workbook with a password",
    XLSX,
    Buffer.concat([
      Buffer.from("d0cf11e0a1b11ae1", "hex"),
      Buffer.alloc(600),
      Buffer.from("EncryptedPackage", "utf16le"),
    ]),
    "encrypted",
    /without/u,
  ],
  [
    "an archive of something else",
    XLSX,
    makeZip({ "readme.txt": "Hello" }),
    "not-an-office-file",
    /Word, PowerPoint or Excel/u,
  ],
  ["a workbook of empty sheets", XLSX, makeXlsx({ A: [], B: [[null]] }), "empty", /fill it/u],
  [
    "a sheet of three hundred columns",
    XLSX,
    makeXlsx(
      { A: [["a"]] },
      {
        parts: {
          "xl/worksheets/sheet1.xml":
            '<worksheet><sheetData><row r="1"><c r="KN1"><v>1</v></c></row></sheetData></worksheet>',
        },
      },
    ),
    "sheet-too-large",
    /Split it/u,
  ],
  [
    "CSV with a quote that is never closed",
    CSV,
    Buffer.from('question,answer\nWhy?,"Because\n'),
    "bad-syntax",
    /never closed/u,
  ],
  ["Latin-1 that says nothing of it", MD, Buffer.from("Größe", "latin1"), "not-text", /UTF-8/u],
  [
    "HTML in an encoding nobody knows",
    HTML,
    Buffer.concat([Buffer.from('<meta charset="klingon"><p>'), Buffer.of(0xe4)]),
    "not-text",
    /UTF-8/u,
  ],
  [
    "a picture that is called .md",
    MD,
    Buffer.from("\x89PNG\r\n\x1a\n\0\0", "latin1"),
    "binary-content",
    /right ending/u,
  ],
  ["front matter and nothing else", MD, Buffer.from("---\ntitle: Soon\n---\n"), "empty", /fill it/u],
  ["an empty file", MD, Buffer.alloc(0), "empty", /fill it/u],
  ["lists deeper than is read", MD, Buffer.from(`${">".repeat(300)} deep`), "too-deep", /Take some out/u],
  ["a page of four hundred elements in each other", HTML, Buffer.from("<div>".repeat(500)), "too-deep", /nests more/u],
];

describe("a file as support teams keep them", () => {
  it.each(READ)("is read: %s", async (_, mediaType, bytes, text) => {
    expect(await textIn(bytes, mediaType)).toContain(text);
  });

  it.each(REFUSED)("is refused with what to do: %s", async (_, mediaType, bytes, code, advice) => {
    const failure = await failureOf(bytes, mediaType);
    expect(failure).toMatchObject({ code });
    expect(failure.message).toMatch(advice);
  });
});
