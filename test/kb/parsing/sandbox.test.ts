import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SANDBOX_LIMITS, createParserSandbox } from "../../../kb/parsing/sandbox.js";
import type { ParserSandbox, SandboxLimits } from "../../../kb/parsing/sandbox.js";
import type { FetchedItem } from "../../../kb/sources/source.js";
import { compileParserEntry } from "../../support/parser-entry.js";

const signal = new AbortController().signal;

function markdown(externalId: string, text: string): FetchedItem {
  return { externalId, mediaType: "text/markdown", bytes: Buffer.from(text) };
}

describe("the parser's child processes", () => {
  let entry: string;
  beforeAll(() => {
    entry = compileParserEntry();
  });
  afterAll(() => rmSync(path.resolve(path.dirname(entry), "../.."), { recursive: true }));

  function sandboxWith(limits: Partial<SandboxLimits> = {}): ParserSandbox {
    return createParserSandbox({ ...DEFAULT_SANDBOX_LIMITS, processes: 1, ...limits }, entry);
  }

  // One paragraph of nearly five million lines: within the size that is read, and many seconds of work.
  const slow = markdown("slow.md", "a\n".repeat(4_900_000));

  it("parse in order, many documents at once", async () => {
    await using sandbox = sandboxWith({ processes: 2 });
    const items = Array.from({ length: 60 }, (_, index) => markdown(`${index}.md`, `# Title ${index}\n\nText.`));

    const outcomes = await sandbox.parseInSandbox(items, signal);

    expect(outcomes.map((outcome) => outcome.ok && outcome.documents[0]?.title)).toEqual(
      items.map((_, index) => `Title ${index}`),
    );
  });

  it("are killed and replaced when one document takes too long; the others are parsed all the same", async () => {
    await using sandbox = sandboxWith({ timeoutMs: 3_000 });

    const outcomes = await sandbox.parseInSandbox(
      [markdown("a.md", "A."), slow, markdown("b.md", "B."), markdown("c.md", "C.")],
      signal,
    );

    expect(outcomes).toMatchObject([
      { ok: true },
      { ok: false, failure: { code: "timeout" } },
      { ok: true },
      { ok: true },
    ]);
    await expect(sandbox.parseInSandbox([markdown("d.md", "D.")], signal)).resolves.toMatchObject([{ ok: true }]);
  }, 60_000);

  it("end with the document that fills their memory and with no other", async () => {
    await using sandbox = sandboxWith({ memoryMegabytes: 40, timeoutMs: 60_000 });
    const large = markdown("large.md", "*a* `b` [c](d) ".repeat(200_000));

    const outcomes = await sandbox.parseInSandbox([markdown("a.md", "A."), large, markdown("b.md", "B.")], signal);

    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, failure: { code: "out-of-memory" } }, { ok: true }]);
  }, 60_000);

  it("refuse what is too large, going in or coming out", async () => {
    await using sandbox = sandboxWith({ maxInputBytes: 1_000, maxOutputCharacters: 900 });

    const outcomes = await sandbox.parseInSandbox(
      [markdown("a.md", "a".repeat(1_001)), markdown("b.md", "b".repeat(950))],
      signal,
    );

    expect(outcomes).toMatchObject([{ failure: { code: "too-large" } }, { failure: { code: "too-much-text" } }]);
  });

  it("let go of their work when it is aborted", async () => {
    await using sandbox = sandboxWith();
    const abort = new AbortController();
    const parsing = sandbox.parseInSandbox([slow, markdown("b.md", "B.")], abort.signal);
    abort.abort();

    await expect(parsing).rejects.toMatchObject({ code: "sandbox" });
  });
});
