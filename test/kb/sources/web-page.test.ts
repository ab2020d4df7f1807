import { describe, expect, it } from "vitest";
import { textPieces } from "../../../kb/sources/text-pieces.js";
import { readPage } from "../../../kb/sources/web-page.js";
import { longestStretch } from "../../support/longest-stretch.js";

const URL_OF_PAGE = "https://docs.example/";
const readBytes = (bytes: Uint8Array) => readPage(textPieces(bytes), URL_OF_PAGE, "", new AbortController().signal);
const read = (html: string) => readBytes(Buffer.from(html));

/** What is aimed at is 50; the rest is for a machine that is busy with other tests. */
const MAX_STRETCH_MS = 100;

describe("what is read off a page before it is parsed", () => {
  it("of a page that is too deep only what comes before is read", async () => {
    const html = `<a href="/before">x</a>${"<div>".repeat(3_000)}<a href="/after">x</a>`;
    expect((await read(html)).links).toEqual(["https://docs.example/before"]);
  });

  it.each([
    ["elements that are never closed, and ends without a beginning", "<div>".repeat(200_000) + "</x>".repeat(200_000)],
    ["a tag with attributes without number", `<a ${Array.from({ length: 100_000 }, (_, n) => `a${n}`).join(" ")}>`],
    ["comments that do not end", "<!--".repeat(500_000)],
    ["a refresh of blanks", `<meta http-equiv=refresh content="${"0".repeat(5_000)}${" ".repeat(500_000)}">`],
  ])("%s take no time to speak of", async (_what, html) => {
    const started = performance.now();
    await read(html);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it.each([
    ["5,000 links against a base of 1 MB", `<base href="/${"a/".repeat(500_000)}">`, "<a href=x>", 2_000],
    ["links without number", "", "<a href=x></a>", 1_400_000],
    ["links that differ in nothing that counts", "", "<a href='?utm_source=1#a'></a>", 600_000],
    ["different links against the longest base", `<base href="/${"a/".repeat(990)}">`, "", 0],
    ["text", "", "<p>some words here</p>", 900_000],
    ["one attribute", "<a rel='", "nofollow ", 2_000_000],
  ])(
    "%s do not keep the process from its other work",
    async (_what, head, part, count) => {
      const many = Array.from({ length: 100_000 }, (_, n) => `<a href=${n}>`).join("");
      const html = Buffer.from(head + (count === 0 ? many : part.repeat(count)));
      expect(await longestStretch(() => readBytes(html))).toBeLessThan(MAX_STRETCH_MS);
    },
    20_000,
  );

  it("takes 5,000 links of different spelling, and none of a base that is too long for an address", async () => {
    const links = Array.from({ length: 5_001 }, (_, n) => `<a href="${n}#part">x</a><a href="${n}">x</a>`).join("");
    const facts = await read(`<base href="/${"a/".repeat(1_000)}">${links}`);
    expect(facts.links).toEqual(Array.from({ length: 5_000 }, (_, n) => `https://docs.example/${n}`));
  });

  it("is read the same wherever its bytes are cut into pieces", async () => {
    const words = Array.from({ length: 5_000 }, (_, n) => `W\u00f6rter\u{1f600}${n}`).join(" ");
    const whole = await read(`<main>${words}</main>`);
    for (const shift of [1, 2, 3, 4]) {
      const facts = await read(`<nav>${"x".repeat(shift)}</nav><main>${words}</main>`);
      expect(facts.textHash).toBe(whole.textHash);
    }
  });

  it("the hash of the text does not see navigation, scripts and white space, and sees every word", async () => {
    const hash = async (html: string): Promise<string> => (await read(html)).textHash;
    const one = await hash("<nav>a b</nav><script>x()</script><main>One  <b>two</b>\n</main><footer>2026</footer>");
    expect(await hash("<nav>c</nav><main>One two</main>")).toBe(one);
    expect(await hash("<main>One three</main>")).not.toBe(one);
  });
});
