import fc from "fast-check";
import { countTokens as countByLibrary } from "gpt-tokenizer/encoding/cl100k_base";
import { describe, expect, it } from "vitest";
import { countTokens, fitsTokens } from "../../../kb/chunking/token-count.js";

const reference = (text: string): number => countByLibrary(text, { disallowedSpecial: new Set() });

describe("the token count", () => {
  it("is that of the embedding models", () => {
    expect(countTokens("tiktoken is great!")).toBe(6);
    expect(countTokens("")).toBe(0);
    expect(countTokens("请先重启路由器。")).toBe(reference("请先重启路由器。"));
  });

  it("counts what looks like a control token as text", () => {
    expect(countTokens("<|endoftext|>")).toBeGreaterThan(1);
  });

  it("is the library's for any text, remembered or not", () => {
    const pieces = fc.constantFrom(" ", "  ", "\n", "\n\n", "\n  ", "\t", ". ", ".\n\n", "The", " the", "it's", " 12345", "- ", "| ", "`x`", "ß", "é ", " 路由", "👩‍💻", "\u00a0", "\r\n", "\u2028"); // prettier-ignore
    const text = fc
      .array(fc.oneof(pieces, fc.string({ maxLength: 8, unit: "binary" }), fc.string({ maxLength: 8 })))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (sample) => {
        expect(countTokens(sample)).toBe(reference(sample));
        expect(countTokens(sample)).toBe(reference(sample));
      }),
      { numRuns: 1_000 },
    );
  }, 30_000);

  it("says whether a text fits without counting more than it must", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.nat(40), (text, max) => {
        expect(fitsTokens(text, max)).toBe(reference(text) <= max);
      }),
    );
    expect(countTokens("word ".repeat(1_000), 10)).toBe(11);
  });
});
