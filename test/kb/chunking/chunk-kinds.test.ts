import { describe, expect, it } from "vitest";
import { chunkDocument } from "../../../kb/chunking/chunk-document.js";
import type { Chunk } from "../../../kb/chunking/chunk-document.js";
import { countTokens } from "../../../kb/chunking/token-count.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import type { ContentBlock, ParsedDocument } from "../../../kb/parsing/parsed-document.js";

async function documentOf(markdown: string, folder = "manual"): Promise<ParsedDocument> {
  const bytes = Buffer.from(`# Title\n\n${markdown}`);
  const outcome = await parseDocument({ externalId: `${folder}/a.md`, mediaType: "text/markdown", bytes });
  const [document] = outcome.ok ? outcome.documents : [];
  if (document === undefined) throw new Error("The page was not parsed.");
  return document;
}

async function chunksOf(markdown: string, folder?: string): Promise<readonly Chunk[]> {
  return chunkDocument(await documentOf(markdown, folder));
}

function pathsOf(chunks: readonly Chunk[]): readonly (readonly string[])[] {
  return chunks.map(({ headingPath }) => headingPath);
}

function sentences(count: number, word = "word"): string {
  return Array.from({ length: count }, (_, index) => `This ${word} number ${index}.`).join(" ");
}

function sizesOf(chunks: readonly Chunk[]): readonly number[] {
  return chunks.map(({ body }) => countTokens(body));
}

describe("a troubleshooting page", () => {
  const problem = (name: string, count: number): string =>
    `## ${name}\n\n${sentences(20)}\n\n### Cause\n\n${sentences(count)}\n\n### Remedy\n\n${sentences(count)}`;

  it("keeps a symptom together with its cause and its remedy, the headings in the text", async () => {
    const chunks = await chunksOf(`${problem("No light", 30)}\n\n${problem("No sound", 30)}`, "troubleshooting");
    expect(pathsOf(chunks)).toEqual([["No light"], ["No sound"]]);
    expect(chunks[0]?.body).toMatch(/^This word[^]*\n\n\*\*Cause\*\*\n\nThis[^]*\n\n\*\*Remedy\*\*\n\nThis/u);
  });

  it("cuts one that does not fit at its headings, each below the symptom", async () => {
    const chunks = await chunksOf(problem("No light", 80), "troubleshooting");
    expect(pathsOf(chunks).flat()).toContain("No light");
    expect(chunks.length).toBeGreaterThan(1);
    for (const { headingPath } of chunks) expect(headingPath[0]).toBe("No light");
  });

  it("about one problem is one chunk", async () => {
    const page = `## Symptom\n\n${sentences(20)}\n\n## Solution\n\n${sentences(40)}`;
    expect(pathsOf(await chunksOf(page, "troubleshooting"))).toEqual([[]]);
    expect(pathsOf(await chunksOf(page, "manual"))).toEqual([["Symptom"], ["Solution"]]);
  });
});

describe("release notes", () => {
  it("are one chunk a version, and never put two tiny versions together", async () => {
    const notes = "## 1.2.1\n\n### Fixed\n\n- A.\n\n### Added\n\n- B.\n\n## 1.2.0\n\n- C.\n\n## 2024-05-01\n\n- D.";
    expect((await chunksOf(notes, "releases")).map(({ headingPath, body }) => [headingPath, body])).toEqual([
      [["1.2.1"], "**Fixed**\n\n- A.\n\n**Added**\n\n- B."],
      [["1.2.0"], "- C."],
      [["2024-05-01"], "- D."],
    ]);
  });
});

describe("an FAQ page", () => {
  it("is one chunk for each question, with the headings of its answer in the text", async () => {
    const page = "## Billing\n\n### How?\n\nSo.\n\n#### Abroad\n\nNot so.\n\n### When?\n\nNow.";
    expect((await chunksOf(page, "faq")).map(({ headingPath, body }) => [headingPath, body])).toEqual([
      [["Billing", "How?"], "So.\n\n**Abroad**\n\nNot so."],
      [["Billing", "When?"], "Now."],
    ]);
  });
});

describe("code", () => {
  const stanza = (index: number): string => `step${index}() {\n${"  run --fast \\\n".repeat(12)}  done\n}`;

  it("stays whole where it fits", async () => {
    const text = Array.from({ length: 9 }, (_, index) => stanza(index)).join("\n\n");
    expect(countTokens(text)).toBeGreaterThan(540);
    expect((await chunksOf(`\`\`\`sh\n${text}\n\`\`\``)).map(({ body }) => body)).toEqual([
      `\`\`\`sh\n${text}\n\`\`\``,
    ]);
  });

  it("is cut at its empty lines where it does not, each part fenced", async () => {
    const text = Array.from({ length: 40 }, (_, index) => stanza(index)).join("\n\n");
    const chunks = await chunksOf(`\`\`\`sh\n${text}\n\`\`\``);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { body } of chunks) expect(body).toMatch(/^```sh\nstep\d+\(\) \{\n[^]*\n\}\n```$/u);
    expect(chunks.map(({ body }) => body.slice(6, -4)).join("\n\n")).toBe(text);
  });

  it("without empty lines is cut between lines", async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `  line ${index}`);
    const chunks = await chunksOf(`\`\`\`\n${lines.join("\n")}\n\`\`\``);
    expect(chunks.map(({ body }) => body.slice(4, -4)).join("\n")).toBe(lines.join("\n"));
  });
});

describe("a table", () => {
  it("with a row that is too large is split between cells, with their labels and the row's name", async () => {
    const cells = [sentences(60, "first"), sentences(60, "second"), sentences(60, "third")];
    const table = `| Name | One | Two | Three |\n|---|---|---|---|\n| a | b | c | d |\n| row9 | ${cells.join(" | ")} |`;
    const chunks = await chunksOf(table);
    expect(Math.max(...sizesOf(chunks))).toBeLessThanOrEqual(540);
    const wide = chunks.filter(({ body }) => body.includes("row9"));
    expect(wide.length).toBeGreaterThan(1);
    const labels = wide.flatMap(({ body }) => /^\| Name \| (.*) \|$/mu.exec(body)?.[1]?.split(" | ") ?? []);
    expect([...new Set(labels)]).toEqual(["One", "Two", "Three"]);
    for (const { body } of wide) expect(body).toMatch(/\n\| row9 \| This (?:first|second|third) number/u);
  });

  it("with a cell that is too large is split at sentences, each part with the label", async () => {
    const chunks = await chunksOf(`| Name | Text |\n|---|---|\n| a | ${sentences(300)} |`);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { body } of chunks) expect(body).toMatch(/^\| Name \| Text \|\n[^\n]*\n\| a \| This word number \d+\./u);
    expect(chunks.flatMap(({ body }) => body.match(/number \d+/gu) ?? [])).toHaveLength(300);
  });

  it("whose header leaves no room becomes one without, the header its first row", async () => {
    const table: ContentBlock = { kind: "table", header: [sentences(120, "label")], rows: [["a"], ["b"]] };
    const chunks = chunkDocument({
      ...(await documentOf("x")),
      blocks: [table, { ...table, rows: [[sentences(200)]] }],
    });
    expect(Math.max(...sizesOf(chunks))).toBeLessThanOrEqual(820);
    expect(chunks.flatMap(({ body }) => body.match(/label number \d+/gu) ?? [])).toHaveLength(240);
  });
});

describe("a procedure that is too long", () => {
  const steps = Array.from({ length: 60 }, (_, index) => `${index + 1}. ${sentences(3)}`).join("\n");

  it("repeats the warnings before and behind it with each part", async () => {
    const chunks = await chunksOf(`To reset it:\n\n**Warning:** Unplug it.\n\n${steps}\n\n**Note:** It takes a while.`);
    expect(chunks.length).toBeGreaterThan(1);
    for (const { body } of chunks) {
      expect(body).toMatch(
        /^To reset it:\n\n\*\*Warning:\*\* Unplug it\.\n\n\d+\. [^]*\n\n\*\*Note:\*\* It takes a while\.$/u,
      );
    }
    expect(chunks.flatMap(({ body }) => body.match(/^\d+\. /gmu) ?? [])).toEqual(
      Array.from({ length: 60 }, (_, index) => `${index + 1}. `),
    );
  });

  it("does not repeat a warning that would take the room of the steps", async () => {
    const chunks = await chunksOf(`To reset it:\n\n**Warning:** ${sentences(60, "danger")}\n\n${steps}`);
    expect(chunks.flatMap(({ body }) => body.match(/danger number 0\./gu) ?? [])).toHaveLength(1);
    expect(Math.max(...sizesOf(chunks))).toBeLessThanOrEqual(540);
  });
});

describe("overlap", () => {
  it("is a few words where a sentence is cut", async () => {
    const words = Array.from({ length: 900 }, (_, index) => `word${index}`);
    const chunks = await chunksOf(`${words.join(" ")}.`);
    expect(chunks.length).toBeGreaterThan(2);
    chunks.slice(1).forEach(({ body }, index) => {
      const end = chunks[index]?.body.split(" ") ?? [];
      const shared = end.length - end.indexOf(body.split(" ")[0] ?? "");
      expect(shared).toBeGreaterThan(2);
      expect(body.startsWith(end.slice(-shared).join(" "))).toBe(true);
      expect(countTokens(end.slice(-shared).join(" "))).toBeLessThanOrEqual(17);
    });
  });

  it("is nowhere else", async () => {
    const chunks = await chunksOf(
      `${sentences(300)}\n\n${Array.from({ length: 300 }, (_, index) => `- item${index}`).join("\n")}`,
    );
    const found = chunks.flatMap(({ body }) => body.match(/number \d+|item\d+/gu) ?? []);
    expect(found).toHaveLength(600);
    expect(new Set(found).size).toBe(600);
  });
});

describe("the page of a chunk", () => {
  it("is the first of its blocks, also of one that is split", async () => {
    const paragraph = (page: number, text: string): ContentBlock => ({ kind: "paragraph", text, ...{ page } });
    const document = {
      ...(await documentOf("x")),
      blocks: [paragraph(3, sentences(150)), paragraph(4, sentences(150))],
    };
    const pages = chunkDocument(document).map(({ page }) => page);
    expect(pages[0]).toBe(3);
    expect(pages.at(-1)).toBe(4);
    expect(new Set(pages)).toEqual(new Set([3, 4]));
  });

  it("is null for what has no pages", async () => {
    expect(await chunksOf("Text.")).toMatchObject([{ page: null }]);
  });
});

describe("long texts", () => {
  it("are cut in time that does not grow with their square", async () => {
    const blocks: readonly ContentBlock[] = [
      { kind: "paragraph", text: sentences(5_000) },
      { kind: "paragraph", text: "a".repeat(100_000) },
      { kind: "paragraph", text: "请先重启路由器然后".repeat(10_000) },
      { kind: "code", language: null, text: sentences(5_000) },
    ];
    const chunks = chunkDocument({ ...(await documentOf("x")), blocks });
    expect(Math.max(...sizesOf(chunks))).toBeLessThanOrEqual(820);
  }, 20_000);
});
