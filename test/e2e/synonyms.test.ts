import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/infra/main.js", import.meta.url));
const execute = promisify(execFile);
const PAGES = {
  "invoices.md":
    "# Invoices\n\nInvoices are sent by e-mail on the first day of each month.\n\nTo change the address on an invoice, open Settings and choose Billing.",
  "holidays.md": "# Holidays\n\nThe office is closed on the first day of January.",
  "travel.md": "# Travel\n\nBook trains early. Seats next to the window cost more.",
  "badges.md": "# Badges\n\nA lost badge is blocked at the front desk.",
};
const QUESTION = "When are zorbons sent?";

describe("deskhand ask, where the house has synonyms", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "deskhand-synonyms-"));
    await mkdir(join(folder, "docs"));
    for (const [name, text] of Object.entries(PAGES)) await writeFile(join(folder, "docs", name), text);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function deskhand(synonyms: string, ...words: readonly string[]): Promise<string> {
    const knowledge = `knowledge:\n  demo: false\n  sources:\n    - {name: docs, path: ./docs}\n`;
    await writeFile(join(folder, "deskhand.yaml"), `${knowledge}${synonyms}`);
    const { PATH, HOME } = process.env;
    const { stdout } = await execute(process.execPath, [MAIN, ...words], { cwd: folder, env: { PATH, HOME } });
    return stdout;
  }

  it("answers a question that says nothing but a synonym, and explain says why", async () => {
    const synonyms = "  synonyms:\n    - words: [invoice, Zorbon]\n";
    const answer = JSON.parse(await deskhand(synonyms, "ask", QUESTION, "--json")) as { answerId: string };

    expect(answer).toMatchObject({
      outcome: "answered",
      answer: expect.stringContaining("first day of each month") as string,
      citations: [{ title: "Invoices" }],
    });
    const explained = await deskhand(synonyms, "explain", answer.answerId);
    expect(explained).toContain("Synonyms searched for as well: invoice (for zorbon)");
    expect(explained).toContain("In the words of the first passage: When are invoice sent?");
    await expect(deskhand(synonyms, "kb", "search", "zorbons")).resolves.toContain("invoice (for zorbon)");
  }, 180_000);

  it("hands the same question over without them", async () => {
    expect(JSON.parse(await deskhand("", "ask", QUESTION, "--json"))).toMatchObject({ handedOff: true });
  });

  it("refuses a group of one word, by its line", async () => {
    await expect(deskhand("  synonyms:\n    - words: [invoice]\n", "ask", QUESTION)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "deskhand.yaml:6 knowledge.synonyms.0.words: must name at least two words",
      ) as string,
    });
  });
});
