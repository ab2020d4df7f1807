import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../infra/config/config-error.js";
import { handoffRules } from "../../../infra/config/handoff-settings.js";
import { parseSettings } from "../../../infra/config/settings-file.js";

function repliesIn(yaml: string) {
  const indented = yaml.replaceAll(/^/gmu, "    ");
  return handoffRules(parseSettings(`handoff:\n  replies:\n${indented}\n`, "deskhand.yaml").handoff).replies;
}

function problemsOf(yaml: string): string {
  try {
    repliesIn(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join("\n");
    throw error;
  }
  return "";
}

describe("the replies that agents send by name", () => {
  it("are one text for all, or one for each language", () => {
    expect(repliesIn("greet: Hello {customer}, {agent} here.\nwait:\n  en: One moment.\n  de: Moment.")).toEqual([
      { name: "greet", texts: { any: "Hello {customer}, {agent} here." } },
      { name: "wait", texts: { en: "One moment.", de: "Moment." } },
    ]);
  });

  it.each([
    ["a placeholder that nothing fills", "greet: Hello {custmer}.", "{custmer}"],
    ["one in a single language", "greet:\n  de: Hallo {kunde}.", "greet"],
    ["an empty text", "greet: ' '", "greet"],
    [
      "a language that the bot does not speak",
      "greet:\n  tlh: Qapla.",
      "deskhand.yaml:4 handoff.replies.greet.tlh: is no language of replies: en, de, fr, es, pt, it, nl, any",
    ],
    ["no language", "greet: {}", "greet"],
    ["a name of two words", "say hello: Hello.", "replies"],
    ["two names that differ by case", "greet: Hello.\nGreet: Hi.", "greet"],
  ])("are refused at the start for %s", (_, yaml, named) => {
    expect(problemsOf(yaml)).toContain(named);
  });
});
