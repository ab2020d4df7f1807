import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium, openPage } from "./chromium.js";
import { Product } from "./product.js";

let product: Product;
let browser: Browser;
let page: Page;
let card: Locator;

beforeAll(async () => {
  [product, browser] = await Promise.all([Product.start(), launchChromium()]);
  ({ page } = await openPage(browser));
  await page.goto(product.signInLink);
  await page.getByRole("button", { name: "Knowledge" }).click();
  card = page.getByRole("listitem", { name: "demo" });
  await card.waitFor();
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

const violations = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);

it("shows each source with its state, its size and what its last sync did", async () => {
  await card.getByText("Up to date").waitFor();
  expect(await card.innerText()).toMatch(/\d{2,} documents in \d{2,} passages/u);
  await card.getByText(/^Last sync .* \d{2,} unchanged$/u).waitFor();
});

it.each(["light", "dark"] as const)("has no accessibility problem in %s, nor on a phone", async (scheme) => {
  await page.emulateMedia({ colorScheme: scheme });
  expect(await violations()).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations()).toEqual([]);
  const overflow = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  expect(overflow).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 800 });
});

it("lists documents with their versions, and closes with Escape", async () => {
  await card.getByRole("button", { name: "Documents" }).click();
  const panel = page.getByRole("dialog", { name: "Documents of demo" });
  await panel
    .getByRole("button", { name: /^Show versions/u })
    .first()
    .click();
  await panel.getByText("(current)").waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
});

it("pauses and resumes by keyboard, and says so", async () => {
  await card.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("Enter");
  await card.getByText("Paused", { exact: true }).waitFor();
  expect(await card.getByRole("button", { name: "Sync" }).isDisabled()).toBe(true);
  await card.getByRole("button", { name: "Resume" }).click();
  await card.getByText("Up to date").waitFor();
});

it("syncs, and shows the new run", async () => {
  const began = () => card.locator("summary time").getAttribute("datetime");
  const before = await began();
  await card.getByRole("button", { name: "Sync" }).click();
  await expect.poll(began, { timeout: 30_000 }).not.toBe(before);
  await card.getByText(/nothing changed/u).waitFor();
});

it("removes only after a second word, in numbers, and restores", async () => {
  await card.getByRole("button", { name: "Remove…" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText(/takes \d+ documents \(\d+ passages\) out of every answer/u).waitFor();
  expect(await violations()).toEqual([]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await card.isVisible()).toBe(true);

  await card.getByRole("button", { name: "Remove…" }).click();
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await card.waitFor({ state: "detached" });
  await page.getByText("There is nothing to answer from yet").waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "Restore demo" }).click();
  await card.waitFor();
});
