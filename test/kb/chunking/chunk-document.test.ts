import { describe, expect, it } from "vitest";
import { chunkDocument } from "../../../kb/chunking/chunk-document.js";
import type { Chunk } from "../../../kb/chunking/chunk-document.js";
import { countTokens } from "../../../kb/chunking/token-count.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";

async function chunksOf(markdown: string, externalId = "manual/a.md"): Promise<readonly Chunk[]> {
  const outcome = await parseDocument({
    externalId,
    mediaType: "text/markdown",
    bytes: Buffer.from(`# Title\n\n${markdown}`),
  });
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.documents.flatMap((document) => chunkDocument(document));
}

/** Sentences of four words each. */
function sentences(count: number, word = "word"): string {
  return Array.from({ length: count }, (_, index) => `This ${word} number ${index}.`).join(" ");
}

describe("chunks", () => {
  it("follow the headings, and carry their path without the title", async () => {
    const chunks = await chunksOf(
      `${sentences(20)}\n\n## One\n\n${sentences(20)}\n\n### Inner\n\n${sentences(20)}\n\n## Two\n\n${sentences(20)}`,
    );
    expect(chunks.map((chunk) => chunk.headingPath)).toEqual([[], ["One"], ["One", "Inner"], ["Two"]]);
  });

  it("put tiny sections under one parent together, with their headings in the text", async () => {
    const chunks = await chunksOf(`## One\n\n### A\n\nShort.\n\n### B\n\nBrief.\n\n## Two\n\n${sentences(60)}`);
    expect(chunks.map(({ headingPath, body }) => [headingPath, body])).toEqual([
      [["One"], "**A**\n\nShort.\n\n**B**\n\nBrief."],
      [["Two"], sentences(60)],
    ]);
  });

  it("take a tiny introduction into the section below it", async () => {
    const chunks = await chunksOf(`Hello.\n\n## One\n\n${sentences(20)}`);
    expect(chunks).toMatchObject([
      { headingPath: ["One"], body: expect.stringMatching(/^Hello\.\n\nThis word/u) as string },
    ]);
  });

  it("keep a procedure whole, with its introduction and its warnings", async () => {
    const steps = Array.from({ length: 20 }, (_, index) => `${index + 1}. ${sentences(3, `step${index}`)}`).join("\n");
    const chunks = await chunksOf(
      `${sentences(60)}\n\nTo reset it:\n\n${steps}\n\n**Warning:** All is lost.\n\n${sentences(60)}`,
    );
    const procedure = chunks.filter((chunk) => chunk.body.includes("To reset it:"));
    expect(procedure).toHaveLength(1);
    expect(procedure[0]?.body).toContain("1. This step0");
    expect(procedure[0]?.body).toContain("20. This step19");
    expect(procedure[0]?.body).toContain("**Warning:** All is lost.");
  });

  it("split a procedure without end between steps, counting on and repeating what introduces it", async () => {
    const steps = Array.from({ length: 100 }, (_, index) => `${index + 1}. ${sentences(3)}`).join("\n");
    const chunks = await chunksOf(`To reset it:\n\n${steps}`);
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) expect(chunk.body).toMatch(/^To reset it:\n\n\d+\. /u);
    expect(chunks[1]?.body).not.toMatch(/\n1\. /u);
    expect(chunks.flatMap((chunk) => chunk.body.match(/^\d+\. /gmu) ?? [])).toHaveLength(100);
  });

  it("repeat the header of a table that is split", async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `| name ${index} | ${sentences(1)} |`).join("\n");
    const chunks = await chunksOf(`| Name | Value |\n|---|---|\n${rows}`);
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) expect(chunk.body.startsWith("| Name | Value |\n| --- | --- |\n| name ")).toBe(true);
  });

  it("are of at most 540 tokens where the text allows and at least of a quarter of it, and lose no sentence", async () => {
    const chunks = await chunksOf(`${sentences(300)}\n\n${sentences(70, "other")}\n\n${sentences(70, "third")}`);
    const counts = chunks.map((chunk) => countTokens(chunk.body));
    expect(Math.max(...counts)).toBeLessThanOrEqual(540);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(120);
    expect(chunks.flatMap((chunk) => chunk.body.match(/This \w+ number \d+\./gu) ?? [])).toHaveLength(440);
  });

  it("are cut in a language that writes no spaces, too", async () => {
    const chunks = await chunksOf("请先重启路由器。".repeat(400));
    expect(chunks.length).toBeGreaterThan(3);
    expect(Math.max(...chunks.map((chunk) => countTokens(chunk.body)))).toBeLessThanOrEqual(540);
    expect(chunks.map((chunk) => chunk.body).join("")).toBe("请先重启路由器。".repeat(400));
  });

  it("leave out sections of nothing but links, unless there is nothing else", async () => {
    const related = "## Related articles\n\n- [Other](b.md)\n- [More](c.md)";
    expect(await chunksOf(`${sentences(20)}\n\n${related}`)).toHaveLength(1);
    expect(await chunksOf(related)).toMatchObject([{ body: "- Other\n- More" }]);
  });

  it("of an FAQ page are one for each heading", async () => {
    const chunks = await chunksOf("## Why?\n\nBecause.\n\n## How?\n\nThus.", "faq/a.md");
    expect(chunks.map(({ headingPath, body }) => [headingPath, body])).toEqual([
      [["Why?"], "Because."],
      [["How?"], "Thus."],
    ]);
  });

  it("of a question with its answer are one, with the other wordings", async () => {
    const bytes = Buffer.from(
      JSON.stringify([{ question: "Why?", answer: "A.\n\n## B\n\nC.", variants: ["What for?"] }]),
    );
    const outcome = await parseDocument({ externalId: "faq/a.json", mediaType: "application/json", bytes });
    expect(outcome.ok && outcome.documents.flatMap((document) => chunkDocument(document))).toEqual([
      { headingPath: [], body: "A.\n\n## B\n\nC.", variants: ["What for?"], page: null },
    ]);
  });
});
