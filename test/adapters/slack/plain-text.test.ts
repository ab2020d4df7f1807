import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConversationKey, toConversationKey } from "../../../adapters/slack/conversation-key.js";
import { plainText } from "../../../adapters/slack/inbound/plain-text.js";
import { escapeText, inertMarkdown } from "../../../adapters/slack/render/slack-text.js";
import { markdownLive, mrkdwnLive } from "../../fakes/slack/shown-text.js";

describe("Slack's text as a person typed it", () => {
  it.each([
    ["<@U0BOT> when do you open?", "when do you open?"],
    ["<@U0BOT|deskhand>, <@U0BOT>: when?", "when?"],
    ["hey <@U0BOT> when?", "hey  when?"],
    ["ask <@U0BEN> or <@U0BEN|ben>", "ask @U0BEN or @ben"],
    ["in <#C1|general> and <#C2>", "in #general and #C2"],
    ["<!here> <!subteam^S1|@oncall> <!subteam^S1>", "@here @oncall @subteam"],
    ["<!date^1700000000^{date}|yesterday>", "yesterday"],
    ["<https://acme.example/a?b=1&amp;c=2>", "https://acme.example/a?b=1&c=2"],
    ["<https://acme.example|acme.example>", "https://acme.example"],
    ["<https://acme.example|our &lt;site&gt;>", "our <site> (https://acme.example)"],
    ["<mailto:a@acme.example|a@acme.example>", "a@acme.example"],
    ["a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"],
    ["&amp;lt;!here&amp;gt;", "&lt;!here&gt;"],
  ])("%s", (slack, typed) => {
    expect(plainText(slack, "U0BOT")).toBe(typed);
  });

  it("comes back from what Slack makes of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (typed) => {
        expect(plainText(escapeText(typed), "U0BOT")).toBe(typed.trim());
      }),
    );
  });
});

describe("what goes out as markup", () => {
  it("is inert, whatever a text holds", () => {
    const nasty = fc.constantFrom(
      "<!channel>",
      "<!here|x>",
      "<@U1>",
      "<#C1>",
      "<https://x.example|y>",
      "<",
      ">",
      "!",
      "@",
      "x",
    );
    fc.assert(
      fc.property(
        fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join("")),
        (text) => {
          expect(escapeText(text)).not.toMatch(/[<>]/u);
          expect(mrkdwnLive(escapeText(text), { linksAddresses: false })).toEqual({ mentions: [], links: [] });
          expect(markdownLive(inertMarkdown(text))).toEqual({ mentions: [], links: [] });
          expect(inertMarkdown(text)).not.toMatch(/<[!@#]/u);
          expect(inertMarkdown(text).replaceAll("\u200B", "")).toBe(text);
        },
      ),
    );
  });
});

describe("a conversation's key", () => {
  it("is read back as it was written", () => {
    const ts = fc
      .tuple(fc.nat(), fc.nat(999_999))
      .map(([seconds, micro]) => `${seconds}.${String(micro).padStart(6, "0")}`);
    fc.assert(
      fc.property(fc.stringMatching(/^[CDG][A-Z0-9]{2,10}$/u), fc.option(ts), (channel, threadTs) => {
        expect(parseConversationKey(toConversationKey({ channel, threadTs }))).toEqual({ channel, threadTs });
      }),
    );
    expect(parseConversationKey("C1:abc")).toBeNull();
    expect(parseConversationKey("")).toBeNull();
  });
});
