import { rmSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SANDBOX_LIMITS, createParserSandbox } from "../../kb/parsing/sandbox.js";
import type { ParserSandbox, SandboxLimits } from "../../kb/parsing/sandbox.js";
import type { FetchedItem } from "../../kb/sources/source.js";
import { makeDocx, paragraph } from "../support/make-office.js";
import { makePdf, packedStream } from "../support/make-pdf.js";
import { packedZeros } from "../support/make-zip.js";
import { DOCX, PDF } from "../support/parse.js";
import { compileParserEntry } from "../support/parser-entry.js";

const signal = new AbortController().signal;

describe("a document that takes the parser's memory", () => {
  let entry: string;
  beforeAll(() => {
    entry = compileParserEntry();
  });
  afterAll(() => rmSync(path.resolve(path.dirname(entry), "../.."), { recursive: true }));

  function sandboxWith(limits: Partial<SandboxLimits> = {}): ParserSandbox {
    return createParserSandbox({ ...DEFAULT_SANDBOX_LIMITS, processes: 1, ...limits }, entry);
  }

  const good: FetchedItem = { externalId: "good.md", mediaType: "text/markdown", bytes: Buffer.from("Good.") };

  it("FIL-03: a PDF whose stream inflates to two gigabytes is killed alone; the others are read", async () => {
    await using sandbox = sandboxWith();
    const zeros = packedZeros(2_000);
    const stream = packedStream(Buffer.concat([deflateSync(Buffer.alloc(0)).subarray(0, 2), zeros]));
    const bomb = makePdf([{ content: "" }], {
      change: (source) => source.replace(/(11 0 obj\n)<<[\s\S]*?endstream/u, (_, head: string) => head + stream),
    });
    expect(bomb.length).toBeLessThan(DEFAULT_SANDBOX_LIMITS.maxFileBytes);

    const outcomes = await sandbox.parseInSandbox(
      [good, { externalId: "bomb.pdf", mediaType: PDF, bytes: bomb }, good],
      signal,
    );

    expect(outcomes).toMatchObject([{ ok: true }, { ok: false }, { ok: true }]);
    const failure = outcomes[1]?.ok === false ? outcomes[1].failure.code : "";
    expect(["out-of-memory", "timeout", "bad-pdf"]).toContain(failure);
  }, 120_000);

  it("memory outside of the heap counts, too: what fills it is killed as out of memory", async () => {
    await using sandbox = sandboxWith({ memoryMegabytes: 4_000, maxResidentMegabytes: 200 });
    // Unpacked to 48 MB of one text, read as text, as XML, and cleaned: far more than 200 MB, none of it forbidden by itself.
    const filler = Array.from({ length: 400_000 }, (_, index) => `word${index * 7_919} `).join("");
    const large = makeDocx(paragraph(filler.repeat(8)));

    const outcomes = await sandbox.parseInSandbox(
      [good, { externalId: "large.docx", mediaType: DOCX, bytes: large }, good],
      signal,
    );

    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, failure: { code: "out-of-memory" } }, { ok: true }]);
  }, 120_000);
});
