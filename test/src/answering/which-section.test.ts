import { describe, expect, it } from "vitest";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import type { FirstDecision } from "../../../src/answering/stages/decide.js";
import { hasJustAskedBack } from "../../../src/answering/stages/clarify.js";
import { packPassages } from "../../../src/answering/stages/pack.js";
import { askWhichSection } from "../../../src/answering/stages/which-section.js";
import type { ConversationTurn } from "../../../src/ports/models.js";
import { passageOf } from "../../fakes/passages.js";

const KETTLE = "Clean and descale the kettle";
const section = (heading: string, text: string) => passageOf(text, { title: KETTLE, headingPath: [KETTLE, heading] });
const SECTIONS = [
  section("Clean the filter", "Rinse it under water."),
  section("Clean the boiler with acid", "Pour in the powder, and wait an hour."),
  section("Drain", "Open the valve."),
  passageOf("We clean kettles for free.", { title: "Can you clean my kettle?", kind: "faq" }),
];
const MAY_ANSWER: FirstDecision = { kind: "may-answer", mayStream: true };

function decide(
  question: string,
  { first = MAY_ANSWER, sections = SECTIONS, history = [] as readonly ConversationTurn[], language = "en" } = {},
): FirstDecision {
  const { passages } = packPassages(sections, DEFAULT_ANSWER_SETTINGS);
  return askWhichSection(first, { question, language, history, passages });
}

describe("a bare word that the headings of several sections have", () => {
  it.each(["clean", "cleaning", "how to clean", "Clean!", "please clean"])("is asked back: %j", (question) => {
    expect(decide(question)).toEqual({
      kind: "ask-back",
      asked: "Which of these do you mean: “Clean the filter” or “Clean the boiler with acid”?",
    });
  });

  it("is asked back in the customer's language, as a question that is known again", () => {
    const decided = decide("clean", { language: "de" });

    expect(decided).toMatchObject({
      asked: "Was davon meinen Sie: “Clean the filter” oder “Clean the boiler with acid”?",
    });
    const asked = decided.kind === "ask-back" ? decided.asked : "";
    expect(hasJustAskedBack([{ role: "bot", text: asked }])).toBe(true);
  });

  it("finds the headings of sections that were joined to one passage", () => {
    const joined = [passageOf("**Clean the lid**\n\nWipe it.\n\n**Clean the base**\n\nDry it.", { title: "Care" })];

    expect(decide("clean", { sections: joined })).toMatchObject({ kind: "ask-back" });
  });

  it("goes to a person when it is all that is said after a question back", () => {
    const history = [{ role: "bot", text: "Which of these do you mean: “Clean the filter” or “Drain”?" }] as const;

    expect(decide("clean", { history })).toEqual({ kind: "hand-off", reason: "still-unclear" });
  });
});

describe("what is answered, or not, as it was decided", () => {
  it.each([
    ["a word that is a heading by itself", "drain"],
    ["more than a word", "clean filter"],
    ["a question that says what it wants to know", "can i clean it"],
    ["a word that one heading has", "acid"],
    ["a word that no heading has", "powder"],
  ])("%s", (_, question) => {
    expect(decide(question)).toBe(MAY_ANSWER);
  });

  it("a word that only one of several fitting headings can be shown of", () => {
    const sections = [section("Clean the filter", "Rinse."), section("Clean <b>everything</b>", "Wipe.")];

    expect(decide("clean", { sections })).toBe(MAY_ANSWER);
  });

  it("a question that a person gets anyway", () => {
    const first: FirstDecision = { kind: "hand-off", reason: "low-confidence" };

    expect(decide("clean", { first })).toBe(first);
  });
});
