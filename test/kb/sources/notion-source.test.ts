import { describe, expect, it } from "vitest";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import { notionRules } from "../../../kb/sources/notion-options.js";
import { createNotionSource } from "../../../kb/sources/notion-source.js";
import { readRecord } from "../../../kb/sources/vendor-record.js";
import type { FetchedItem, Source, SourceListing } from "../../../kb/sources/source.js";
import type { Logger } from "../../../src/ports/logger.js";
import { networkSourceContract, type NetworkPlace } from "../../contracts/network-source-contract.js";
import {
  fakeBlock,
  fakeNotion,
  notionId,
  richText,
  type FakeBlock,
  type FakeNotion,
} from "../../fakes/notion/fake-notion.js";
import { silentLogger } from "../../support/silent-logger.js";

const signal = new AbortController().signal;

async function openPlace(): Promise<NetworkPlace> {
  const notion = await fakeNotion();
  for (const number of [1, 2, 3, 4, 5]) notion.addPage(number, `Page ${number}`);
  return {
    server: notion,
    record: { kind: "notion", location: "our workspace", options: {} },
    secret: notion.secret,
    workDirectory: "/nonexistent",
    documents: [1, 2, 3, 4, 5].map(notionId),
    asksForDocument: /\/v1\/blocks\//u,
    change: (externalId, text) => notion.edit(externalId, [fakeBlock("paragraph", text)]),
    remove: (externalId) => void (notion.entry(externalId).in_trash = true),
    narrow: null,
    [Symbol.asyncDispose]: () => notion[Symbol.asyncDispose](),
  };
}

networkSourceContract("notion", openPlace);

interface Changes {
  readonly options?: Record<string, unknown>;
  readonly now?: string;
  readonly logger?: Logger;
}

function sourceOf(
  notion: FakeNotion,
  { options = {}, now = "2026-03-09T08:00:00Z", logger = silentLogger }: Changes = {},
): Source {
  const read = readRecord(notionRules, { name: "wiki", kind: "notion", location: "wiki", options }, notion.secret);
  return createNotionSource({ ...read, fetch: notion.fetch, logger, clock: { now: () => new Date(now) } });
}

const idsOf = ({ items }: SourceListing): readonly string[] => items.map(({ externalId }) => externalId);

async function readOne(notion: FakeNotion, number: number, changes: Changes = {}): Promise<FetchedItem> {
  const source = sourceOf(notion, changes);
  await source.list(null, signal);
  const read = await source.fetch({ externalId: notionId(number), revision: null, known: null }, signal);
  if (read === "unchanged") throw new Error("was read as unchanged");
  return read;
}

/** What our parser makes of a page with these blocks. */
async function blocksOf(blocks: readonly FakeBlock[]): Promise<unknown> {
  await using notion = await fakeNotion();
  notion.addPage(1, "Page", { blocks });
  const outcome = await parseDocument(await readOne(notion, 1));
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.documents[0]?.blocks;
}

describe("a Notion workspace", () => {
  it("gives a page with its place, address and the time of its last edit", async () => {
    await using notion = await fakeNotion();
    notion.addPage(1, "Handbook");
    notion.addPage(2, "Refunds * how", { parent: { type: "page_id", page_id: notionId(1) } });
    const item = await readOne(notion, 2);
    expect(item.facts).toEqual({
      title: "Refunds * how",
      url: "https://www.notion.so/a0000000000040008000000000000002",
      updatedAt: "2026-03-01T08:00:00.000Z",
      editedBy: null,
      acl: null,
    });
    await expect(parseDocument(item)).resolves.toMatchObject({
      documents: [
        {
          title: "Refunds * how",
          blocks: [
            { kind: "heading", text: "Handbook" },
            { kind: "paragraph", text: "Text of page 2." },
          ],
        },
      ],
    });
  });

  it("keeps a known page that the search leaves out, until the page itself is gone", async () => {
    await using notion = await fakeNotion();
    for (const number of [1, 2, 3]) notion.addPage(number, `Page ${number}`);
    const source = sourceOf(notion);
    const first = await source.list(null, signal);
    notion.entry(notionId(2)).isFound = false;
    const second = await source.list(first.cursor, signal);
    notion.entry(notionId(2)).in_trash = true;
    const third = await source.list(second.cursor, signal);
    notion.entries.splice(0, 1);
    const fourth = await source.list(third.cursor, signal);
    expect(idsOf(second)).toEqual([notionId(1), notionId(3), notionId(2)]);
    expect(second.items).toContainEqual(first.items[1]);
    expect(idsOf(third)).toEqual([notionId(1), notionId(3)]);
    expect(idsOf(fourth)).toEqual([notionId(3)]);
  });

  it("takes nothing for removed when a search that says it is cut off is all there is", async () => {
    await using notion = await fakeNotion();
    for (const number of [1, 2, 3]) notion.addPage(number, `Page ${number}`);
    const whole = await sourceOf(notion).list(null, signal);
    notion.isSearchCutOff = true;
    expect(await sourceOf(notion).list(null, signal)).toMatchObject({ isComplete: false });
    const known = await sourceOf(notion).list(whole.cursor, signal);
    expect(known.isComplete).toBe(true);
    expect(idsOf(known)).toHaveLength(3);
  });

  it("trusts the time of an edit only when no other edit can have the same", async () => {
    await using notion = await fakeNotion();
    notion.addPage(1, "Page");
    const early = await sourceOf(notion, { now: "2026-03-01T08:01:30Z" }).list(null, signal);
    const late = await sourceOf(notion, { now: "2026-03-01T08:05:00Z" }).list(null, signal);
    expect(early.items[0]?.revision).toBeNull();
    expect(late.items[0]?.revision).toMatch(/^2026-03-01T08:00:00.000Z /u);
  });

  it("reads below the pages and databases that are asked for, also inside of columns", async () => {
    await using notion = await fakeNotion();
    const database = "d0000000-0000-4000-8000-000000000001";
    const column = "e0000000-0000-4000-8000-000000000001";
    notion.addPage(1, "Handbook");
    notion.addPage(2, "Inside", { parent: { type: "block_id", block_id: column } });
    notion.parents.set(`blocks/${column}`, { type: "page_id", page_id: notionId(1) });
    notion.addPage(3, "Row", {
      parent: { type: "data_source_id", data_source_id: notionId(9), database_id: database },
    });
    notion.addPage(4, "Below the row", { parent: { type: "page_id", page_id: notionId(3) } });
    notion.addPage(5, "Elsewhere");
    const listed = async (options: Record<string, unknown>) =>
      idsOf(await sourceOf(notion, { options }).list(null, signal));
    await expect(
      listed({ pages: `https://www.notion.so/acme/Handbook-${notionId(1).replaceAll("-", "")}` }),
    ).resolves.toEqual([notionId(1), notionId(2)]);
    await expect(listed({ databases: [database] })).resolves.toEqual([notionId(3), notionId(4)]);
  });

  it("reads a row with a question and an answer as an FAQ entry, whole", async () => {
    await using notion = await fakeNotion();
    const parts = Array.from({ length: 30 }, (_, index) => richText(`part ${index}, `, { bold: index % 2 === 0 }));
    notion.addPage(1, "", {
      properties: {
        Name: { id: "n", type: "rich_text", rich_text: [] },
        Frage: { id: "title", type: "title", title: [richText("How long do refunds take?")] },
        Antwort: { id: "an", type: "rich_text", rich_text: parts.slice(0, 25), all: parts },
        Variants: { id: "va", type: "rich_text", rich_text: [richText("refund time | money back")] },
      },
      blocks: [fakeBlock("bulleted_list_item", "By card: sooner.")],
    });
    const outcome = await parseDocument(await readOne(notion, 1));
    if (!outcome.ok) throw new Error(outcome.failure.message);
    const [document] = outcome.documents;
    expect(document).toMatchObject({
      title: "How long do refunds take?",
      isQuestionAndAnswer: true,
      variants: ["refund time", "money back"],
      blocks: [{ kind: "paragraph" }, { kind: "list", items: [[{ text: "By card: sooner." }]] }],
    });
    expect(JSON.stringify(document?.blocks)).toContain("part 29");
  });

  it("shows the properties of any other row as a table above its text", async () => {
    await using notion = await fakeNotion();
    notion.addPage(1, "Basic", {
      properties: {
        Price: { id: "p", type: "number", number: 9 },
        State: { id: "s", type: "status", status: { id: "1", name: "On | sale", color: "green" } },
        Regions: { id: "r", type: "multi_select", multi_select: [{ name: "EU" }, { name: "US" }] },
        From: { id: "f", type: "date", date: { start: "2026-01-01", end: null, time_zone: null } },
        Number: { id: "u", type: "unique_id", unique_id: { prefix: "PLAN", number: 4 } },
        Owner: { id: "o", type: "people", people: [{ object: "user", id: "x", name: "Mia" }] },
        Empty: { id: "e", type: "rich_text", rich_text: [] },
      },
    });
    await expect(parseDocument(await readOne(notion, 1))).resolves.toMatchObject({
      documents: [
        {
          blocks: [
            {
              kind: "table",
              rows: [
                ["Price", "9"],
                ["State", "On | sale"],
                ["Regions", "EU, US"],
                ["From", "2026-01-01"],
                ["Number", "PLAN-4"],
              ],
            },
            { kind: "paragraph" },
          ],
        },
      ],
    });
  });

  it.each([
    [{ pages: "Handbook" }, "ntn_0123456789", "options.pages"],
    [{ databases: ["1234"] }, "ntn_0123456789", "options.databases"],
    [{}, "mia@x.org:ntn_0123456789", "SOURCE_WIKI_SECRET"],
  ])("refuses %j and a secret of the wrong form", (options, secret, named) => {
    const read = (): unknown =>
      readRecord(notionRules, { name: "wiki", kind: "notion", location: "wiki", options }, secret);
    expect(read).toThrow(named);
    expect(read).not.toThrow(secret);
  });
});

describe("Notion's blocks", () => {
  it("become headings, text with its marks, and lists with what lies below", async () => {
    const blocks = [
      fakeBlock("heading_1", "Install"),
      fakeBlock("paragraph", {
        rich_text: [
          richText("Press "),
          richText("Reset ", { bold: true }),
          richText("now", { bold: true }),
          richText(" *once* # <b>."),
          richText(" Old.", { strikethrough: true }),
        ],
      }),
      fakeBlock("numbered_list_item", "Open it.", [
        fakeBlock("paragraph", "Gently."),
        fakeBlock("bulleted_list_item", "Lift"),
      ]),
      fakeBlock("numbered_list_item", "Close it."),
      fakeBlock("to_do", { rich_text: [richText("Test")], checked: true }),
      fakeBlock("to_do", { rich_text: [richText("Ship")], checked: false }),
    ];
    await expect(blocksOf(blocks)).resolves.toMatchObject([
      { kind: "heading", depth: 2, text: "Install" },
      { kind: "paragraph", text: expect.stringMatching(/^Press \*\*Reset now\*\* .?\*once.?\* # <b>\.$/u) as string },
      {
        kind: "list",
        ordered: true,
        items: [
          [{ text: "Open it." }, { text: "Gently." }, { kind: "list", items: [[{ text: "Lift" }]] }],
          [{ text: "Close it." }],
        ],
      },
      { kind: "list", ordered: false, items: [[{ text: "☑ Test" }], [{ text: "☐ Ship" }]] },
    ]);
  });

  it("become admonitions, folded text, code, equations and quotes", async () => {
    const blocks = [
      fakeBlock("callout", { rich_text: [richText("Unplug it.")], icon: { type: "emoji", emoji: "⚠️" } }, [
        fakeBlock("paragraph", "First."),
      ]),
      fakeBlock("toggle", "More", [fakeBlock("paragraph", "Inside.")]),
      fakeBlock("code", { rich_text: [richText("echo `a`\n```")], language: "bash", caption: [] }),
      fakeBlock("equation", { expression: "a^2" }),
      fakeBlock("quote", "Said."),
    ];
    await expect(blocksOf(blocks)).resolves.toMatchObject([
      { kind: "quote", label: "Warning", blocks: [{ text: "Unplug it." }, { text: "First." }] },
      { kind: "paragraph", text: "**More**" },
      { kind: "paragraph", text: "Inside." },
      { kind: "code", language: "bash", text: "echo `a`\n```" },
      { kind: "code", text: "a^2" },
      { kind: "quote", label: null, blocks: [{ text: "Said." }] },
    ]);
  });

  it("become tables, columns and synced text one after the other, and files by their names", async () => {
    const row = (...cells: string[]): FakeBlock =>
      fakeBlock("table_row", { cells: cells.map((cell) => [richText(cell)]) });
    const blocks = [
      fakeBlock("table", { table_width: 2, has_column_header: true, has_row_header: false }, [
        row("Plan", "Price"),
        row("Basic", "9 | 10"),
        row("Pro", "19"),
      ]),
      fakeBlock("column_list", {}, [
        fakeBlock("column", {}, [fakeBlock("paragraph", "Left.")]),
        fakeBlock("column", {}, [fakeBlock("paragraph", "Right.")]),
      ]),
      fakeBlock("synced_block", { synced_from: null }, [fakeBlock("paragraph", "Synced.")]),
      fakeBlock("file", {
        type: "file",
        file: { url: "https://files.test/secret?sig=1" },
        name: "plan.docx",
        caption: [],
      }),
      fakeBlock("child_page", { title: "Not here" }),
    ];
    await expect(blocksOf(blocks)).resolves.toMatchObject([
      {
        kind: "table",
        header: ["Plan", "Price"],
        rows: [
          ["Basic", "9 | 10"],
          ["Pro", "19"],
        ],
      },
      { kind: "paragraph", text: "Left." },
      { kind: "paragraph", text: "Right." },
      { kind: "paragraph", text: "Synced." },
      { kind: "paragraph", text: "plan.docx" },
    ]);
  });

  it("are named in the log when they have no text, and refused when they nest without end", async () => {
    await using notion = await fakeNotion();
    const logged: unknown[] = [];
    notion.addPage(1, "Page", { blocks: [fakeBlock("unsupported"), fakeBlock("paragraph", "Text.")] });
    let deep = fakeBlock("toggle", "End");
    for (let depth = 0; depth < 20; depth += 1) deep = fakeBlock("toggle", "More", [deep]);
    notion.addPage(2, "Deep", { blocks: [deep] });
    await readOne(notion, 1, {
      logger: { ...silentLogger, info: (event, fields) => logged.push([event, fields?.code]) },
    });
    expect(logged).toEqual([["notion blocks left out", "unsupported"]]);
    await expect(readOne(notion, 2)).rejects.toMatchObject({ name: "ItemError", code: "too-deep" });
  });
});
