import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { createProgram } from "../../../infra/cli/program.js";
import type { EvaluationOptions, ProgramDependencies } from "../../../infra/cli/program-dependencies.js";
import { ServerError } from "../../../infra/cli/remote-operations.js";
import { retrievalReport, type RetrievalRun } from "../../../src/answering/evaluation/evaluate-retrieval.js";
import { TerminalInstallation } from "../../fakes/terminal-installation.js";
import { run, typing } from "./program-harness.js";

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

function leaves(command: Command, path: readonly string[] = []): readonly (readonly string[])[] {
  if (command.commands.length === 0) return [path];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}

const commands = leaves(createProgram({ version: "0", env: {} } as unknown as ProgramDependencies));

describe("deskhand", () => {
  it("has the commands that it promises", () => {
    expect(commands.map((path) => path.join(" "))).toEqual([
      "start",
      "migrate",
      "chat",
      "ask",
      "kb add",
      "kb sync",
      "kb status",
      "kb search",
      "kb diff",
      "kb remove",
      "kb pause",
      "kb resume",
      "kb restore",
      "kb show",
      "kb history",
      "kb write",
      "kb approve",
      "kb publish",
      "kb archive",
      "kb entries",
      "kb stale",
      "kb audit",
      "learn list",
      "learn show",
      "learn edit",
      "learn split",
      "learn approve",
      "learn done",
      "learn reject",
      "learn cases",
      "learn case",
      "learn label",
      "learn export",
      "gaps",
      "handoffs status",
      "handoffs list",
      "handoffs transcript",
      "eval retrieval",
      "eval answers",
      "eval compare",
      "tune threshold",
      "tune fusion",
      "explain",
      "bench answer",
      "bench ingress",
      "bench relay",
      "bench sync",
      "bench retrieval",
      "doctor",
      "config check",
      "config show",
      "config sample",
      "config schema",
    ]);
  });

  it.each(commands.map((path) => [path.join(" "), path] as const))(
    "explains %s with an example",
    async (_name, path) => {
      const { stdout, exitCode } = await run([...path, "--help"], { env: { PORT: "wrong" } });
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Usage: deskhand ${path.join(" ")}`);
      expect(stdout).toMatch(/Examples?:\n {2}\$ /u);
      expect(stdout).toContain(`deskhand ${path.join(" ")}`);
    },
  );

  it("tells its version", async () => {
    await expect(run(["--version"])).resolves.toEqual({ stdout: "1.2.3\n", stderr: "", exitCode: 0 });
  });

  it.each([
    ["an unknown command", ["fly"], /unknown command 'fly'/u],
    ["an unknown option", ["doctor", "--fast"], /unknown option '--fast'\n\(options: --json; see --help\)/u],
    ["what is no id", ["kb", "publish", "nope"], /"nope" is no id of an entry: that is like 1a2b3c/u],
    ["what is no id of a handoff", ["handoffs", "transcript", "nope"], /"nope" is no id of a handoff/u],
    ["a format that is none", ["handoffs", "transcript", "1a2b3c", "--format", "pdf"], /--format is one of md, json/u],
    ["an empty question", ["kb", "write", "", "y"], /The question is empty\./u],
    ["what is no version", ["kb", "history", "docs", "a.md", "--diff", "2", "x"], /--diff needs two version numbers/u],
    ["a missing argument", ["kb", "diff"], /missing required argument 'name'/u],
    ["a group alone", ["kb"], /Usage: deskhand kb/u],
    ["no command", [], /Usage: deskhand/u],
    ["a wrong number", ["bench", "answer", "--chunks", "many"], /must be a whole number/u],
    ["a wrong limit", ["kb", "search", "x", "--limit", "0"], /--limit must be/u],
    ["something that is no answer id", ["explain", "yesterday"], /An answer id is a UUID/u],
    ["a source without a name", ["kb", "add", "/"], /--name docs/u],
  ])("exits with 2 for %s", async (_name, words, message) => {
    const { stderr, exitCode } = await run(words);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it("names every problem of the configuration and exits with 2", async () => {
    const { stderr, exitCode } = await run(["kb", "status"], { env: { PORT: "x", LOG_LEVEL: "loud" } });
    expect(stderr).toMatch(/PORT: must be[^]*LOG_LEVEL: must be[^]*deskhand config check/u);
    expect(exitCode).toBe(2);
  });

  it("says what to do next when something fails, without a stack trace", async () => {
    const failure = new ServerError("unreachable", "The running server does not answer.");
    const overrides = { openOperations: () => Promise.reject(failure) };
    await expect(run(["kb", "status"], { overrides })).resolves.toEqual({
      stdout: "",
      stderr: "error: The running server does not answer.\n",
      exitCode: 1,
    });
  });

  it("shows where an unforeseen failure comes from only at LOG_LEVEL=debug", async () => {
    const overrides = { openOperations: () => Promise.reject(new TypeError("customer said hunter2")) };
    const quiet = await run(["kb", "status"], { overrides });
    expect(quiet.stderr).toBe("error: Deskhand failed (TypeError). Run it again with LOG_LEVEL=debug to see where.\n");
    const loud = await run(["kb", "status"], { overrides, env: { LOG_LEVEL: "debug" } });
    expect(loud.stderr).toMatch(/at .*program\.test\.ts/u);
  });

  it("closes the operations also when a command fails", async () => {
    let closed = 0;
    const dispose = () => {
      closed += 1;
      return Promise.resolve();
    };
    const { operations } = new TerminalInstallation();
    const overrides = { openOperations: () => Promise.resolve({ ...operations, [Symbol.asyncDispose]: dispose }) };
    await run(["kb", "diff", "nothing"], { overrides });
    await run(["kb", "status"], { overrides });
    expect(closed).toBe(2);
  });
});

describe("deskhand kb", () => {
  it("adds a folder by its absolute path, syncs it and shows what changed", async () => {
    const installation = new TerminalInstallation();
    const added = await run(["kb", "add", "./Hand Book", "--audience", "public, staff"], { installation });
    expect(added.stdout).toBe(`Added hand-book: ${process.cwd()}/Hand Book\nRead it now: deskhand kb sync hand-book\n`);
    installation.knowledge.put("hand-book", ["a.md", "b.md"]);
    const synced = await run(["kb", "sync"], { installation });
    expect(synced).toEqual({ stdout: "hand-book: +2 ~0 -0, 0 unchanged\n", stderr: "", exitCode: 0 });
    const status = await run(["kb", "status", "--json"], { installation });
    expect(JSON.parse(status.stdout)).toMatchObject([{ name: "hand-book", documents: 2, acl: ["public", "staff"] }]);
    const diff = await run(["kb", "diff", "hand-book"], { installation });
    expect(diff.stdout).toContain("Added (2)\n\n- a.md\n- b.md");
  });

  it.each([
    ["./corpus.jsonl", [], { name: "corpus", kind: "jsonl" }],
    ["https://help.example/en", [], { name: "help-example", kind: "web", location: "https://help.example/en" }],
    ["https://github.com/acme/docs", [], { name: "docs", kind: "git" }],
    [
      "git@git.example:acme/guides.git",
      ["--option", "branch=main", "depth=3"],
      {
        name: "guides",
        kind: "git",
        location: "git@git.example:acme/guides.git",
        options: { branch: "main", depth: 3 },
      },
    ],
    [
      "https://acme.example",
      ["--kind", "zendesk", "--every", "6h", "--owner", "carla"],
      {
        name: "acme-example",
        kind: "zendesk",
        everyMinutes: 360,
        owner: "carla",
      },
    ],
  ])("adds %s with %j", async (location, options, added) => {
    const installation = new TerminalInstallation();
    const { exitCode } = await run(["kb", "add", location, ...options], { installation });
    expect(exitCode).toBe(0);
    await expect(installation.operations.status()).resolves.toMatchObject([added]);
  });

  it("names every problem of kb add at once", async () => {
    const words = ["kb", "add", "ftp://acme", "--every", "5s", "--audience", ",", "--option", "branch"];
    const { stderr, exitCode } = await run(words);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/begin with ftp: are not read.*--every must be.*--audience needs.*--option must be/su);
    await expect(run(["kb", "add", "x", "--kind", "fax"])).resolves.toMatchObject({ exitCode: 2 });
  });

  it("exits with 1 and says why when documents fail", async () => {
    const installation = new TerminalInstallation();
    await run(["kb", "add", "./docs"], { installation });
    installation.knowledge.failing = ["big.pdf"];
    const synced = await run(["kb", "sync", "docs"], { installation });
    expect(synced.stdout).toBe("docs: +0 ~0 -0, 1 failed, 0 unchanged\n  big.pdf: is larger than 10 MB\n");
    expect(synced.exitCode).toBe(1);
    const json = await run(["kb", "sync", "--json"], { installation });
    expect(JSON.parse(json.stdout)).toMatchObject({ source: "docs", failed: [{ externalId: "big.pdf" }] });
  });

  it("counts what a sync skips, with the reasons and the first names, and is content", async () => {
    const installation = new TerminalInstallation();
    await run(["kb", "add", "./docs"], { installation });
    installation.knowledge.put("docs", ["a.md"]);
    installation.knowledge.skipping = ["a.pdf", "b.docx", "b.pdf", "c.pdf", "d.pdf"];
    const synced = await run(["kb", "sync"], { installation });
    expect(synced).toEqual({
      stdout: [
        "docs: +1 ~0 -0, 5 skipped, 0 unchanged",
        "  4 skipped (a.pdf, b.pdf, c.pdf, …): Files of the kind .pdf are not read.",
        "  1 skipped (b.docx): Files of the kind .docx are not read.",
        "  All that was skipped: deskhand kb sync docs --json\n",
      ].join("\n"),
      stderr: "",
      exitCode: 0,
    });
    for (const words of [["sync"], ["diff", "docs"]]) {
      const { stdout } = await run(["kb", ...words, "--json"], { installation });
      const { skipped } = JSON.parse(stdout) as { skipped: readonly { externalId: string }[] };
      expect(skipped.map((item) => item.externalId)).toEqual(installation.knowledge.skipping);
    }
  });

  it("tells what a sync has read in part, with the first names, and is content", async () => {
    const installation = new TerminalInstallation();
    await run(["kb", "add", "./docs"], { installation });
    installation.knowledge.put("docs", ["a.pdf"]);
    installation.knowledge.remarking = ["a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf", "f.pdf"];
    const { stdout, exitCode } = await run(["kb", "sync"], { installation });
    const shown = ["a", "b", "c", "d", "e"].map((name) => `  ${name}.pdf: 2 of 9 pages are scans.`);
    expect(stdout.split("\n").slice(0, -1)).toEqual([
      "docs: +1 ~0 -0, 6 remarks, 0 unchanged",
      ...shown,
      "  … and 1 more: deskhand kb diff docs",
    ]);
    expect(exitCode).toBe(0);
    const diff = await run(["kb", "diff", "docs"], { installation });
    const status = await run(["kb", "status"], { installation });
    expect(diff.stdout).toContain("f.pdf");
    expect(status.stdout).toContain("The last sync of docs has left 6 remarks");
  });

  it("says at each step what becomes of the demo documents, and syncs all though they step aside on the way", async () => {
    const installation = new TerminalInstallation();
    const { knowledge } = installation;
    const demo = { name: "demo", kind: "folder", location: "/demo", acl: ["public"], isDemo: true } as const;
    knowledge.put("demo", ["demo.md"]);
    await knowledge.addSource("default", demo);
    const before = await run(["kb", "status"], { installation });
    const added = await run(["kb", "add", "./docs"], { installation });
    const waiting = await run(["kb", "status"], { installation });
    const empty = await run(["kb", "sync", "docs"], { installation });
    await knowledge.removeSource("default", "demo");
    await knowledge.addSource("default", demo);
    knowledge.put("docs", ["a.md"]);
    const synced = await run(["kb", "sync"], { installation });
    const after = await run(["kb", "status"], { installation });

    expect(before.stdout).toContain("The demo documents step aside once documents of your own are synced");
    expect(added.stdout).toContain("\nThe demo documents are answered from until a sync of your own");
    expect(waiting.stdout).toMatch(/The demo documents are answered from until .* deskhand kb sync docs/su);
    expect(empty.stdout).toContain("The demo documents are still answered from");
    expect(synced.stdout).toMatch(/^docs: \+1 .*\n {2}The demo documents have stepped aside: .*\n$/u);
    expect(after.stdout).toContain("The demo documents have stepped aside");
    expect(after.stdout).not.toContain("(demo)");
  });

  it("shows progress on a terminal only", async () => {
    const installation = new TerminalInstallation();
    await run(["kb", "add", "./docs"], { installation });
    installation.knowledge.put("docs", ["a.md"]);
    const { stderr, stdout } = await run(["kb", "sync"], { installation, isTerminal: true });
    expect(stderr).toContain("1/1 docs: a.md");
    expect(stdout).toBe("docs: +1 ~0 -0, 0 unchanged\n");
  });

  it("says what to do while there is nothing", async () => {
    for (const words of [["status"], ["sync"]]) {
      const { stdout, exitCode } = await run(["kb", ...words]);
      expect([stdout, exitCode]).toEqual(["No sources yet. Add one: deskhand kb add ./docs\n", 0]);
    }
  });

  it("searches as somebody with the given tokens", async () => {
    const installation = new TerminalInstallation();
    installation.knowledge.put("docs", ["wifi.md"]);
    const found = await run(["kb", "search", "my", "wifi", "--audience", "staff", "--limit", "7"], { installation });
    expect(found.stdout).toContain("wifi.md › Setup 0.800 (words 3.20, meaning none)");
    expect(found.stdout).toContain("All about - wifi.md");
    expect(installation.knowledge.lastQuery).toMatchObject({ text: "my wifi", audience: ["staff"], limit: 7 });
  });

  it("removes a source, and knows when there is none", async () => {
    const installation = new TerminalInstallation();
    await run(["kb", "add", "./docs"], { installation });
    expect((await run(["kb", "remove", "docs", "--yes"], { installation })).stdout).toMatch(/^Removed docs\./u);
    await expect(run(["kb", "remove", "docs"], { installation })).resolves.toMatchObject({
      stderr: 'error: There is no source "docs".\n',
      exitCode: 1,
    });
  });

  it("removes nothing before somebody has said that it is meant", async () => {
    const installation = new TerminalInstallation();
    await run(["kb", "add", "./docs"], { installation });
    const unasked = await run(["kb", "remove", "docs"], { installation });
    const no = await run(["kb", "remove", "docs"], { installation, isTerminal: true, stdin: typing("n\n") });
    const left = await installation.operations.status();
    const yes = await run(["kb", "remove", "docs"], { installation, isTerminal: true, stdin: typing("y\n") });

    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("say so: --yes") as string });
    expect(no.stdout).toBe("Nothing was removed.\n");
    expect(left).toHaveLength(1);
    expect(yes.stdout).toMatch(/^Removed docs\./u);
  });

  it("shows, pauses, restores and reports what the conversation's commands do", async () => {
    const installation = new TerminalInstallation();
    const { desk } = installation;
    desk.put("wifi.md", "# Wi-Fi\n\nTurn it on.");
    const words = async (...line: readonly string[]) => (await run(["kb", ...line], { installation })).stdout;
    await expect(words("show", "docs")).resolves.toContain("wifi.md");
    await expect(words("show", "docs", "wifi.md")).resolves.toContain("Turn it on.");
    await expect(words("show", "docs", "wifi.md", "--json")).resolves.toContain('"body":"# Wi-Fi');
    await words("pause", "docs");
    expect([...desk.paused]).toEqual(["docs"]);
    await words("resume", "docs");
    expect([...desk.paused]).toEqual([]);
    desk.removed.push("docs");
    await expect(words("restore", "docs")).resolves.toMatch(/^docs is back/u);
    const version = {
      createdAt: "2026-01-02T03:04:05.000Z",
      editedBy: null,
      changes: null,
      title: "",
      isCurrent: false,
    };
    desk.versions = [{ ...version, number: 1 }];
    await expect(words("restore", "docs", "wifi.md", "--version", "1", "--yes")).resolves.toContain("as version 9");
    expect(desk.restored).toEqual([{ source: "docs", externalId: "wifi.md", version: 1, actor: "terminal" }]);
    await expect(words("history", "docs", "wifi.md", "--diff", "1", "2")).resolves.toContain("+++ 2");
    await expect(words("stale", "--days", "30")).resolves.toContain("last 30 days");
    await expect(words("audit")).resolves.toBe("Nothing was changed yet.\n");
    await expect(words("entries")).resolves.toMatch(/^There are no entries/u);
    await expect(words("write", "Do you ship?", "Yes.")).resolves.toContain("draft by terminal");
  });

  it.each([
    ["--diff with one number", ["history", "docs", "a.md", "--diff", "1"], /two version numbers/u],
    ["--version without a document", ["restore", "docs", "--version", "1"], /needs a document/u],
    ["a wrong number of days", ["stale", "--days", "x"], /--days must be/u],
    ["a state that there is not", ["entries", "lost"], /A state is one of/u],
    ["a wrong date", ["write", "Q", "A", "--until", "soon"], /--until must be/u],
  ])("exits with 2 for %s", async (_name, words, message) => {
    const { stderr, exitCode } = await run(["kb", ...words]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

describe("figures", () => {
  it("are one JSON object, and last, also for a person", async () => {
    const seen: EvaluationOptions[] = [];
    const found: RetrievalRun = { kind: "retrieval", figures: retrievalReport([], 3), questions: [] };
    const evaluateRetrieval: ProgramDependencies["evaluateRetrieval"] = (_config, options) => {
      seen.push(options);
      return Promise.resolve(found);
    };
    const overrides = { evaluateRetrieval };
    const json = await run(["eval", "retrieval", "/data", "--queries", "/other.jsonl", "--json"], { overrides });
    expect(JSON.parse(json.stdout)).toEqual(found.figures);
    expect(seen).toEqual([
      { directory: "/data", distractors: null, queries: "/other.jsonl", qrels: null, typos: null },
    ]);
    const human = await run(["eval", "retrieval", "/data"], { overrides });
    expect(human.stdout).toContain("unlabelled | 3");
    expect(JSON.parse(human.stdout.trimEnd().split("\n").at(-1)!)).toMatchObject({ unlabelled: 3 });
  });

  it("of a benchmark take its size", async () => {
    const overrides: Partial<ProgramDependencies> = {
      benchAnswer: (_config, options) => Promise.resolve({ bench: "answer", ...options }),
      benchRelay: (_config, options) => Promise.resolve({ bench: "relay", ...options }),
    };
    const answer = await run(["bench", "answer", "--chunks", "500", "--json"], { overrides });
    expect(JSON.parse(answer.stdout)).toEqual({ bench: "answer", chunks: 500, questions: 300 });
    const relay = await run(["bench", "relay", "--seconds", "5", "--json"], { overrides });
    expect(JSON.parse(relay.stdout)).toEqual({ bench: "relay", handoffs: 50, seconds: 5 });
  });
});

describe("deskhand explain", () => {
  it("shows the trace, whole for programs", async () => {
    expect((await run(["explain", ANSWER_ID])).stdout).toContain("retrieve | 4.2 | 0.0000");
    expect(JSON.parse((await run(["explain", ANSWER_ID, "--json"])).stdout)).toMatchObject({ confidence: 0.83 });
  });
});

describe("deskhand config", () => {
  it("shows no secret", async () => {
    const env = {
      DESKHAND_SECRET: "hunter2hunter2hunter2hunter2hunter2",
      DESKHAND_METRICS_TOKEN: "hunter2hunter2hunter2hunter2hunter2",
      DATABASE_URL: "postgres://user:hunter2@localhost/db?password=hunter2",
      REDIS_URL: "redis://user:hunter2@localhost:6379",
      OPENAI_API_KEY: "hunter2",
      RERANK_URL: "https://user:hunter2@rank.example/v2/rerank?key=hunter2",
      RERANK_API_KEY: "hunter2",
      SLACK_BOT_TOKEN: "xoxb-hunter2",
      SLACK_SIGNING_SECRET: "hunter2",
      SLACK_APP_TOKEN: "xapp-hunter2",
      TEAMS_APP_ID: "11111111-1111-4111-8111-111111111111",
      TEAMS_APP_PASSWORD: "hunter2",
      TEAMS_APP_TENANT_ID: "11111111-1111-4111-8111-111111111111",
    };
    const { stdout } = await run(["config", "show"], { env });
    expect(stdout).not.toMatch(/hunter2/u);
    expect(JSON.parse(stdout)).toMatchObject({
      environment: { secret: "(set)", metricsToken: "(set)", databaseUrl: "postgres://localhost/db" },
      settings: { knowledge: { demo: true } },
    });
    expect((await run(["config", "check"], { env })).stdout).toBe("The configuration is right.\n");
  });
});
