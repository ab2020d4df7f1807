import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskCards } from "../../../src/text/mask-cards.js";

describe("a text with the number of a card", () => {
  it.each([
    ["my card is 4111 1111 1111 1111 exp 12/29 cvv 123", "my card is •••• 1111 exp 12/29 cvv •••"],
    ["5555-5555-5555-4444, please", "•••• 4444, please"],
    ["378282246310005", "•••• 0005"],
    ["card 6011111111111117.", "card •••• 1117."],
    ["2223003122003222", "•••• 3222"],
    ["order 12: 4111 1111 1111 1111", "order 12: •••• 1111"],
    ["4111\u00a01111\u00a01111\u00a01111", "•••• 1111"],
    ["4111  1111  1111  1111", "•••• 1111"],
    ["4111–1111–1111–1111", "•••• 1111"],
    ["4111.1111.1111.1111", "•••• 1111"],
    ["4111\n1111\n1111\n1111", "•••• 1111"],
    ["3782 822463 10005", "•••• 0005"],
    ["(4111111111111111) cvv123", "(•••• 1111) cvv•••"],
    ["4111111111111111 and 5555555555554444", "•••• 1111 and •••• 4444"],
    ["4111111111111111\n5555 5555 5555 4444 378282246310005", "•••• 1111\n•••• 4444 •••• 0005"],
    ["1. 4111 1111 1111 1111\n2) 5555555555554444", "1. •••• 1111\n2) •••• 4444"],
    ["order 12345\n4111 1111 1111 1111", "order 12345\n•••• 1111"],
    ["12/29 4111 1111 1111 1111 123", "12/29 •••• 1111 123"],
    ["Is it 4111 1111 1111 1111?", "Is it •••• 1111?"],
    ["4111111111111111/1229", "•••• 1111/1229"],
    ["_4111111111111111_", "_•••• 1111_"],
    ["Karte4111 1111 1111 1111bis 12/29", "Karte•••• 1111bis 12/29"],
    ["4111 - 1111 - 1111 - 1111", "•••• 1111"],
  ])("keeps its last four digits: %j", (text, masked) => {
    expect(maskCards(text)).toBe(masked);
  });

  it("is masked once", () => {
    const masked = maskCards("4111 1111 1111 1111");
    expect(maskCards(masked)).toBe(masked);
  });
});

it.each([
  ["a wrong check digit", "4111 1111 1111 1112"],
  ["what no network gives out", "1234567812345670"],
  ["a longer number", "41111111111111111111"],
  ["an IBAN", "DE89 3704 0044 0532 0130 00"],
  ["phone numbers and times", "+49 30 1234567, 2026-11-28 10:00:00, cvv 123"],
  ["the address of a page", "https://support.example.com/hc/en-us/articles/4405298847002"],
  ["an address with a card's number", "https://shop.example.com/order/4111111111111111?x=4111111111111111"],
  ["numbers of orders side by side", "orders 30010449 30010450"],
  ["part of a word", "SKU4111111111111111X"],
  ["part of a name", "order_4111111111111111, SKU4111-1111-1111-1111"],
  ["what goes on to the left", "1234 4111 1111 1111 1111, XY12 4111 1111 1111 1111"],
  ["a fraction and a number with a year", "0.4111111111111111, 2024-4111111111111111"],
  ["a version and an address", "10.4.1 http://example.com/4111"],
])("leaves alone %s", (_, text) => {
  expect(maskCards(text)).toBe(text);
});

it("takes no longer for any text than its length allows", () => {
  const text = "4 ".repeat(20_000) + "4".repeat(20_000) + "4111-".repeat(10_000);
  const started = performance.now();
  expect(maskCards(text)).toHaveLength(text.length);
  expect(performance.now() - started).toBeLessThan(1_000);
  fc.assert(fc.property(fc.stringMatching(/^[a-z ,.]*$/u), (text) => maskCards(text) === text));
});
