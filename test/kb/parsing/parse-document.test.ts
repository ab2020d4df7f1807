import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blocksToMarkdown } from "../../../kb/parsing/blocks-to-markdown.js";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import type { ParsedDocument } from "../../../kb/parsing/parsed-document.js";
import type { MediaType } from "../../../kb/sources/source.js";

const encoder = new TextEncoder();

function outcomeOf(text: string, mediaType: MediaType, externalId = "manual/router-setup.md") {
  return parseDocument({ externalId, mediaType, bytes: encoder.encode(text) });
}

async function documentsOf(
  text: string,
  mediaType: MediaType,
  externalId?: string,
): Promise<readonly ParsedDocument[]> {
  const outcome = await outcomeOf(text, mediaType, externalId);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.documents;
}

async function textOf(text: string, mediaType: MediaType): Promise<string> {
  const outcome = await outcomeOf(text, mediaType);
  return outcome.ok
    ? outcome.documents.map((document) => `${document.title}\n${blocksToMarkdown(document.blocks)}`).join("\n")
    : "";
}

describe("Markdown", () => {
  it("takes title, kind, address, date and audience from its front matter", async () => {
    const text =
      '---\ntitle: "Set up"\nkind: troubleshooting\nurl: https://example.com/a\nupdated: 2026-05-01\naudience: staff, partners\n---\n\n# Set up\n\nText.';
    expect(await documentsOf(text, "text/markdown")).toMatchObject([
      {
        title: "Set up",
        kind: "troubleshooting",
        url: "https://example.com/a",
        updatedAt: "2026-05-01T00:00:00.000Z",
        acl: ["partners", "staff"],
        blocks: [{ kind: "paragraph", text: "Text." }],
      },
    ]);
  });

  it.each([
    ["manual/a.md", "manual"],
    ["docs/Troubleshooting/deep/a.md", "troubleshooting"],
    ["releases/4.0.md", "release"],
    ["policies/a.md", "policy"],
    ["faq/a.md", "faq"],
    ["other/a.md", "page"],
  ] as const)("is of the kind its folder is named after: %s", async (externalId, kind) => {
    expect(await documentsOf("Text.", "text/markdown", externalId)).toMatchObject([{ kind }]);
  });

  it("takes its title from its first heading, else from its name", async () => {
    expect(await documentsOf("# The **title**\n\nText.", "text/markdown")).toMatchObject([{ title: "The title" }]);
    expect(await documentsOf("Text.", "text/markdown")).toMatchObject([{ title: "Router setup" }]);
  });

  it("keeps the texts of links and drops their addresses, images and struck out text", async () => {
    const text =
      'See [the **guide**](https://example.com/x "t") and ![chart](c.png) ~~old~~ [ref][1].\n\n[1]: https://example.com/ref';
    expect(await textOf(text, "text/markdown")).toContain("See the **guide** and ref.");
    expect((await documentsOf(text, "text/markdown"))[0]?.links).toEqual([
      "https://example.com/x",
      "https://example.com/ref",
    ]);
  });

  it.each([
    ["> [!WARNING]\n> Hot.", "**Warning:** Hot."],
    [":::warning\nHot.\n:::", "**Warning:** Hot."],
    ['!!! warn ""\n    Hot.\n\nAfter.', "**Warning:** Hot.\n\nAfter."],
    [":::tip[Do this]\nHot.\n:::", "**Tip:** **Do this**\n\nHot."],
  ])("keeps an admonition as text with its label: %j", async (source, expected) => {
    expect(await textOf(source, "text/markdown")).toContain(expected);
  });

  it("leaves what looks like an admonition inside of code alone", async () => {
    expect(await textOf("```\n:::warning\n```\n\n:::note\nText.\n:::", "text/markdown")).toContain(
      "```\n:::warning\n```",
    );
  });

  it("drops what MDX executes", async () => {
    const text =
      'import Tabs from "@x/tabs";\n\n{/* hidden */}\n\n<Tabs>\n\nShown.\n\n</Tabs>\n\nexport const secret = "abc";';
    expect(await textOf(text, "text/mdx")).toBe("Router setup\nShown.");
  });

  it("keeps steps, tables and code", async () => {
    const text = "1. One\n2. Two\n   - inner\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```sh\nls\n```";
    expect(await textOf(text, "text/markdown")).toBe(
      "Router setup\n1. One\n2. Two\n   - inner\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n```sh\nls\n```",
    );
  });

  it("names the line of broken front matter, and opens nothing to everybody by a mistake", async () => {
    expect(await outcomeOf("---\na: b: c\n---\nText.", "text/markdown")).toMatchObject({
      ok: false,
      failure: { code: "bad-front-matter", message: expect.stringContaining("line 2") as string },
    });
    expect(await outcomeOf("---\ntitle: A\naudience:\n---\nText.", "text/markdown")).toMatchObject({
      failure: {
        code: "bad-audience",
        message: expect.stringMatching(/^Line 3: The audience names nobody/u) as string,
      },
    });
    expect(await outcomeOf("---\naudience: staff\n\n# Secret\n\nText.", "text/markdown")).toMatchObject({
      failure: { code: "bad-front-matter", message: expect.stringContaining("never closed") as string },
    });
  });

  it("takes a line of hyphens before a text for what it is", async () => {
    expect(await textOf("---\nNote: this is a text.", "text/markdown")).toContain("Note: this is a text.");
  });
});

it("repeats no words of the file in what it says about its YAML", async () => {
  const texts = ["- question: secret: word\n", "- question: @secret\n", "- secret: a\n  secret: b\n", "- a: *secret\n"];
  for (const text of texts) {
    const outcome = await outcomeOf(text, "application/yaml");
    expect(outcome).toMatchObject({ ok: false });
    expect(JSON.stringify(outcome)).not.toContain("secret");
  }
});

describe("HTML", () => {
  it("keeps the main content and leaves out what stands around it", async () => {
    const page =
      "<title>Returns - Shop</title><body><header>Logo</header><nav><a href=x>Menu</a></nav><main><header><h1>Returns</h1></header>" +
      "<p>Within <b>30 days</b>.<br>Free.</p><ol start=2><li>Pack<li>Send</ol><table><tr><th>A<th>B<tr><td>1<td>2</table>" +
      "<pre><code class='language-sh'>ls\n</code></pre></main><footer>Imprint</footer>";
    expect(await textOf(page, "text/html")).toBe(
      "Returns\nWithin **30 days**.\nFree.\n\n2. Pack\n3. Send\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n```sh\nls\n```",
    );
  });

  it("takes address and date from its head", async () => {
    const page =
      '<head><link rel=canonical href="https://example.com/r"><meta property="article:modified_time" content="2026-01-02T03:04:05Z"></head><p>Text.';
    expect(await documentsOf(page, "text/html")).toMatchObject([
      { url: "https://example.com/r", updatedAt: "2026-01-02T03:04:05.000Z" },
    ]);
    expect(await documentsOf("<link rel=canonical href='javascript:alert(1)'><p>Text.", "text/html")).toMatchObject([
      { url: null },
    ]);
  });

  it("keeps white text on a dark background", async () => {
    expect(await textOf('<div style="background:#333"><p style="color:#fff">Shown</p></div>', "text/html")).toContain(
      "Shown",
    );
  });
});

describe("hidden text", () => {
  it.each([
    "<!-- SECRET -->",
    '<div style="display:none">SECRET</div>',
    '<p style="color:#fff;background:#fff">SECRET</p>',
    '<p style="color: white">SECRET</p>',
    '<font color="#FFFFFF">SECRET</font>',
    '<span style="font-size:0">SECRET</span>',
    '<span style="opacity:0">SECRET</span>',
    '<span style="position:absolute;left:-9999px">SECRET</span>',
    '<p style="VISIBILITY : hidden !important">SECRET</p>',
    "<p hidden>SECRET</p>",
    '<div aria-hidden="true"><p>SECRET</p></div>',
    "<template>SECRET</template>",
    "<noscript>SECRET</noscript>",
    "<script>SECRET</script>",
    "<style>SECRET</style>",
    "<iframe>SECRET</iframe>",
    "<svg><text>SECRET</text></svg>",
    '<img alt="SECRET">',
  ])("is in no document: %s", async (html) => {
    for (const mediaType of ["text/html", "text/markdown", "text/mdx"] as const) {
      expect(await textOf(`<p>Before.</p>\n${html}\n<p>Shown.</p>`, mediaType)).not.toContain("SECRET");
    }
    expect(await textOf(`Before ${html} shown.`, "text/markdown")).not.toContain("SECRET");
    expect(await textOf(`Before.\n\n${html}\n\n<p>Shown.</p>`, "text/markdown")).toContain("Shown.");
  });

  it("is not found between HTML tags that stand in paragraphs of their own", async () => {
    const text = '<div style="display:none">\n\nSECRET **text**\n\n- SECRET\n\n</div>\n\nShown.';
    expect(await textOf(text, "text/markdown")).toBe("Router setup\nShown.");
  });

  it("is not smuggled in by characters that show nothing", async () => {
    const tags = Array.from("SECRET", (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("");
    expect(await textOf(`Shown${tags}\u202e\u200b&#x200b;.`, "text/markdown")).toBe("Router setup\nShown.");
    expect(await textOf(`<p>Shown${tags}&#8203;.`, "text/html")).toBe("Router setup\nShown.");
  });
});

describe("plain text", () => {
  it("has headings, steps and paragraphs, and no markup", async () => {
    const text =
      "QUICK START\n\nA *line* that is wrapped over two lines, and that is\nlong enough for it.\n\n1. ONE\nDo this.\n\n2. TWO\nDo that.";
    expect(await documentsOf(text, "text/plain")).toMatchObject([
      {
        title: "QUICK START",
        blocks: [
          { kind: "paragraph", text: "A *line* that is wrapped over two lines, and that is long enough for it." },
          { kind: "list", ordered: true, start: 1, items: [[{ text: "ONE\nDo this." }], [{ text: "TWO\nDo that." }]] },
        ],
      },
    ]);
  });
});

describe("FAQ", () => {
  const entries = [
    { question: "Why?", answer: "Because.", variants: ["For what reason?"] },
    { question: "How?", answer: "Thus." },
  ];

  it.each([
    ["application/json", JSON.stringify(entries)],
    ["application/json", JSON.stringify({ faq: entries })],
    [
      "application/yaml",
      "- question: Why?\n  answer: Because.\n  variants: [For what reason?]\n- question: How?\n  answer: Thus.\n",
    ],
    ["text/csv", "question,answer,variants\nWhy?,Because.,For what reason?\nHow?,Thus.,\n"],
    ["text/csv", "\ufeffAnswer;Question;Variants\r\nBecause.;Why?;For what reason?\r\nThus.;How?;\r\n"],
    ["application/jsonl", entries.map((entry) => JSON.stringify(entry)).join("\n")],
  ] as const)("is one document for each question, counted from 1 (%s)", async (mediaType, text) => {
    expect(await documentsOf(text, mediaType, "faq/x")).toMatchObject([
      { externalId: "faq/x#1", kind: "faq", title: "Why?", variants: ["For what reason?"], isQuestionAndAnswer: true },
      { externalId: "faq/x#2", kind: "faq", title: "How?", variants: [] },
    ]);
  });

  it.each([
    ["text/csv", 'question,answer\nWhy?,"Because\nHow?,Thus.\n', "bad-syntax", /line 3/u],
    ["text/csv", "question,answer\nWhy?,Because.\nHow?,Thus.,more\n", "bad-syntax", /line 3/u],
    ["application/yaml", "- question: Why?\n  answer: a: b\n", "bad-syntax", /line 2\): .*colon.*quotes/u],
    ["application/yaml", "- question: Why?\n\tanswer: b\n", "bad-syntax", /line 2\): .*spaces/u],
    ["application/yaml", "- question: Why?\n  answer: a\n  answer: b\n", "bad-syntax", /line 3\): .*twice/u],
    ["application/yaml", "- question: Why?\n  answer: @home\n", "bad-syntax", /line 2\): .*quotes/u],
    ["application/yaml", "- question: Why?\n  answer: *this\n", "bad-syntax", /line 2\): .*asterisk/u],
    ["application/yaml", "- question: Why?\n  answer 30 days\n", "bad-syntax", /line 2\): .*colon/u],
    ["application/yaml", "- question: Why?\n answer: b\n", "bad-syntax", /line 2\): .*[Aa]lign/u],
    ["application/yaml", "- question: Why?\n  answer: 'it's'\n", "bad-syntax", /line 2\): .*quotes/u],
    ["application/yaml", '- question: Why?\n  answer: "it\n', "bad-syntax", /line \d\): .*never closed/u],
    [
      "application/yaml",
      "- question: Why?\n  answer: b\n---\n- question: How?\n",
      "bad-syntax",
      /line 3\): .*hyphens/u,
    ],
    [
      "application/yaml",
      "faq:\n  - question: Why?\n    answer: b\n\n  - question: How?\n",
      "incomplete-entry",
      /^Line 5: Entry 2 has no answer/u,
    ],
    ["application/yaml", "- question: Why?\n  answer: b\n  audience: []\n", "bad-audience", /^Line 1: /u],
    [
      "application/yaml",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nfaq: [*c,*c,*c,*c]\n`,
      "bad-syntax",
      /too often/u,
    ],
    ["application/json", '[{"question":"Why?"}]', "incomplete-entry", /Entry 1 has no answer/u],
    ["application/json", "{", "bad-syntax", /not JSON/u],
  ] as const)("says where it is broken (%s)", async (mediaType, text, code, message) => {
    const outcome = await outcomeOf(text, mediaType);
    expect(outcome).toMatchObject({ ok: false, failure: { code } });
    expect(outcome.ok ? "" : outcome.failure.message).toMatch(message);
  });
});

describe("files that are no text", () => {
  const failureOf = async (bytes: Uint8Array) => {
    const outcome = await parseDocument({ externalId: "a.md", mediaType: "text/markdown", bytes });
    return outcome.ok ? null : outcome.failure;
  };

  it("are refused with what to do when they are in another encoding", async () => {
    const bytes = Buffer.from("Die Rückgabe ist möglich.", "latin1");
    expect(await failureOf(bytes)).toEqual({ code: "not-text", message: expect.stringContaining("UTF-8") as string });
  });

  it.each([
    ["a picture or program", Uint8Array.of(65, 0, 66)],
    ["a PDF file in letters alone", Buffer.from("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")],
    ["a rich text file", Buffer.from("{\\rtf1\\ansi Hello}")],
    ["control characters", Uint8Array.from({ length: 500 }, (_, index) => 1 + (index % 31))],
    ["such with the mark of UTF-16", Uint8Array.of(0xff, 0xfe, 1, 0, 2, 0, 65, 0)],
  ])("are told from text by what they hold: %s", async (_, bytes) => {
    expect(await failureOf(bytes)).toEqual({
      code: "binary-content",
      message: expect.stringContaining("UTF-8") as string,
    });
  });

  it("are not seen in text with a form feed, colours of a terminal, or a word about PDF", async () => {
    expect(await failureOf(Buffer.from("One.\f\n\u001b[1mTwo\u001b[0m about %PDF-1.4."))).toBeNull();
  });

  it("are not taken for UTF-16 with a byte order mark, which is read", async () => {
    const bytes = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from("Grüße.", "utf16le")]);
    expect(await parseDocument({ externalId: "a.txt", mediaType: "text/plain", bytes })).toMatchObject({
      ok: true,
      documents: [{ blocks: [{ text: "Grüße." }] }],
    });
  });
});

it("parses every document of the demo knowledge base's FAQ", async () => {
  const text = readFileSync(new URL("../../../kb/demo/documents/faq/general.yaml", import.meta.url), "utf8");
  expect((await documentsOf(text, "application/yaml", "faq/general.yaml")).length).toBeGreaterThan(10);
});

describe("a line of a corpus", () => {
  const parse = (line: object) =>
    documentsOf(JSON.stringify(line), "application/vnd.deskhand.corpus-line+json", "faq/billing#1");

  it("is a question with its answer and other wordings when it is of the kind faq", async () => {
    const line = { title: "Why?", text: "Because.", kind: "faq", variants: ["For what reason?", 3, " "] };
    expect(await parse(line)).toMatchObject([
      { kind: "faq", title: "Why?", variants: ["For what reason?", "3"], isQuestionAndAnswer: true },
    ]);
  });

  it("has no other wordings where none are given", async () => {
    expect(await parse({ title: "Why?", text: "Because." })).toMatchObject([
      { variants: [], isQuestionAndAnswer: false },
    ]);
  });
});
