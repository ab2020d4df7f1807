import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInScope, normalPageUrl, type WebScope } from "../../../kb/sources/web-url.js";

const anyUrl = fc.webUrl({ withFragments: true, withQueryParameters: true, validSchemes: ["http", "https"] });

describe("the normal spelling of a page's address", () => {
  it.each([
    ["HTTPS://Docs.Example.:443/a/../b/#part", "https://docs.example/b/"],
    ["http://docs.example:80", "http://docs.example/"],
    ["http://docs.example:8080/", "http://docs.example:8080/"],
    ["https://x.example/a?utm_source=n&b=2&UTM_Medium=m&gclid=1", "https://x.example/a?b=2"],
    ["https://x.example/a?utm_source=n", "https://x.example/a"],
    ["https://x.example/a?", "https://x.example/a"],
    ["https://x.example/a?b=2&a=1&b=2", "https://x.example/a?b=2&a=1&b=2"],
    ["https://x.example/%7euser/%c3%a4", "https://x.example/~user/%C3%A4"],
    ["https://x.example/index.html", "https://x.example/index.html"],
    ["https://x.example/A/", "https://x.example/A/"],
    ["https://x.example/a%2Fb", "https://x.example/a%2Fb"],
  ])("%s is %s", (given, normal) => {
    expect(normalPageUrl(given)).toBe(normal);
  });

  it.each([
    "ftp://x.example/",
    "javascript:alert(1)",
    "mailto:a@x.example",
    "https://u:p@x.example/",
    "no address",
    `https://x.example/${"a".repeat(2_000)}`,
  ])("%s is none", (given) => {
    expect(normalPageUrl(given)).toBeNull();
  });

  it("is a fixed point: what is normal stays as it is", () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const normal = normalPageUrl(url);
        expect(normal === null ? null : normalPageUrl(normal)).toBe(normal);
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on fragment, default port, tracking, or the case of scheme, host and escapes", () => {
    const path = fc.stringMatching(/^(?:[a-z0-9-]|%[0-9a-f][0-9a-f]){0,20}$/u);
    fc.assert(
      fc.property(path, fc.constantFrom("b=1", "c", ""), (name, query) => {
        const escaped = name.replace(/%[0-9a-f]{2}/gu, (escape) => escape.toUpperCase());
        const plain = `https://docs.example/${name}?${query}`;
        const other = `HTTPS://DOCS.example.:443/${escaped}?utm_campaign=x&${query}#top`;
        expect(normalPageUrl(other)).toBe(normalPageUrl(plain));
      }),
    );
  });

  it("never leads to another host than the address did", () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const normal = normalPageUrl(url);
        if (normal !== null) expect(new URL(normal).host).toBe(new URL(url).host.replace(/\.(?=:|$)/u, ""));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the scope of a website", () => {
  const scope: WebScope = {
    hosts: new Set(["docs.example", "api.example:8080"]),
    include: ["/help", "/guides/"],
    exclude: ["/help/old"],
    start: "https://docs.example/start",
  };

  it.each([
    ["https://docs.example/start", true],
    ["https://docs.example/help", true],
    ["https://docs.example/help/a", true],
    ["https://docs.example/helpdesk", false],
    ["https://docs.example/help/old", false],
    ["https://docs.example/help/old/a", false],
    ["https://docs.example/help/older", true],
    ["https://docs.example/guides", false],
    ["https://docs.example/guides/a", true],
    ["http://api.example:8080/help/a", true],
    ["http://api.example/help/a", false],
    ["https://docs.example.evil.example/help/a", false],
  ])("%s: %s", (url, expected) => {
    expect(isInScope(scope, url)).toBe(expected);
  });
});
