import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "./program-harness.js";

describe("deskhand config check", () => {
  async function checked(yaml: string) {
    const folder = await mkdtemp(join(tmpdir(), "deskhand-config-"));
    const file = join(folder, "deskhand.yaml");
    await writeFile(file, yaml);
    return run(["config", "check"], { env: { DESKHAND_SETTINGS: file, PATH: dirname(process.execPath) } });
  }

  it("finds folders and programs that are not there, and says where they are named", async () => {
    const { stderr, exitCode } = await checked(
      ["learning:", "  evaluationSet: ./nowhere", "handoff:", "  files:", "    scan: [no-such-scanner, --stdin]"].join(
        "\n",
      ),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/deskhand\.yaml:2 learning\.evaluationSet: there is no folder \/.*nowhere/u);
    expect(stderr).toMatch(/deskhand\.yaml:5 handoff\.files\.scan: there is no program no-such-scanner/u);
    const right = await checked(
      ["learning:", "  evaluationSet: .", "handoff:", "  files: { scan: [node] }"].join("\n"),
    );
    expect(right).toMatchObject({ stdout: "The configuration is right.\n", exitCode: 0 });
  });

  it("says on which line a report is posted to a platform that is not set up", async () => {
    const { stderr, exitCode } = await checked(
      ["learning:", "  gapReport: { platform: slack, channel: C0123456789, timeZone: Europe/Berlin }"].join("\n"),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/deskhand\.yaml:2 learning\.gapReport: is slack, which is not set up \(SLACK_BOT_TOKEN\)/u);
  });

  it("finds what is wrong with the options of a source, and says where and what there is", async () => {
    const { stderr, exitCode } = await checked(
      [
        "knowledge:",
        "  sources:",
        "    - name: help",
        "      url: https://help.example.com",
        "      options: { maxPage: 3 }",
        "    - name: code",
        "      url: https://github.com/acme/docs",
        "      options:",
        "        branch: ..",
        "    - name: notes",
        "      path: ./notes",
        "      options: { depth: 3 }",
      ].join("\n"),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/deskhand\.yaml:5 knowledge\.sources\.0: .*there is no maxPage \(there are maxPages, /u);
    expect(stderr).toMatch(/deskhand\.yaml:8 knowledge\.sources\.1: branch: is no name of a branch/u);
    expect(stderr).toMatch(/deskhand\.yaml:12 knowledge\.sources\.2: Sources of the kind folder have no options/u);
  });

  it("is content with options that the kinds know, whatever secrets there are", async () => {
    const yaml = "knowledge: { sources: [{ name: desk, kind: zendesk, url: https://acme.zendesk.com }] }";
    await expect(checked(yaml)).resolves.toMatchObject({ exitCode: 0, stdout: "The configuration is right.\n" });
  });
});

describe("deskhand start --role", () => {
  it("starts the role that was asked for", async () => {
    const started: string[] = [];
    const env = { DATABASE_URL: "postgres://127.0.0.1/deskhand", REDIS_URL: "redis://127.0.0.1" };
    const startServer = (_config: unknown, role: string) => Promise.resolve(void started.push(role));
    await run(["start"], { overrides: { startServer } });
    await run(["start", "--role", "worker"], { env, overrides: { startServer } });
    expect(started).toEqual(["all", "worker"]);
  });

  it("refuses to split a process that keeps its database and queue to itself", async () => {
    const { stderr, exitCode } = await run(["start", "--role", "web"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("DATABASE_URL and REDIS_URL");
  });
});
