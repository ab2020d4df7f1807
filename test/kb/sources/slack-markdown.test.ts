import { describe, expect, it } from "vitest";
import { slackToMarkdown } from "../../../kb/sources/slack-markdown.js";
import { maskEmails, maskNames, maskPhones } from "../../../src/text/personal-data.js";
import { isQuestion } from "../../../kb/sources/slack-thread.js";

const plain = { person: () => "a colleague", words: (text: string) => text, everything: (text: string) => text };

describe("Slack's mrkdwn as Markdown", () => {
  it.each([
    ["*bold* and _italic_ and ~gone~", "**bold** and _italic_ and ~~gone~~"],
    ["2*3*4 = 24 and a ~ b ~ c", "2*3*4 = 24 and a ~ b ~ c"],
    ["see <https://x.test/a_b?c=1&amp;d=2|the guide>", "see the guide (<https://x.test/a_b?c=1&d=2>)"],
    ["see <https://x.test/a_b>", "see <https://x.test/a_b>"],
    ["see <http://x.test|x.test>", "see <http://x.test>"],
    ["<javascript:alert(1)|click>", "click"],
    ["<@U0ANNA> in <#C0GENERAL|general>", "a colleague in #general"],
    ["<!here> <!subteam^S1|@ops> on <!date^1^{date}|1 May>", "the team on 1 May"],
    ["<mailto:a@b.test|a@b.test> <tel:123|123>", "[e-mail address] [phone number]"],
    ["run `a &lt; b` now", "run `a < b` now"],
    ["```a &amp;&amp; *b*\nc```", "```\na && *b*\nc\n```"],
    ["• one\n• two", "- one\n- two"],
    ["&gt; said\nanswer", "> said\nanswer"],
    ["one\ntwo", "one  \ntwo"],
    ["# no heading\n---", "\\# no heading  \n\\---"],
    ["done :white_check_mark: at 12:30:45", "done  at 12:30:45"],
    ["&lt;b&gt; stays", "&lt;b&gt; stays"],
  ])("%j becomes %j", (written, markdown) => {
    expect(slackToMarkdown(written, plain)).toBe(markdown);
  });
});

describe("personal data", () => {
  it.each([
    "+49 170 1234567",
    "0170 1234567",
    "01701234567",
    "(030) 123-4567",
    "+1 (555) 010-9999",
    "555-010-9999",
    "0049 30 1234567",
  ])("%s is a phone number", (number) => {
    expect(maskPhones(`call ${number}.`)).toBe("call [phone number].");
  });

  it.each([
    "2026-05-01 10:30",
    "01.05.2026",
    "10.4.2.1234",
    "192.168.100.100",
    "4711",
    "80070005",
    "0x80070005",
    "1,000,000.00",
    "#12345678",
    "ID-12345678",
  ])("%s is none", (number) => {
    expect(maskPhones(`see ${number} here`)).toBe(`see ${number} here`);
  });

  it("addresses are masked in code and links too", () => {
    expect(maskEmails("`curl -u a.b+c@x.test` <https://x.test/?u=a@x.test>")).toBe(
      "`curl -u [e-mail address]` <https://x.test/?u=[e-mail address]>",
    );
  });

  it("names are masked whole and by their parts, and words that only look like them are not", () => {
    const people = [{ names: ["Will O'Neil", "will.oneil"], role: "a colleague" }];
    expect(maskNames("Will said it will work; ask @will.oneil or O'Neil, not Willow.", people)).toBe(
      "a colleague said it will work; ask a colleague or a colleague, not Willow.",
    );
  });
});

describe("a question", () => {
  it.each(["Is it?", "hello, how do I pay", "Wie kündige ich", "What now", "Hi team!\ncan I pay later"])(
    "is %j",
    (text) => {
      expect(isQuestion(text)).toBe(true);
    },
  );

  it.each(["It works.", "see <https://x.test/?a=b>", "`a ? b : c`", "The how is clear"])("is not %j", (text) => {
    expect(isQuestion(text)).toBe(false);
  });
});
