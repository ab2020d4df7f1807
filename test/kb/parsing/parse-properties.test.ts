import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksToMarkdown } from "../../../kb/parsing/blocks-to-markdown.js";
import { chunkDocument } from "../../../kb/chunking/chunk-document.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import type { MediaType } from "../../../kb/sources/source.js";

const MEDIA_TYPES: readonly MediaType[] = [
  "text/markdown",
  "text/mdx",
  "text/html",
  "text/plain",
  "text/csv",
  "application/yaml",
  "application/json",
  "application/jsonl",
  "application/vnd.deskhand.corpus-line+json",
  "application/pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

// Pieces that mean something to one of the parsers, in every order.
const pieces = fc.constantFrom(
  "---\n",
  "# ",
  "1. ",
  "- ",
  "> ",
  "| a | b |\n|---|---|\n",
  "```\n",
  ":::warning\n",
  "!!! note\n    ",
  "<div>",
  "</div>",
  "<!--",
  "-->",
  "<p hidden>",
  "<table><tr><td>",
  "<ul><li>",
  "{/*",
  "*/}",
  "import x",
  '"',
  ",",
  "\n",
  "\n\n",
  "question",
  "answer: ",
  "[",
  "](",
  ")",
  "[^1]",
  "&#x200b;",
  "&#0;",
  "\u0000",
  "\ud800",
  "*a anchor",
  "&a ",
  '{"text":"',
  "\\u0000",
  "**",
  "`",
  "~~",
);
const document = fc
  .array(fc.oneof(pieces, fc.string({ maxLength: 12, unit: "grapheme" })), { maxLength: 60 })
  .map((parts) => parts.join(""));

describe("any input", () => {
  it.each(MEDIA_TYPES)("has an outcome and gives text that a database stores (%s)", async (mediaType) => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          document.map((text) => Buffer.from(text, "utf8")),
          fc.uint8Array({ maxLength: 300 }),
        ),
        async (bytes) => {
          const outcome = await parseDocument({ externalId: "folder/file.x", mediaType, bytes });
          if (!outcome.ok) expect(outcome.failure.message).not.toBe("");
          for (const parsed of outcome.ok ? outcome.documents : []) {
            const chunks = chunkDocument(parsed);
            const text = [
              parsed.title,
              blocksToMarkdown(parsed.blocks),
              ...chunks.flatMap((chunk) => [chunk.body, ...chunk.headingPath]),
            ];
            expect(text.join("\n")).not.toMatch(/[\0\u200b]|\p{Surrogate}/u);
            expect(parsed.title).not.toBe("");
            expect(chunks).toEqual(chunkDocument(parsed));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is parsed in time that grows with its length, not with its square", async () => {
    const hostile = [
      "[".repeat(20_000),
      "*a ".repeat(20_000),
      "<p ".repeat(20_000),
      " ".repeat(100_000) + "x",
      "a\n".repeat(20_000),
      "<b>".repeat(300),
    ];
    for (const text of hostile) {
      for (const mediaType of ["text/plain", "text/html"] as const) {
        await parseDocument({ externalId: "a", mediaType, bytes: Buffer.from(text) });
      }
    }
  }, 20_000);
});

describe("hidden text", () => {
  const hiders = fc.constantFrom<(text: string) => string>(
    (text) => `<!-- ${text} -->`,
    (text) => `<div style="display: none">${text}</div>`,
    (text) => `<span hidden>${text}</span>`,
    (text) => `<p style="color:#ffffff; background-color: white">${text}</p>`,
    (text) => `<script>${text}</script>`,
    (text) => `<div aria-hidden=true><b>${text}</b></div>`,
  );
  const words = fc
    .array(fc.constantFrom("Alpha", "**beta**", "gamma.", "\n\n", "- delta", "\n"), { maxLength: 12 })
    .map((parts) => parts.join(" "));

  it("is in no chunk, wherever it stands", async () => {
    await fc.assert(
      fc.asyncProperty(words, hiders, words, async (before, hide, after) => {
        const text = `Start.\n\n${before} ${hide("SECRETWORD")} ${after}`;
        for (const mediaType of ["text/markdown", "text/html"] as const) {
          const outcome = await parseDocument({ externalId: "a.md", mediaType, bytes: Buffer.from(text) });
          const bodies = outcome.ok
            ? outcome.documents.flatMap((parsed) => chunkDocument(parsed).map((chunk) => chunk.body))
            : [];
          expect(bodies.join("\n")).not.toContain("SECRETWORD");
        }
      }),
      { numRuns: 300 },
    );
  });
});
