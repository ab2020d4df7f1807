import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_HELP, exampleOf } from "../../../src/commands/command-help.js";
import { parseCommand } from "../../../src/commands/parse-command.js";

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

describe("parseCommand", () => {
  it.each([
    ["", { kind: "help" }],
    ["  HELP  ", { kind: "help" }],
    ["kb status", { kind: "kb-status" }],
    ["KB Status", { kind: "kb-status" }],
    ["kb sync", { kind: "kb-sync", source: null, confirmRemovals: false }],
    ["kb sync docs --confirm-removals", { kind: "kb-sync", source: "docs", confirmRemovals: true }],
    ["kb sync docs --yes", { kind: "kb-sync", source: "docs", confirmRemovals: true }],
    ["kb sync docs —yes", { kind: "kb-sync", source: "docs", confirmRemovals: true }],
    ["kb add https://help.example Help", { kind: "kb-add", location: "https://help.example", name: "Help" }],
    ["kb remove docs", { kind: "kb-remove", source: "docs" }],
    ["kb pause docs", { kind: "kb-pause", source: "docs" }],
    ["kb resume docs", { kind: "kb-resume", source: "docs" }],
    ["kb restore docs", { kind: "kb-restore", source: "docs" }],
    [
      "kb restore docs guides/my page.md --version 3",
      { kind: "kb-restore-document", source: "docs", document: "guides/my page.md", version: 3, isPreview: false },
    ],
    ["kb show docs", { kind: "kb-show", source: "docs", document: null }],
    ["kb show docs wifi.md", { kind: "kb-show", source: "docs", document: "wifi.md" }],
    ["kb history docs wifi.md", { kind: "kb-history", source: "docs", document: "wifi.md", between: null }],
    [
      "kb history docs wifi.md --diff 1 2",
      { kind: "kb-history", source: "docs", document: "wifi.md", between: { from: 1, to: 2 } },
    ],
    [
      'kb write "Do you ship?" "Yes, --fast." --variant "Ship where?" --until 2026-05-01',
      {
        kind: "kb-write",
        question: "Do you ship?",
        answer: "Yes, --fast.",
        variants: ["Ship where?"],
        until: "2026-05-01",
      },
    ],
    ["kb entries", { kind: "kb-entries", state: null }],
    ["kb entries draft", { kind: "kb-entries", state: "draft" }],
    ["kb approve a1b2c3", { kind: "kb-entry", step: "approve", entry: "a1b2c3" }],
    ["kb stale", { kind: "kb-stale", days: 180 }],
    ["kb stale --days 30", { kind: "kb-stale", days: 30 }],
    ["kb audit --limit 5", { kind: "kb-audit", limit: 5 }],
    ["confirm A1B2C3", { kind: "confirm", code: "A1B2C3" }],
    ["kb diff docs", { kind: "kb-diff", source: "docs", run: null }],
    ["kb diff docs --run 12", { kind: "kb-diff", source: "docs", run: 12 }],
    ["kb diff docs --runs", { kind: "kb-runs", source: "docs" }],
    ["kb search wifi does not work", { kind: "kb-search", text: "wifi does not work" }],
    ['kb search "guest  wifi" don\'t', { kind: "kb-search", text: "guest  wifi don't" }],
    ["kb search “guest wifi”", { kind: "kb-search", text: "guest wifi" }],
    [`explain ${ANSWER_ID}`, { kind: "explain", answerId: ANSWER_ID }],
    ["doctor", { kind: "doctor" }],
  ])("reads %j", (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it.each([
    ["kb", /needs a command/u],
    ["kb fly", /no command "kb fly"/u],
    ["fly", /no command "fly"/u],
    ["kb sync a b", /kb sync \[source\]/u],
    ["kb sync --force", /no option --force\. There are --yes, --confirm-removals\. .*kb sync \[source\]/u],
    ["kb show docs --all", /no option --all\. It takes none\. .*kb show/u],
    ["kb sycn docs", /no command "kb sycn"\. Did you mean "kb sync"\?/u],
    ["kb publish nope", /"nope" is no id of an entry: that is like 1a2b3c\..*kb publish <id>/u],
    ['kb write "" y', /^The question is empty\. .*kb write/u],
    ["kb history docs a.md --diff 2 x", /^--diff needs two version numbers, for example --diff 1 2\./u],
    ["kb diff docs --run x", /^--run must be a whole number from 1 to 1000000\./u],
    ["kb diff", /kb diff <source>/u],
    ["kb search", /kb search <words>/u],
    ["explain this", /explain \[answer id\]/u],
    ["kb remove", /kb remove <source>/u],
    ["kb restore docs wifi.md", /kb restore <source> or: kb restore <source> <document> --version <number>/u],
    [
      "kb restore docs wifi.md --version zero",
      /^--version must be a whole number from 1 to 1000000\..*--version <number>/u,
    ],
    ["kb history docs", /kb history <source> <document>/u],
    ["kb history docs a.md --diff 1", /--diff <number> <number>/u],
    ["kb write only-a-question", /kb write "<question>" "<answer>"/u],
    ['kb write "Q" "A" --until 2026-02-30', /--until <date>/u],
    ["kb entries lost", /kb entries \[state\]/u],
    ["kb approve it", /kb approve <id>/u],
    ["kb stale --days 0", /kb stale/u],
    ["kb audit --limit 501", /kb audit/u],
    ["kb constructor", /no command "kb constructor"/u],
    ["confirm this", /confirm <code>/u],
    ['kb search "open', /quote is not closed/u],
  ])("says what to type instead of %j", (line, message) => {
    expect(parseCommand(line)).toEqual({ kind: "not-understood", message: expect.stringMatching(message) as string });
  });

  it("understands every usage it names, and never throws", () => {
    for (const { usage } of COMMAND_HELP) {
      expect([usage, parseCommand(exampleOf(usage)).kind]).not.toContain("not-understood");
    }
    fc.assert(fc.property(fc.string(), (line) => typeof parseCommand(line).kind === "string"));
  });
});
