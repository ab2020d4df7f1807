import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMessage } from "../../../adapters/slack/inbound/read-message.js";
import { formattedText } from "../../../adapters/slack/inbound/formatted-text.js";
import { replyMarkdown } from "../../../src/answering/reply-markdown.js";
import { replyText } from "../../../src/answering/reply-text.js";

const BOT = "U0BOT";
const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
const text = (words: string, style?: object) => ({ type: "text", text: words, ...(style && { style }) });

function rich(...elements: object[]): string | null {
  const blocks = formattedText({ text: "the same", blocks: [{ type: "rich_text", elements }] }, BOT);
  return blocks === null ? null : replyMarkdown(blocks);
}

function marked(words: string): string | null {
  const blocks = formattedText({ text: words }, BOT);
  return blocks === null ? null : replyMarkdown(blocks);
}

describe("Slack's rich text", () => {
  it("is read with every style", () => {
    const elements = [
      text("a ", { bold: true }),
      text("b", { bold: true, italic: true }),
      text(" "),
      text("c", { strike: true }),
      text(" "),
      text("d*", { code: true }),
    ];
    expect(rich(section(...elements))).toBe("**a _b_** ~~c~~ `d*`");
  });

  it("is read with lists in lists, of both kinds", () => {
    const list = (style: string, indent: number, offset: number, ...items: string[]) => ({
      ...{ type: "rich_text_list", style, indent, offset, border: 0 },
      elements: items.map((item) => section(text(item))),
    });
    expect(
      rich(list("ordered", 0, 0, "one", "two"), list("bullet", 1, 0, "in two"), list("ordered", 0, 2, "three")),
    ).toBe("1. one\n2. two\n   - in two\n3. three");
    expect(rich(list("bullet", 0, 0, "one"), list("ordered", 0, 4, "five"))).toBe("- one\n\n5. five");
  });

  it("is read with quotes and code, also code in a quote", () => {
    expect(
      rich(
        section(text("they say\n")),
        { type: "rich_text_quote", elements: [text("it broke\nagain")] },
        { type: "rich_text_preformatted", border: 1, elements: [text("GET /\n  <b>")] },
        { type: "rich_text_preformatted", elements: [text("x = *p;")] },
      ),
    ).toBe("they say\n\n> it broke\\\n> again\n>\n> ```\n> GET /\n>   <b>\n> ```\n\n```\nx = *p;\n```");
  });

  it("says where a link leads, who is mentioned, and which emoji it is", () => {
    const elements = [
      { type: "user", user_id: BOT },
      text(": see "),
      { type: "link", url: "https://x.example/a", text: "the guide", style: { bold: true } },
      text(" "),
      { type: "emoji", name: "+1", unicode: "1f44d-1f3fb" },
      { type: "emoji", name: "acme" },
      { type: "broadcast", range: "here" },
      { type: "user", user_id: "U0BEN" },
    ];
    const blocks = formattedText({ text: "", blocks: [{ type: "rich_text", elements: [section(...elements)] }] }, BOT);
    expect(replyText({ blocks: blocks ?? [] })).toBe("see the guide (https://x.example/a) 👍🏻:acme:@here@U0BEN");
  });

  it("gives emoji as characters also where nothing is formatted", () => {
    const elements = [
      { type: "user", user_id: BOT },
      text(" Thanks "),
      { type: "emoji", name: "tada", unicode: "1f389" },
    ];
    const message = { type: "message", user: "U0ANN", text: `<@${BOT}> Thanks :tada:`, ts: "1.0", channel: "D0" };
    const read = (...more: object[]) =>
      readMessage(
        { ...message, blocks: [{ type: "rich_text", elements: [section(...elements, ...more)] }] },
        { botUserId: BOT, agentsChannels: [] },
      );
    expect(read()).toMatchObject({ text: "Thanks 🎉", blocks: null });
    expect(read({ type: "hologram" })).toMatchObject({ text: "Thanks :tada:", blocks: null });
  });

  it("is no formatting where there is none, and is not read where it has a form that is not known", () => {
    expect(rich(section(text("plain\nwords")))).toBeNull();
    const blocks = [{ type: "rich_text", elements: [section({ type: "hologram", text: "x" })] }];
    expect(replyMarkdown(formattedText({ text: "*bold*", blocks }, BOT) ?? [])).toBe("**bold**");
    expect(replyMarkdown(formattedText({ text: "*bold*", blocks: "x" }, BOT) ?? [])).toBe("**bold**");
  });

  const style = fc.record({ bold: fc.boolean(), italic: fc.boolean(), strike: fc.boolean(), code: fc.boolean() });
  const inline = fc.oneof(
    fc.record({ type: fc.constant("text"), text: fc.stringMatching(/^[a-z*_ \n]{1,9}$/u), style }),
    fc.record({
      type: fc.constant("link"),
      url: fc.constant("https://x.example/"),
      text: fc.stringMatching(/^[a-z]{1,5}$/u),
    }),
  );
  const inlines = fc.array(inline, { minLength: 1, maxLength: 4 });
  const element = fc.oneof(
    fc.record({ type: fc.constant("rich_text_section"), elements: inlines }),
    fc.record({ type: fc.constant("rich_text_quote"), elements: inlines }),
    fc.record({ type: fc.constant("rich_text_preformatted"), elements: inlines, border: fc.nat(1) }),
    fc.record({
      type: fc.constant("rich_text_list"),
      style: fc.constantFrom("bullet", "ordered"),
      indent: fc.nat(8),
      offset: fc.nat(3),
      border: fc.nat(1),
      elements: fc.array(fc.record({ type: fc.constant("rich_text_section"), elements: inlines }), { maxLength: 3 }),
    }),
  );

  it("is not read where its date is none", () => {
    const at = (timestamp: number) => rich(section({ type: "date", timestamp, style: { bold: true } }));
    expect(at(1_795_000_000)).toBe("**2026-11-18T11:06:40.000Z**");
    for (const never of [1e15, -1e15, 8_640_000_000_001]) expect(at(never)).toBeNull();
  });

  it("loses no word, whatever is in what", () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), (elements) => {
        const blocks = formattedText({ text: "", blocks: [{ type: "rich_text", elements }] }, BOT);
        const typed = JSON.stringify(elements).match(/(?<="text":")(?:[^"\\]|\\n)*(?=")/gu) ?? [];
        const words = typed.join("").replaceAll("\\n", "").replaceAll(" ", "");
        const said = replyText({ blocks: blocks ?? [] }).replaceAll(
          /\(https:\/\/x\.example\/\)|^\s*(?:(?:\d+\.|-) )+|\s/gmu,
          "",
        );
        if (blocks !== null) expect(said).toBe(words);
      }),
    );
  });
});

describe("Slack's own markup, where there is no rich text", () => {
  it.each([
    ["*bold* and _italic_, ~gone~ and `x*y*`", "**bold** and *italic*, ~~gone~~ and `x*y*`"],
    ["*_both_*", "**_both_**"],
    ["&gt; quoted\n&gt; more\nnot", "> quoted\\\n> more\n\nnot"],
    ["before\n```a &lt; b\n*c*```\nafter", "before\n\n```\na < b\n*c*\n```\n\nafter"],
    ["```\n\n    if a:\n        b\n```", "```\n    if a:\n        b\n```"],
    ["```  \tx\n y  ```", "```\n  \tx\n y\n```"],
    ["*see <https://x.example/_a_b|the guide>*", "**see the guide (https\\://x.example/\\_a_b)**"],
  ])("%j", (words, markdown) => {
    expect(marked(words)).toBe(markdown);
  });

  it.each(["2 * 3 * 4", "snake_case_name", "a*b*c", "plain", "<https://x.example/_a_|b>", "~", "``` ```"])(
    "%j is no formatting",
    (words) => {
      expect(marked(words)).toBeNull();
    },
  );
});
