import { describe, expect, it } from "vitest";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import { storageToHtml } from "../../../kb/sources/confluence-html.js";
import { parseStorage } from "../../../kb/sources/confluence-storage.js";

/** What our parser makes of it, without the depth of headings. */
async function blocksOf(storage: string): Promise<unknown> {
  const bytes = Buffer.from(`<html><body>${storageToHtml(storage).html}</body></html>`);
  const outcome = await parseDocument({ externalId: "1", mediaType: "text/html", bytes });
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.documents[0]?.blocks;
}

const macro = (name: string, inside: string): string =>
  `<ac:structured-macro ac:name="${name}" ac:schema-version="1">${inside}</ac:structured-macro>`;
const body = (html: string): string => `<ac:rich-text-body>${html}</ac:rich-text-body>`;

describe("Confluence's storage format", () => {
  it("becomes code with its language, not read as markup", async () => {
    const code = `<ac:parameter ac:name="language">bash</ac:parameter><ac:parameter ac:name="title">Install</ac:parameter><ac:plain-text-body><![CDATA[curl -s <host> && echo "&amp;"]]></ac:plain-text-body>`;
    await expect(blocksOf(macro("code", code))).resolves.toEqual([
      { kind: "paragraph", text: "**Install**" },
      { kind: "code", language: "bash", text: 'curl -s <host> && echo "&amp;"' },
    ]);
  });

  it.each([
    ["info", "**Info: Mind**"],
    ["warning", "**Warning: Mind**"],
    ["panel", "**Mind**"],
  ])("becomes a quote of the kind %s", async (name, head) => {
    const storage = macro(name, `<ac:parameter ac:name="title">Mind</ac:parameter>${body("<p>Unplug it.</p>")}`);
    await expect(blocksOf(storage)).resolves.toEqual([
      {
        kind: "quote",
        label: null,
        blocks: [
          { kind: "paragraph", text: head },
          { kind: "paragraph", text: "Unplug it." },
        ],
      },
    ]);
  });

  it("shows what is folded in, with its title", async () => {
    const storage = macro("expand", `<ac:parameter ac:name="title">More</ac:parameter>${body("<p>Inside.</p>")}`);
    await expect(blocksOf(storage)).resolves.toEqual([
      { kind: "paragraph", text: "**More**" },
      { kind: "paragraph", text: "Inside." },
    ]);
  });

  it("names what links lead to, and leaves people out", async () => {
    const storage = `<p>See <ac:link><ri:page ri:content-title="A &amp; B" ri:space-key="DOCS" /></ac:link>, <ac:link><ri:page ri:content-title="C" /><ac:plain-text-link-body><![CDATA[<this>]]></ac:plain-text-link-body></ac:link>, <ac:link><ri:attachment ri:filename="plan.pdf" /></ac:link>, <ac:link><ri:page ri:content-title="D" /><ac:link-body>rich <strong>text</strong></ac:link-body></ac:link> by <ac:link><ri:user ri:account-id="5b10" /></ac:link>.</p>`;
    await expect(blocksOf(storage)).resolves.toEqual([
      { kind: "paragraph", text: "See A & B, <this>, plan.pdf, rich **text** by ." },
    ]);
  });

  it("becomes tasks, tables, and columns one after the other", async () => {
    const storage = `<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>Order</ac:task-body></ac:task><ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Install</ac:task-body></ac:task></ac:task-list>
<table><colgroup><col /><col /></colgroup><tbody><tr><th><p>Plan</p></th><th><p>Price</p></th></tr><tr><td><p>Basic</p></td><td><p>9 €</p></td></tr></tbody></table>
<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>Left.</p></ac:layout-cell><ac:layout-cell><p>Right.</p></ac:layout-cell></ac:layout-section></ac:layout>`;
    await expect(blocksOf(storage)).resolves.toMatchObject([
      { kind: "list", items: [[{ text: "[x] Order" }], [{ text: "[ ] Install" }]] },
      { kind: "table", header: ["Plan", "Price"], rows: [["Basic", "9 €"]] },
      { kind: "paragraph", text: "Left." },
      { kind: "paragraph", text: "Right." },
    ]);
  });

  it("reads a panel of the newer editor once", async () => {
    const storage = `<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>Twice?</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div class="panel"><p>Twice?</p></div></ac:adf-fallback></ac:adf-extension>`;
    await expect(blocksOf(storage)).resolves.toEqual([
      {
        kind: "quote",
        label: null,
        blocks: [
          { kind: "paragraph", text: "**Note**" },
          { kind: "paragraph", text: "Twice?" },
        ],
      },
    ]);
  });

  it("names what it leaves out, and keeps the text inside of macros that it does not know", () => {
    const storage = `<p>Until <time datetime="2026-04-01" />.</p>${macro("toc", "")}${macro("jira", '<ac:parameter ac:name="key">AB-1</ac:parameter>')}${macro("vendor-box", body("<p>Kept.</p>"))}<ac:image><ri:attachment ri:filename="a.png" /></ac:image>`;
    expect(storageToHtml(storage)).toEqual({
      html: "<p>Until 2026-04-01.</p><div><p>Kept.</p></div>",
      dropped: ["ac:image", "jira", "toc", "vendor-box"],
    });
  });

  it("refuses a page that nests without end, and survives one that is cut off", () => {
    expect(() => parseStorage("<div>".repeat(400))).toThrow("nests more than 300 elements");
    expect(storageToHtml("<p>Cut <strong>off").html).toBe("<p>Cut <strong>off</strong></p>");
  });
});
