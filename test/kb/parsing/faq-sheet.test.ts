import { describe, expect, it } from "vitest";
import { columnName } from "../../../kb/parsing/sheet.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import type { ItemFacts } from "../../../kb/sources/source.js";
import { documentsIn, failureOf } from "../../support/parse.js";

const csv = (text: string) => documentsIn(Buffer.from(text), "text/csv", "faq/x.csv");

describe("an FAQ sheet", () => {
  it.each([
    "question,answer,variants,audience,language,valid from,valid until,category,url",
    "Frage,Antwort,Varianten,Zielgruppe,Sprache,Gültig ab,Gültig bis,Kategorie,Link",
    "Question,Réponse,Variantes,Public cible,Langue,Valable à partir du,Valable jusqu'au,Catégorie,Lien",
    "Pregunta,Respuesta,Variantes,Audiencia,Idioma,Válido desde,Válido hasta,Categoría,Enlace",
    "Domanda,Risposta,Varianti,Destinatari,Lingua,Valido dal,Valido fino al,Categoria,Collegamento",
    "Pergunta,Resposta,Variações,Público,Idioma,Válido a partir de,Válido até,Categoria,Link",
    "Vraag,Antwoord,Varianten,Doelgroep,Taal,Geldig vanaf,Geldig tot,Categorie,Link",
    "QUESTION*,Answer:,other wordings,audience,LANGUAGE,valid_from,valid_until,Category,URL",
  ])("is known by the names of its columns: %s", async (header) => {
    const row = "Why?,Because.,What for?|How come?,staff,en-GB,2026-01-01,31.12.2026,Billing,https://example.com/a";
    expect(await csv(`${header}\n${row}\n`)).toMatchObject([
      {
        title: "Why?",
        variants: ["What for?", "How come?"],
        acl: ["staff"],
        lang: "en",
        validFrom: "2026-01-01",
        validUntil: "2026-12-31",
        category: "Billing",
        url: "https://example.com/a",
      },
    ]);
  });

  it.each([
    ["2026-13-01", "no such day"],
    ["30.02.2026", "no such day"],
    ["next May", "no date"],
    ["03/04/2026", "two different days"],
  ])("tells row and column of a date that cannot be read: %s", async (date, problem) => {
    const text = `question,answer,valid until\nWhy?,Because.,\n\nHow?,Thus.,${date}\n`;
    const failure = await failureOf(Buffer.from(text), "text/csv");
    expect(failure.code).toBe("bad-date");
    expect(failure.message).toMatch(/^Row 4, column C \(valid until\): /u);
    expect(failure.message).toContain(problem);
    expect(failure.message).not.toContain(date);
  });

  it.each([
    [
      "application/yaml",
      "- question: Why?\n  answer: b\n- question: How?\n  answer: b\n  valid_until: soon\n",
      /^Line 3: Entry 2, valid until: it is no date/u,
    ],
    ["application/json", '[{"question":"Why?","answer":"b","updated":"soon"}]', /^Entry 1, updated: it is no date/u],
    ["text/markdown", "---\ntitle: A\nvalid_from: soon\n---\nText.", /^Line 3: valid_from: it is no date/u],
    [
      "text/csv",
      "question,answer,valid from,valid until\nWhy?,b,2026-02-01,2026-01-01\n",
      /^Row 2, column D \(valid until\): it lies before/u,
    ],
  ] as const)("and what else has dates tells where a wrong one stands (%s)", async (mediaType, text, message) => {
    const failure = await failureOf(Buffer.from(text), mediaType);
    expect(failure).toMatchObject({ code: "bad-date", message: expect.stringMatching(message) as string });
  });

  it("tells the row that has no answer", async () => {
    const failure = await failureOf(Buffer.from("question,answer\nWhy?,Because.\nHow?,\n"), "text/csv");
    expect(failure).toMatchObject({ code: "incomplete-entry", message: expect.stringContaining("Row 3: ") as string });
  });

  it("names columns as spreadsheets do", () => {
    expect([0, 25, 26, 27, 701, 702].map(columnName)).toEqual(["A", "Z", "AA", "AB", "ZZ", "AAA"]);
  });
});

describe("a CSV file without questions", () => {
  it("is a table", async () => {
    expect(await csv("Country;Days;;\nGermany;14;;\n")).toMatchObject([
      {
        isQuestionAndAnswer: false,
        blocks: [{ kind: "table", header: ["Country", "Days"], rows: [["Germany", "14"]] }],
        remarks: [],
      },
    ]);
  });

  it("is told of when only one of the two columns is missing", async () => {
    expect(await csv("question,result\nWhy?,4\n")).toMatchObject([
      { blocks: [{ kind: "table" }], remarks: [{ code: "not-an-faq" }] },
    ]);
  });
});

describe("the language of a document", () => {
  it.each([
    ["The router keeps its settings when the power is back, and you can reset it.", "en"],
    ["Der Router behält seine Einstellungen, wenn der Strom wieder da ist, und kann dann neu starten.", "de"],
    ["El router conserva sus ajustes cuando vuelve la corriente y puede reiniciarse.", "es"],
    ["请先重启路由器，然后等待两分钟。", "zh"],
    ["ルーターを再起動してください。", "ja"],
    ["라우터를 다시 시작하세요.", "ko"],
    ["أعد تشغيل جهاز التوجيه ثم انتظر دقيقتين.", "ar"],
    ["הפעל מחדש את הנתב והמתן שתי דקות.", "he"],
    ["4711 0815", null],
  ])("is told by its words: %s", async (text, lang) => {
    expect(await documentsIn(Buffer.from(text), "text/plain", "a.txt")).toMatchObject([{ lang }]);
  });

  it("is what the document says, if it does", async () => {
    expect(
      await documentsIn(Buffer.from("---\nlang: fr\n---\nThe text is in English."), "text/markdown"),
    ).toMatchObject([{ lang: "fr" }]);
    expect(await documentsIn(Buffer.from('<html lang="pt-BR"><p>The text.'), "text/html")).toMatchObject([
      { lang: "pt" },
    ]);
  });
});

describe("what the place knows of an item", () => {
  const facts: ItemFacts = {
    title: "From the place",
    url: "https://example.com/p",
    updatedAt: "2026-02-03T00:00:00Z",
    editedBy: null,
    acl: ["staff"],
  };
  const parse = async (text: string, known: ItemFacts) => {
    const outcome = await parseDocument({
      externalId: "a.md",
      mediaType: "text/markdown",
      bytes: Buffer.from(text),
      facts: known,
    });
    return outcome.ok ? outcome.documents : [];
  };
  const text =
    "---\ntitle: Own\nurl: https://example.com/own\nupdated: 2020-01-01\naudience: public\n---\n# From the place\n\nText.";

  it("wins over what its text says, and its title is not said twice", async () => {
    expect(await parse(text, facts)).toMatchObject([
      {
        title: "From the place",
        url: "https://example.com/p",
        updatedAt: "2026-02-03T00:00:00.000Z",
        acl: ["staff"],
        blocks: [{ text: "Text." }],
      },
    ]);
  });

  it("leaves what it does not know to the text", async () => {
    const nothing: ItemFacts = { title: null, url: null, updatedAt: null, editedBy: null, acl: null };
    expect(await parse(text, nothing)).toMatchObject([
      { title: "Own", url: "https://example.com/own", acl: ["public"] },
    ]);
  });

  it("gives the questions of a sheet no common title", async () => {
    const outcome = await parseDocument({
      externalId: "a.csv",
      mediaType: "text/csv",
      bytes: Buffer.from("question,answer\nWhy?,Because.\n"),
      facts,
    });
    expect(outcome.ok && outcome.documents).toMatchObject([{ title: "Why?", acl: ["staff"] }]);
  });
});
