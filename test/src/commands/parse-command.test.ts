import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_HELP, parseCommand } from "../../../src/commands/parse-command.js";

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

describe("parseCommand", () => {
  it.each([
    ["", { kind: "help" }],
    ["  HELP  ", { kind: "help" }],
    ["kb status", { kind: "kb-status" }],
    ["KB Status", { kind: "kb-status" }],
    ["kb sync", { kind: "kb-sync", source: null, confirmRemovals: false }],
    ["kb sync docs --confirm-removals", { kind: "kb-sync", source: "docs", confirmRemovals: true }],
    ["kb diff docs", { kind: "kb-diff", source: "docs" }],
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
    ["kb sync --force", /kb sync \[source\]/u],
    ["kb diff", /kb diff <source>/u],
    ["kb search", /kb search <words>/u],
    ["explain this", /explain <answer id>/u],
    ["kb add /etc", /on Deskhand's own machine/u],
    ["kb remove docs", /on Deskhand's own machine/u],
    ['kb search "open', /quote is not closed/u],
  ])("says what to type instead of %j", (line, message) => {
    expect(parseCommand(line)).toEqual({ kind: "not-understood", message: expect.stringMatching(message) as string });
  });

  it("understands every usage it names, and never throws", () => {
    for (const { usage } of COMMAND_HELP) {
      const line = usage
        .replace(/\[.*\]/u, "")
        .replace("<answer id>", ANSWER_ID)
        .replace(/<.*>/u, "docs");
      expect(parseCommand(line).kind).not.toBe("not-understood");
    }
    fc.assert(fc.property(fc.string(), (line) => typeof parseCommand(line).kind === "string"));
  });
});
