import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseActivity, type InboundActivity } from "../../../adapters/teams/inbound-activity.js";
import { formattedText } from "../../../adapters/teams/message-text.js";
import { replyMarkdown } from "../../../src/answering/reply-markdown.js";
import { replyText } from "../../../src/answering/reply-text.js";

const BOT = "28:bot";

function activity(html: string): InboundActivity {
  const entities = [{ type: "mention", text: "<at>Deskhand</at>", mentioned: { id: BOT } }];
  const attachments = [{ contentType: "text/html", content: html }];
  const parsed = parseActivity(
    Buffer.from(JSON.stringify({ type: "message", text: "the same", entities, attachments })),
  );
  if (parsed === null) throw new Error("unreachable: it is an activity");
  return parsed;
}

function read(html: string): string | null {
  const blocks = formattedText(activity(html), BOT);
  return blocks === null ? null : replyMarkdown(blocks);
}

describe("the HTML that Teams sends beside the words", () => {
  it.each([
    ["<p>a <strong>b <em>c</em></strong> <s>d</s> <code>e*</code></p>", "a **b _c_** ~~d~~ `e*`"],
    ["<p>a</p>\n<p>&nbsp;</p>\n<p>b<br><i>c</i></p>", "a\n\nb\\\n*c*"],
    ['<ol start="3">\n<li>c<ul><li>in c</li></ul></li>\n<li>d</li></ol>', "3. c\n   - in c\n4. d"],
    ["<ul><li>a</li><ul><li>in a</li></ul><li>b</li></ul>", "- a\n  - in a\n- b"],
    ["<blockquote>\n<p>said</p>\n</blockquote>\n<p>so</p>", "> said\n\nso"],
    ['<pre class="x"><code>a &lt; b;<br>\n  c&nbsp;d</code></pre>', "```\na < b;\n\n  c d\n```"],
    ['<codeblock class="Plaintext"><code>x = 1</code></codeblock>', "```\nx = 1\n```"],
    ["<pre><div>a</div><div>  b</div>c<p>d</p></pre>", "```\na\n  b\nc\nd\n```"],
    ["<pre>a<ul><li>b</li><li>c<br></li></ul>d</pre>", "```\na\nb\nc\nd\n```"],
    ["<h2>Steps</h2><div>go</div>", "### Steps\n\ngo"],
    ["<table><tr><td><b>a</b></td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "**a** | b\n\nc | d"],
    ["<script>alert(1)</script><b>x</b><style>p{}</style>", "**x**"],
    ["<b>unclosed <i>and", "**unclosed _and_**"],
  ])("%j", (html, markdown) => {
    expect(read(html)).toBe(markdown);
  });

  it("says where a link leads, who is mentioned but for the bot, and which emoji it is", () => {
    const html =
      '<p><at id="0">Deskhand</at>&nbsp;<b>see</b> <a href="https://x.example/a" title="t">the guide</a>, ' +
      '<a href="https://x.example/b">https://x.example/b</a> <a href="mailto:a@x.example">a@x.example</a> ' +
      '<span itemtype="http://schema.skype.com/Mention" itemid="1">Ben</span> <emoji alt="👍" title="Yes"></emoji>' +
      '<img itemtype="http://schema.skype.com/Emoji" alt="🙂"><img src="https://x.example/i.png" alt="image"></p>';
    expect(replyText({ blocks: formattedText(activity(html), BOT) ?? [] })).toBe(
      "see the guide (https://x.example/a), https://x.example/b a@x.example Ben 👍🙂",
    );
  });

  it("is no formatting where there is none, or no HTML", () => {
    expect(read('<p><at id="0">Deskhand</at>&nbsp;plain</p><p>words</p>')).toBeNull();
    expect(formattedText({ type: "message", text: "<b>x</b>", textFormat: "plain" }, BOT)).toBeNull();
    expect(formattedText({ type: "message", text: "<b>x</b>", textFormat: "xml" }, BOT)).not.toBeNull();
  });

  it("bears nesting without end", () => {
    const deep = `${"<blockquote><ul><li><b>".repeat(10_000)}x`;
    expect(replyText({ blocks: formattedText(activity(deep), BOT) ?? [] })).toContain("x");
  });

  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium", maxDepth: 8 },
      fc.stringMatching(/^[a-z]{1,5} ?$/u),
      fc
        .record({
          name: fc.constantFrom(
            ...[
              "p",
              "div",
              "b",
              "em",
              "s",
              "code",
              "pre",
              "ul",
              "ol",
              "li",
              "blockquote",
              "h1",
              "at",
              "span",
              "td",
              "tr",
            ],
          ),
          inner: fc.array(tie("tree"), { maxLength: 4 }),
        })
        .map(({ name, inner }) => `<${name}>${inner.join("")}</${name}>`),
    ),
  }));

  it("loses no word, whatever is in what", () => {
    const lettersIn = (text: string) => text.replaceAll(/[^a-z]/gu, "");
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (trees) => {
        const html = trees.join("");
        const blocks = formattedText(activity(html), BOT);
        if (blocks === null) return;
        expect(lettersIn(replyText({ blocks }))).toBe(lettersIn(html.replaceAll(/<[^<>]*>/gu, "")));
      }),
      { numRuns: 300 },
    );
  });
});
