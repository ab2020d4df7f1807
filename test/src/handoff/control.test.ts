import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlOf, type Control } from "../../../src/handoff/control.js";

const HOUR_MS = 3_600_000;

describe("what an agent tells the bot in a handoff's thread", () => {
  it.each<[string, Control]>([
    ["!resolve", { kind: "resolve" }],
    [" !Done ", { kind: "resolve" }],
    ["!close", { kind: "resolve" }],
    ["!bot", { kind: "return" }],
    ["!take", { kind: "take" }],
    ["!team billing", { kind: "team", name: "billing" }],
    ["*!team Second Line*", { kind: "team", name: "Second Line" }],
    ["!team", { kind: "team", name: "" }],
    ["!snooze", { kind: "snooze", forMs: HOUR_MS }],
    ["!snooze 30m", { kind: "snooze", forMs: HOUR_MS / 2 }],
    ["!snooze for 2 hours", { kind: "snooze", forMs: 2 * HOUR_MS }],
    ["!resolve.", { kind: "resolve" }],
    ["!done!", { kind: "resolve" }],
    ["`!resolve`", { kind: "resolve" }],
    ["> *!resolve*", { kind: "resolve" }],
    ["1. !resolve", { kind: "resolve" }],
    ["!snooze2h", { kind: "snooze", forMs: 2 * HOUR_MS }],
    ["!snooze 3d", { kind: "snooze", forMs: 72 * HOUR_MS }],
    ["!suggest", { kind: "suggest" }],
    ["!send", { kind: "send", words: null }],
    ["*!send*", { kind: "send", words: null }],
    ["!Send Hold the knob!", { kind: "send", words: "Hold the knob!" }],
    ["`!send Hold the knob`", { kind: "send", words: "Hold the knob" }],
    ["**!send** Hold\nthe *knob*", { kind: "send", words: "Hold\nthe *knob*" }],
    ["!search red lamp", { kind: "search", words: "red lamp" }],
    ["!search", { kind: "not-understood", typed: "!search with nothing behind it", meant: "!search and the words" }],
    ["!history", { kind: "history" }],
    ["!replies", { kind: "replies" }],
    ["!reply greet", { kind: "reply", name: "greet" }],
    ["!reply", { kind: "not-understood", typed: "!reply with nothing behind it", meant: "!replies" }],
  ])("reads %j", (text, control) => {
    expect(controlOf(text)).toEqual(control);
  });

  it.each(["Please resolve it yourself", "Great!", "! important", "!!", "5 !resolve", "!1", ""])(
    "leaves %j to the customer",
    (text) => {
      expect(controlOf(text)).toBeNull();
    },
  );

  it.each([
    ["!resovle", "!resolve"],
    ["!resolve now please", "!resolve"],
    ["!snooze tomorrow", "!snooze 30m, !snooze 2h or !snooze 3d (up to 30d)"],
    ["!snooze 31d", "!snooze 30m, !snooze 2h or !snooze 3d (up to 30d)"],
    ["!snooze 0h", "!snooze 30m, !snooze 2h or !snooze 3d (up to 30d)"],
    ["!constructor", null],
    ["!note: he is wrong", "note: …"],
    ["!// he is wrong", "note: …"],
    ["!take-over", "!take"],
    ["!resolve,thanks", "!resolve"],
  ])("does not send %j to the customer, and says what may be meant", (text, meant) => {
    expect(controlOf(text)).toMatchObject({ kind: "not-understood", meant });
  });

  it("never lets through what begins like one", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "*", "> ", "`", " - "), fc.string(), fc.string(), (before, word, rest) => {
        fc.pre(/^\p{L}/u.test(word));
        expect(controlOf(`${before}!${word}${rest}`)).not.toBeNull();
      }),
    );
  });
});
