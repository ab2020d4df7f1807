import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { recogniseIntent } from "../../../src/answering/stages/intent.js";
import { createCommandRunner } from "../../../src/commands/run-command.js";
import type { Role } from "../../../src/ports/chat.js";
import { TerminalInstallation } from "../../fakes/terminal-installation.js";

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

async function installationWithDocs(): Promise<TerminalInstallation> {
  const installation = new TerminalInstallation();
  await installation.operations.addSource({ name: "docs", kind: "folder", location: "/srv/docs", acl: ["public"] });
  installation.knowledge.put("docs", ["wifi.md", "vpn.md"]);
  return installation;
}

async function typed(installation: TerminalInstallation, role: Role, line: string): Promise<string> {
  const run = createCommandRunner(() => installation.operations);
  const author = { id: "u", displayName: "U", role, isBot: false };
  const request = { tenantId: "default", line, author, audience: ["public", "staff"] };
  return replyText(await run(request, new AbortController().signal));
}

describe("a command in a conversation", () => {
  it.each([
    ["customer", ["kb search <words>", "help"]],
    ["agent", ["kb status", "kb diff <source>", "kb search <words>", "explain <answer id>", "help"]],
  ] as const)("help shows a %s what they may run", async (role, usages) => {
    const text = await typed(new TerminalInstallation(), role, "help");
    expect(
      text
        .split("\n")
        .filter((line) => line.startsWith("- "))
        .map((line) => line.slice(2).split(": ")[0]),
    ).toEqual(usages);
  });

  it("help begins with how to ask and how to get a person, in words that get one", async () => {
    const [first = ""] = (await typed(new TerminalInstallation(), "customer", "help")).split("\n");
    expect(first).toMatch(/^To ask, write your question/u);
    const words = /"([^"]+)"/u.exec(first)?.[1] ?? "";
    expect(recogniseIntent(words)).toMatchObject({ kind: "human-please" });
  });

  it.each(["kb status", "kb diff docs", `explain ${ANSWER_ID}`])(
    "refuses a customer %j, and says where the support team runs it",
    async (line) => {
      const text = await typed(await installationWithDocs(), "customer", line);
      expect(text).toMatch(/^Only the support team may run this command: [^.]*agents' channel/u);
    },
  );

  it.each([
    ["customer", "kb sync"],
    ["customer", "doctor"],
    ["agent", "kb sync"],
    ["agent", "doctor"],
  ] as const)("refuses a %s %j, and says how one becomes an admin", async (role, line) => {
    const text = await typed(await installationWithDocs(), role, line);
    expect(text).toMatch(/^This command needs an admin\..*slack\.admins or teams\.admins.*console.*link/u);
  });

  it("lets an admin, but not an agent, sync", async () => {
    const installation = await installationWithDocs();
    await expect(typed(installation, "agent", "kb sync")).resolves.toMatch(/^This command needs an admin/u);
    installation.knowledge.failing = ["broken.pdf"];
    const text = await typed(installation, "admin", "kb sync docs");
    expect(text).toContain("docs: 2026-01-02 03:04, +2 ~0 -0, 1 failed, 0 unchanged");
    expect(text).toContain("- broken.pdf: is larger than 10 MB");
    installation.knowledge.skipping = ["plan.docx"];
    const skipped = await typed(installation, "admin", "kb sync docs");
    expect(skipped).toContain("1 failed, 1 skipped, 0 unchanged");
    expect(skipped).toContain("Skipped (1): Files of the kind .docx are not read.\n\n- plan.docx");
    await expect(typed(installation, "agent", "kb status")).resolves.toContain("docs | 2 | 2 | public | 2026-01-02");
  });

  it("searches with the asker's own audience", async () => {
    const installation = await installationWithDocs();
    await expect(typed(installation, "customer", "kb search wifi")).resolves.toContain("wifi.md › Setup");
    expect(installation.knowledge.lastQuery?.audience).toEqual(["public", "staff"]);
    await expect(typed(installation, "customer", "kb search zebra")).resolves.toBe("Nothing found.");
  });

  it("says what an empty state needs", async () => {
    await expect(typed(new TerminalInstallation(), "admin", "kb status")).resolves.toBe(
      "No sources yet. Add one: deskhand kb add ./docs",
    );
    await expect(typed(new TerminalInstallation(), "admin", "kb sync")).resolves.toMatch(/^No sources yet/u);
    await expect(typed(await installationWithDocs(), "admin", "kb diff docs")).resolves.toMatch(/never synced/u);
  });

  it("answers a wrong name with the right ones, and throws no such fault", async () => {
    await expect(typed(await installationWithDocs(), "admin", "kb diff dosc")).resolves.toBe(
      'There is no source "dosc". Sources: docs.',
    );
  });

  it("explains an answer from its trace", async () => {
    const text = await typed(new TerminalInstallation(), "agent", `explain ${ANSWER_ID}`);
    expect(text).toContain("Confidence: 83 %, threshold 50 %");
    expect(text).toContain("1 | Reset the hub | reset.md | 0.710");
  });

  it("examines the installation for an admin", async () => {
    await expect(typed(new TerminalInstallation(), "admin", "doctor")).resolves.toContain("Nothing is broken.");
  });

  it("passes a fault on, for the worker to try again", async () => {
    const broken = { ...new TerminalInstallation().operations, status: () => Promise.reject(new Error("database")) };
    const run = createCommandRunner(() => broken);
    const author = { id: "u", displayName: "U", role: "admin", isBot: false } as const;
    const request = { tenantId: "default", line: "kb status", author, audience: ["public"] };
    await expect(run(request, new AbortController().signal)).rejects.toThrow("database");
  });
});
