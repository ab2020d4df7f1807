import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkDocument } from "../../../kb/chunking/chunk-document.js";
import type { Chunk } from "../../../kb/chunking/chunk-document.js";
import { countTokens } from "../../../kb/chunking/token-count.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import type { ContentBlock, ParsedDocument } from "../../../kb/parsing/parsed-document.js";

const SIZES = { target: 60, max: 100, maxWhole: 160, tiny: 12 };

const parsed = await parseDocument({
  externalId: "a.md",
  mediaType: "text/markdown",
  bytes: Buffer.from("# T\n\nText."),
});

/** A parsed page with other blocks. */
function pageOf(blocks: readonly ContentBlock[], kind: ParsedDocument["kind"]): ParsedDocument {
  const [document] = parsed.ok ? parsed.documents : [];
  if (document === undefined) throw new Error("A page of one word was not parsed.");
  return { ...document, kind, blocks };
}

/** Words that stand nowhere else, in sentences of the given lengths. */
const text = fc
  .array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 })
  .map((lengths) => lengths.map((length) => `${Array.from({ length }, () => "§").join(" ")}.`).join(" "));

/** Sometimes a sentence that is longer than any chunk, and sometimes a word that is. */
const anyText = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 150 }).map((count) => "§ ".repeat(count).trim()) },
  { weight: 1, arbitrary: fc.integer({ min: 30, max: 150 }).map((count) => `§${"路由器".repeat(count)}`) },
);

const label = fc.constantFrom("Warning", "Note", null);
const table = fc
  .record({ columns: fc.integer({ min: 1, max: 12 }), rows: fc.integer({ min: 0, max: 12 }) })
  .chain(({ columns, rows }) => {
    const cells = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant("§ §") }, anyText), {
      minLength: columns,
      maxLength: columns,
    });
    return fc.record({
      kind: fc.constant("table" as const),
      header: fc.array(fc.constant("§"), { minLength: columns, maxLength: columns }),
      rows: fc.array(cells, { minLength: rows, maxLength: rows }),
    });
  });
const code = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom("§(§)", "  § = §", "") }, anyText), {
    minLength: 1,
    maxLength: 25,
  })
  .map((lines) => ({ kind: "code" as const, language: "sh", text: ["§", ...lines].join("\n") }));

const { block } = fc.letrec<{ block: ContentBlock; items: ContentBlock[][] }>((tie) => ({
  items: fc.array(fc.array(tie("block"), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
  block: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyText.map((paragraph) => ({ kind: "paragraph" as const, text: paragraph })),
    text.map((paragraph) => ({ kind: "paragraph" as const, text: `${paragraph} §:` })),
    table,
    code,
    fc.record({
      kind: fc.constant("list" as const),
      ordered: fc.boolean(),
      start: fc.constantFrom(1, 7),
      items: tie("items"),
      isNavigation: fc.constant(false),
    }),
    fc.record({
      kind: fc.constant("quote" as const),
      label,
      blocks: fc.array(tie("block"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const headings = fc.constantFrom("§ §", "Cause §", "Version 1.2 §", "§ §?");
const section = fc
  .tuple(fc.integer({ min: 2, max: 4 }), headings, fc.array(block, { minLength: 1, maxLength: 3 }))
  .map(([depth, heading, blocks]): ContentBlock[] => [{ kind: "heading", depth, text: heading }, ...blocks]);

const kinds = fc.constantFrom<ParsedDocument["kind"][]>("manual", "troubleshooting", "release", "faq");
const document = fc
  .tuple(fc.array(section, { minLength: 1, maxLength: 4 }), kinds)
  .map(([sections, kind]) => pageOf(numbered(sections.flat()), kind));

/** Gives every word a number of its own, in reading order. */
function numbered(blocks: readonly ContentBlock[]): readonly ContentBlock[] {
  let next = 0;
  const json = JSON.stringify(blocks).replaceAll("§", () => `W${(next += 1)}`);
  return JSON.parse(json) as readonly ContentBlock[];
}

function wordsOf(blocks: readonly ContentBlock[]): readonly string[] {
  return JSON.stringify(blocks).match(/W\d+/gu) ?? [];
}

/** Headings stand above a short introduction that was put into the section below it, and labels in each part of a table. */
function repeatedOf(blocks: readonly ContentBlock[]): ReadonlySet<string> {
  const labels = JSON.stringify(blocks).match(/"header":\[[^\]]*\]/gu) ?? [];
  const titles = blocks.map((one) => (one.kind === "heading" ? one.text : ""));
  return new Set([...labels, ...titles].join().match(/W\d+/gu));
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ headingPath, body }) => [...headingPath, body].join("\n")).join("\n");
}

describe("the chunks of any page", () => {
  it("hold all of its words, in order", () => {
    fc.assert(
      fc.property(document, (page) => {
        const found: readonly string[] = textOf(chunkDocument(page, SIZES)).match(/W\d+/gu) ?? [];
        const repeated = repeatedOf(page.blocks);
        const all = wordsOf(page.blocks);
        const present = new Set(found);
        expect(all.filter((word) => !present.has(word))).toEqual([]);
        let position = 0;
        for (const word of all.filter((one) => !repeated.has(one))) {
          position = found.indexOf(word, position);
          if (position === -1) throw new Error(`${word} is out of order.`);
        }
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  it("are never larger than what is kept whole", () => {
    fc.assert(
      fc.property(document, fc.boolean(), (page, isQuestionAndAnswer) => {
        for (const { body } of chunkDocument({ ...page, isQuestionAndAnswer }, SIZES)) {
          expect(countTokens(body)).toBeLessThanOrEqual(SIZES.maxWhole);
        }
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  it("are the same each time", () => {
    fc.assert(
      fc.property(document, (page) => {
        const copy = JSON.parse(JSON.stringify(page)) as ParsedDocument;
        expect(chunkDocument(copy, SIZES)).toEqual(chunkDocument(page, SIZES));
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it("have the header of a table in each of its parts", () => {
    const cell = fc.array(fc.constant("§"), { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rows, (body) => {
        const blocks = numbered([{ kind: "table", header: ["Name", "Value"], rows: body }]);
        for (const chunk of chunkDocument(pageOf(blocks, "manual"), SIZES)) {
          expect(chunk.body).toMatch(/^\| Name \| Value \|\n\| --- \| --- \|\n\| W/u);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("a sentence that is added to a page", () => {
  const paragraph = fc
    .array(fc.integer({ min: 4, max: 14 }), { minLength: 1, maxLength: 5 })
    .map((lengths) => lengths.map((length) => `${"§ ".repeat(length).trim()}.`).join(" "));
  const page = fc.array(fc.array(paragraph, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 5 });

  function toPage(sections: readonly (readonly string[])[], at: number | null): ParsedDocument {
    const blocks = sections.flatMap((paragraphs, index): ContentBlock[] => [
      { kind: "heading", depth: 2, text: `Section ${index}` },
      ...paragraphs.map((one): ContentBlock => ({ kind: "paragraph", text: one })),
    ]);
    const texts = numbered(blocks);
    const middle = texts.map((one, index) => ({ one, index })).filter(({ one }) => one.kind === "paragraph");
    const target = at === null ? null : middle[at % middle.length]?.index;
    return pageOf(
      texts.map((one, index) =>
        index === target && one.kind === "paragraph" ? { ...one, text: `${one.text} This was added later.` } : one,
      ),
      "manual",
    );
  }

  it("changes one or two of its chunks, seldom more", () => {
    const samples = fc.sample(fc.tuple(page, fc.nat(200)), { numRuns: 400, seed: 7 });
    const changes = samples.map(([sections, at]) => {
      const before = new Set(chunkDocument(toPage(sections, null), SIZES).map((chunk) => JSON.stringify(chunk)));
      const after = chunkDocument(toPage(sections, at), SIZES);
      return after.filter((chunk) => !before.has(JSON.stringify(chunk))).length;
    });
    expect(changes.filter((count) => count === 0)).toEqual([]);
    expect(changes.reduce((sum, count) => sum + count, 0) / changes.length).toBeLessThanOrEqual(1.5);
    expect(changes.filter((count) => count > 2).length / changes.length).toBeLessThanOrEqual(0.05);
    expect(Math.max(...changes)).toBeLessThanOrEqual(5);
  });
});
