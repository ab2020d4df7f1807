import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { launchChromium, openPage } from "./chromium.js";
import { ConsolePage, UNCOVERED_QUESTION } from "./console-page.js";
import { Product, type Terminal } from "./product.js";

const WITHIN = { timeout: 30_000, interval: 100 };

let product: Product;
let browser: Browser;
let desk: ConsolePage;
let terminal: Terminal;

beforeAll(async () => {
  [product, browser] = await Promise.all([Product.start(), launchChromium()]);
  const { page } = await openPage(browser);
  desk = new ConsolePage(page);
  await page.goto(product.signInLink);
  await desk.customer.waitFor();
  terminal = product.chat("Cora");
});

afterAll(async () => {
  await terminal.close();
  await browser.close();
  await product.stop();
});

it("an agent's reply from the console arrives in a running terminal chat, and an internal note does not", async () => {
  terminal.type(UNCOVERED_QUESTION);
  await desk.openFromQueue(UNCOVERED_QUESTION);
  await desk.claim();
  await desk.note("The customer is on the old plan.");
  await desk.reply("Most are closed on Mondays.");

  await vi.waitFor(() => expect(terminal.printed).toContain("Most are closed on Mondays."), WITHIN);
  expect(terminal.printed).toContain("Ana");
  expect(terminal.printed).not.toContain("old plan");

  terminal.type("Thank you, and on Tuesdays?");
  await desk.thread().locator(".entry.is-customer", { hasText: "and on Tuesdays?" }).waitFor();
});
