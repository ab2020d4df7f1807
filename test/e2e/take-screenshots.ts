import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, openPage } from "./chromium.js";
import { ConsolePage } from "./console-page.js";
import { Product } from "./product.js";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const SETTLED_MS = 700;

const QUESTION = "Can I connect a hard disk to the USB port of the Hub?";
const HOW_TO = "How do I turn on the guest network?";
const FOR_A_PERSON = "Do schools or charities get a lower price?";

let product: Product;
let browser: Browser;

beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  [product, browser] = await Promise.all([Product.start(), launchChromium()]);
});

afterAll(async () => {
  await browser.close();
  await product.stop();
});

async function save(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}

/** The same browser profile in other colours and sizes. */
async function openLike(page: Page, options: BrowserContextOptions): Promise<ConsolePage> {
  const storageState = await page.context().storageState();
  const { page: other } = await openPage(browser, { ...options, storageState });
  await other.goto(new URL("/", product.signInLink).href);
  const desk = new ConsolePage(other);
  await desk.page.getByRole("main").waitFor();
  return desk;
}

describe("the pictures of the documentation", () => {
  it("are taken from the running product", async () => {
    const { page, complaints } = await openPage(browser, { deviceScaleFactor: 1.5, colorScheme: "light" });
    const desk = new ConsolePage(page);
    await page.goto(product.signInLink);
    await desk.customer.getByText("What can we help you with?").waitFor();
    await save(page, "start");

    await desk.askAndRead(QUESTION);
    await desk.ask(HOW_TO);
    await desk.customer.locator(".message.is-own", { hasText: HOW_TO }).waitFor();
    await expect.poll(() => desk.customer.getByRole("list", { name: "Sources" }).count()).toBe(2);
    await save(page, "answer");

    await desk
      .answer()
      .getByRole("button", { name: /^Source 1:/u })
      .first()
      .click();
    await page.locator(".document-part.is-cited").waitFor();
    await save(page, "citation");
    await page.keyboard.press("Escape");

    await desk.customer.getByRole("button", { name: "New conversation" }).click();
    await desk.handOver(FOR_A_PERSON);
    await save(page, "waiting");
    await desk.openFromQueue(FOR_A_PERSON);
    await desk.claim();
    await desk.note("Sales knows: 15 % for schools, not public yet.");
    await desk.reply("Yes, schools do. Which school is it for? Then I'll send you an offer.");
    await desk.customer.locator(".message.is-agent").waitFor();
    await save(page, "handoff");

    const dark = await openLike(page, { deviceScaleFactor: 1.5, colorScheme: "dark" });
    await dark.openFromQueue(FOR_A_PERSON);
    await save(dark.page, "handoff-dark");
    const phone = await openLike(page, { deviceScaleFactor: 1.5, viewport: { width: 390, height: 844 } });
    await phone.customer.locator(".message.is-agent").waitFor();
    await save(phone.page, "phone");

    expect(complaints).toEqual([]);
  });
});
