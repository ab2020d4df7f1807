import { expect, it } from "vitest";
import { commandLine } from "../../../src/commands/command-line.js";

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
  ["/kb fly", "kb fly"],
  ["kb fly to Norway", null],
  ["kb articles about refunds?", null],
  ["explain the refund policy", null],
  ["doctor appointments", null],
  ["kbsync", null],
  ["//help", null],
  ["", null],
])("%s is the command %s", (text, line) => {
  expect(commandLine(text)).toBe(line);
});
