import { expect, it } from "vitest";
import { COMMAND_HELP, exampleOf } from "../../../src/commands/command-help.js";
import { commandLine, isCustomersWord } from "../../../src/commands/command-line.js";

it.each([
  ["kb sync docs", "kb sync docs"],
  ["/kb sync docs", "kb sync docs"],
  [" KB  status\n", "KB  status"],
  ["kb", "kb"],
  ["help", "help"],
  ["/help", "help"],
  ["doctor", "doctor"],
  ["explain 0190a1b2-1234-7abc-8def-0123456789ab", "explain 0190a1b2-1234-7abc-8def-0123456789ab"],
  ['kb write "Q" "One.\n\n- Two."', 'kb write "Q" "One.\n\n- Two."'],
  ["confirm a1b2c3", "confirm a1b2c3"],
  ["confirm my order", null],
  ["kb write me a poem", "kb write me a poem"],
  ["help me please", null],
  ["kb sycn docs", "kb sycn docs"],
  ["kb statsu", "kb statsu"],
  ["kb serach how to reset it?", "kb serach how to reset it?"],
  ["kb remov docs", "kb remov docs"],
  ["kb sow", "kb sow"],
  ["KB how do I reset my password?", null],
  ["KB and size limits: which one counts?", null],
  ["kb state of the VPN?", null],
  ["KB remote access does not work", null],
  ["KB restart needed after the update?", null],
  ["kb starts very slowly", null],
  ["kb store locations", null],
  ["kb ad blocker", null],
  ["kb least privilege", null],
  ["kb right?", null],
  ["/kb fly", "kb fly"],
  ["kb fly to Norway", null],
  ["kb articles about refunds?", null],
  ["explain", "explain"],
  ["/explain", "explain"],
  ["explain the refund policy", null],
  ["doctor appointments", null],
  ["gaps", "gaps"],
  ["/gaps --since 30d", "gaps --since 30d"],
  ["gaps —since 30d", "gaps —since 30d"],
  ["gaps in the fence", null],
  ["gaps?", null],
  ["handoffs", "handoffs"],
  ["/handoffs list", "handoffs list"],
  ["handoffs status", "handoffs status"],
  ["handoffs between shifts", null],
  ["learn cases", "learn cases"],
  ["learn cases all", "learn cases all"],
  ["learn case 1a2b3c", "learn case 1a2b3c"],
  ["learn case studies", null],
  ["/learn label 1a2b3c manual refunds.md", "learn label 1a2b3c manual refunds.md"],
  ["learn label 1a2b3c --not-answerable", "learn label 1a2b3c --not-answerable"],
  ["learn label printing", null],
  ["learn done 1a2b3c", "learn done 1a2b3c"],
  ["kbsync", null],
  ["//help", null],
  ["", null],
])("%s is the command %s", (text, line) => {
  expect(commandLine(text)).toBe(line);
});

it.each(COMMAND_HELP.map(({ usage }) => exampleOf(usage)).map((line) => [line]))(
  "%s, which help lists, is a command with and without a slash",
  (line) => {
    expect([commandLine(line), commandLine(`/${line}`)]).toEqual([line, line]);
  },
);

it.each([
  ["gaps", true],
  ["Gaps --since 3d", true],
  ["handoffs list", true],
  ["learn cases", true],
  ["explain", true],
  ["kb status", false],
  ["help", false],
])("%s of a customer is words: %s", (line, isWords) => {
  expect(isCustomersWord(line)).toBe(isWords);
});
