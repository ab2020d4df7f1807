import { describe, expect, it } from "vitest";
import { readPage } from "../../../kb/sources/web-page.js";

const URL_OF_PAGE = "https://docs.example/";

describe("what is read off a page before it is parsed", () => {
  it("of a page that is too deep only what comes before is read", () => {
    const html = `<a href="/before">x</a>${"<div>".repeat(3_000)}<a href="/after">x</a>`;
    expect(readPage(html, URL_OF_PAGE, "").links).toEqual(["https://docs.example/before"]);
  });

  it.each([
    ["elements that are never closed, and ends without a beginning", "<div>".repeat(200_000) + "</x>".repeat(200_000)],
    ["a tag with attributes without number", `<a ${Array.from({ length: 100_000 }, (_, n) => `a${n}`).join(" ")}>`],
    ["comments that do not end", "<!--".repeat(500_000)],
    ["a refresh of blanks", `<meta http-equiv=refresh content="${"0".repeat(5_000)}${" ".repeat(500_000)}">`],
  ])("%s take no time to speak of", (_what, html) => {
    const started = performance.now();
    readPage(html, URL_OF_PAGE, "");
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it("the hash of the text does not see navigation, scripts and white space, and sees every word", () => {
    const hash = (html: string): string => readPage(html, URL_OF_PAGE, "").textHash;
    const one = hash("<nav>a b</nav><script>x()</script><main>One  <b>two</b>\n</main><footer>2026</footer>");
    expect(hash("<nav>c</nav><main>One two</main>")).toBe(one);
    expect(hash("<main>One three</main>")).not.toBe(one);
  });
});
