import { describe, expect, it } from "vitest";
import { fixedText } from "../../../src/answering/fixed-texts.js";
import { clarifyingQuestion, hasJustAskedBack } from "../../../src/answering/stages/clarify.js";
import { packPassages } from "../../../src/answering/stages/pack.js";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import { passageOf } from "../../fakes/passages.js";

const KNOWN = {
  question: "How do I reset it?",
  history: [],
  passages: packPassages(
    [
      passageOf("Hold the button of the Hub for 10 seconds.", { title: "Reset the Hub" }),
      passageOf("Open the lid of the camera model C-200 and press Reset.", { title: "Reset the camera" }),
    ],
    DEFAULT_ANSWER_SETTINGS,
  ).passages,
};

describe("a question back", () => {
  it.each([
    ["Do you want to reset the Hub or the camera?", "Do you want to reset the Hub or the camera?"],
    [" Do you mean the Hub [1] or the camera C-200 [2]? ", "Do you mean the Hub or the camera C-200?"],
    ["Hub or camera？", "Hub or camera？"],
  ])("may be asked: %j", (draft, asked) => {
    expect(clarifyingQuestion(draft, KNOWN)).toBe(asked);
  });

  it.each([
    ["is none", "Hold the button of the Hub."],
    ["is empty", ""],
    ["says nothing", "?"],
    ["is too long", `Do you mean the Hub or ${"the camera or ".repeat(20)}the Hub?`],
    ["has a link", "Did you look at https://evil.example/reset?"],
    ["has an address without a scheme", "Did you look at evil.example/reset?"],
    ["has markup", "Do you mean [the Hub](https://evil.example)?"],
    ["mentions somebody", "Do you mean <@U123> or the camera?"],
    ["has lines", "Reset the Hub.\nOr the camera?"],
    ["has a number that nobody gave", "Do you mean the Hub for 99 euros?"],
    ["has a code that nobody gave", "Do you mean the camera X-900?"],
    ["is about something else", "Would you like a gorgeous holiday in Spain?"],
    ["asks for a secret", "What is your password to reset the Hub?"],
    ["asks for a card", "Which credit card belongs to the Hub or the camera?"],
  ])("may not be asked when it %s", (_, draft) => {
    expect(clarifyingQuestion(draft, KNOWN)).toBeNull();
  });
});

describe("whether the bot has just asked back", () => {
  const bot = (text: string) => [{ role: "bot", text } as const, { role: "customer", text: "The Hub" } as const];

  it.each([
    ["Do you mean the Hub or the camera?", true],
    [fixedText("ask-back", "de"), true],
    ["Did it help? Hold the button. [1]", false],
    ["Is the light on? [1]", false],
    [fixedText("greeting", "en"), false],
    ["I've passed your question to a person on the team.", false],
  ])("%j: %s", (said, isAsked) => {
    expect(hasJustAskedBack(bot(said))).toBe(isAsked);
  });

  it("is about the bot's last words only", () => {
    const history = [...bot("Do you mean the Hub or the camera?"), ...bot("Hold the button. [1]")];
    expect(hasJustAskedBack(history)).toBe(false);
    expect(hasJustAskedBack([])).toBe(false);
  });
});
