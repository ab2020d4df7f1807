import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderReply } from "../../../adapters/terminal/render-reply.js";
import { displayWidth } from "../../../adapters/terminal/text-width.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import type { Citation, Reply } from "../../../src/ports/reply.js";

const SOURCE: Citation = {
  number: 1,
  passageId: "passage",
  documentId: "document",
  versionId: "version",
  title: "Shipping",
  headingPath: ["Costs and times"],
  url: "https://shop.example/shipping",
  updatedAt: null,
};

function replyOf(markdown: string, citations: readonly Citation[] = []): Reply {
  return { blocks: parseReply(markdown, new Set([1])), citations, actions: [] };
}

function render(markdown: string, width = 40, color = false): string {
  return renderReply(replyOf(markdown), { width, color });
}

describe("a reply in the terminal", () => {
  it("is wrapped between words", () => {
    expect(render("Standard delivery takes two to four business days.", 24)).toBe(
      "Standard delivery takes\ntwo to four business\ndays.",
    );
  });

  it("keeps an address that is longer than the line whole", () => {
    expect(render("See https://shop.example/a/very/long/address now", 20)).toBe(
      "See\nhttps://shop.example/a/very/long/address\nnow",
    );
  });

  it("numbers steps and hangs their text, nested lists included", () => {
    expect(
      render("9. Open the **app**.\n10. Choose:\n    - a password\n    - vouchers for every guest you have", 24),
    ).toBe(" 9. Open the app.\n10. Choose:\n    • a password\n    • vouchers for every\n      guest you have");
  });

  it("aligns the columns of a table, also with wide characters", () => {
    expect(render("| Item | Limit |\n| --- | --- |\n| 客人 | 60 |\n| Devices | 128 |")).toBe(
      "Item     Limit\n───────  ─────\n客人     60\nDevices  128",
    );
  });

  it("writes a table that is too wide row by row", () => {
    expect(render("| Service | Delivery time |\n| --- | --- |\n| Express delivery | Next business day |", 24)).toBe(
      "Service: Express\ndelivery\nDelivery time: Next\nbusiness day",
    );
  });

  it("lists its sources under it", () => {
    const text = renderReply(replyOf("Two days. [1]", [SOURCE]), { width: 60, color: false });

    expect(text).toBe("Two days. [1]\n\n[1] Shipping › Costs and times\n    https://shop.example/shipping");
  });

  it("names the page of a source that has one", () => {
    const cited = replyOf("Two days. [1]", [{ ...SOURCE, url: null, page: 12 }]);
    expect(renderReply(cited, { width: 60, color: false })).toBe(
      "Two days. [1]\n\n[1] Shipping › Costs and times › page 12",
    );
  });

  it("uses bold and italics only when asked", () => {
    expect(render("**Bold** and *thin*")).toBe("Bold and thin");
    expect(render("**Bold** and *thin*", 40, true)).toBe("\u001b[1mBold\u001b[22m and \u001b[3mthin\u001b[23m");
  });

  it("indents code and quotes", () => {
    expect(render("```\nping 192.168.77.1\n```\n\n> Careful.")).toBe("    ping 192.168.77.1\n\n│ Careful.");
  });
});

describe("terminal sequences in a text", () => {
  it.each([
    ["colours", "\u001b[31mred\u001b[0m"],
    ["a window title", "\u001b]0;owned\u0007red"],
    ["a hidden link", "\u001b]8;;https://attacker.example\u0007red\u001b]8;;\u0007"],
    ["a clipboard write", "\u001b]52;c;cm0gLXJm\u001b\\red"],
    ["an eight-bit sequence", "\u009b31mred"],
  ])("%s never reach the terminal", (_name, text) => {
    const reply: Reply = {
      blocks: [
        { kind: "paragraph", children: [{ kind: "text", text }] },
        { kind: "code", language: null, text },
      ],
      citations: [{ ...SOURCE, title: text, headingPath: [text] }],
      actions: [],
    };

    expect(renderReply(reply, { width: 40, color: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
  });

  it("are gone whatever was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(render(text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
      }),
    );
  });
});

it("counts the columns of wide characters and marks", () => {
  expect(displayWidth("\u001b[1mab\u001b[22m客e\u0301")).toBe(5);
});
