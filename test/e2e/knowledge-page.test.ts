import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeskView, RunView } from "../../adapters/web/api.js";
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
  await page.getByRole("link", { name: "Knowledge" }).click();
  card = page.getByRole("listitem", { name: "demo" });
  await card.waitFor();
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

/** Longer than a colour takes to change into another. */
const SETTLED_MS = 400;

async function violations(of = page): Promise<readonly string[]> {
  await of.waitForTimeout(SETTLED_MS);
  return (await new AxeBuilder({ page: of }).analyze()).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}

/** What of the header's text is there and not shown whole. */
const cutInHeader = () =>
  page.evaluate<string[]>(`[...document.querySelectorAll(".page-header *")]
    .filter((node) => node.clientWidth > 0 && node.scrollWidth > node.clientWidth)
    .map((node) => node.textContent)`);

it("shows each source with its state, its size and what its last sync did", async () => {
  await card.getByText("Up to date").waitFor();
  expect(await card.innerText()).toMatch(/\d{2,} documents in \d{2,} passages/u);
  await card.getByText(/^Last sync .*: \d{2,} added, 0 unchanged$/u).waitFor();
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
  expect(await cutInHeader()).toEqual([]);
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

it("has an address, also with a source and a document open, that reload and the back button keep", async () => {
  const panel = page.getByRole("dialog", { name: "Documents of demo" });
  await page.getByRole("link", { name: "Desk" }).click();
  await page.getByRole("link", { name: "Knowledge" }).click();
  await card.getByRole("button", { name: "Documents" }).click();
  await panel
    .getByRole("button", { name: /^Show versions/u })
    .last()
    .click();
  await panel.getByText("(current)").waitFor();
  const opened = new URL(page.url());
  expect([opened.pathname, opened.searchParams.get("source")]).toEqual(["/knowledge", "demo"]);
  expect(opened.searchParams.get("document")).toMatch(/\.\w+/u);

  await page.reload();
  await panel.getByText("(current)").waitFor();
  expect(page.url()).toBe(opened.href);
  await page.goBack();
  await panel.getByText("(current)").waitFor({ state: "detached" });
  expect(await panel.isVisible()).toBe(true);
  await page.goBack();
  await panel.waitFor({ state: "detached" });
  await card.waitFor();
  await page.goBack();
  await page.getByLabel("Your question").waitFor();
  await page.goForward();
  await card.waitFor();
  expect(new URL(page.url()).pathname).toBe("/knowledge");
});

it("says so when its address names what is not there", async () => {
  await page.goto(new URL("/knowledge?source=demo&document=none.md", product.signInLink).href);
  await page.getByText("none.md is not among these documents.").waitFor();
  await page.goto(new URL("/knowledge?source=none", product.signInLink).href);
  await page.getByRole("dialog").getByText(/none/u).last().waitFor();
  await page.keyboard.press("Escape");
  await card.waitFor();
  expect(page.url()).toBe(new URL("/knowledge", product.signInLink).href);
});

it("follows the system's colours as they change, until somebody chooses the other ones", async () => {
  const scheme = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  await page.emulateMedia({ colorScheme: "light" });
  const light = await scheme();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(scheme).not.toBe(light);
  await page.getByRole("button", { name: "Switch to light colours" }).click();
  await expect.poll(scheme).toBe(light);
  await page.emulateMedia({ colorScheme: "light" });
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await scheme()).toBe(light);

  await page.getByRole("button", { name: "Switch to dark colours" }).click();
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: "Switch to dark colours" }).waitFor();
  expect(await scheme()).toBe(light);
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
  const removed = page.getByRole("region", { name: "Removed sources" });
  const dayOf = async (index: number) =>
    Date.parse((await removed.locator("time").nth(index).getAttribute("datetime")) ?? "");
  expect((await dayOf(1)) - (await dayOf(0))).toBe(30 * 86_400_000);
  await removed.getByText("deleted for good on").waitFor();
  await page.getByRole("button", { name: "Restore demo" }).click();
  await card.waitFor();
});

describe("a sync that goes on", () => {
  const running: RunView = {
    ...{ state: "running", startedAt: "2026-11-27T10:00:00.000Z", finishedAt: null, progress: null, unchanged: 0 },
    ...{
      added: none(),
      changed: none(),
      removed: none(),
      held: none(),
      mayConfirm: false,
      failed: none(),
      skipped: none(),
    },
  };
  let progress: RunView["progress"];
  beforeEach(async () => {
    progress = { done: 1_204, total: 4_140 };
    await page.route("**/api/knowledge/sources", async (route) => {
      const view = (await (await route.fetch()).json()) as DeskView;
      const sources = view.sources.map((source) => ({ ...source, lastRun: { ...running, progress } }));
      await route.fulfill({ json: { ...view, sources } });
    });
  });
  afterEach(async () => {
    await page.unroute("**/api/knowledge/sources");
    await page.reload();
  });

  it("shows how far it is of how much, by a bar and in words", async () => {
    await page.reload();
    const bar = card.getByRole("progressbar", { name: "Syncing demo" });
    await bar.getByText("1,204 of 4,140").waitFor();
    expect(await bar.getAttribute("aria-valuenow")).toBe("1204");
    expect(await bar.getAttribute("aria-valuemax")).toBe("4140");
    const widthOf = async (part: string) => (await bar.locator(part).boundingBox())?.width ?? 0;
    await expect
      .poll(async () => (await widthOf(".sync-progress-fill")) / (await widthOf(".sync-progress-track")))
      .toBeCloseTo(1_204 / 4_140, 2);
    expect(await violations()).toEqual([]);
  });

  it("says what was found while the place is being listed", async () => {
    progress = { done: 312, total: null };
    await page.reload();
    const bar = card.getByRole("progressbar", { name: "Syncing demo" });
    await bar.getByText("312 found so far").waitFor();
    expect(await bar.getAttribute("aria-valuenow")).toBeNull();
    expect(await violations()).toEqual([]);
  });
});

function none(): RunView["added"] {
  return { total: 0, names: [] };
}

describe("folders of one's own", () => {
  let root: string;
  let own: Product;
  let desk: Page;
  const MANY = 8_000;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "deskhand-folders-"));
    for (const name of ["empty", "broken", "many"]) await mkdir(join(root, name));
    await writeFile(join(root, "broken", "good.md"), "# Good\n\nThis can be read.");
    await writeFile(join(root, "broken", "bad.pdf"), "This is no PDF.");
    const sources = ["empty", "broken"].map((name) => `    - name: ${name}\n      path: ${join(root, name)}\n`);
    const late = `    - name: many\n      path: ${join(root, "many")}\n`;
    own = await Product.start({ "deskhand.yaml": `knowledge:\n  sources:\n${sources.join("")}${late}` });
    ({ page: desk } = await openPage(browser));
    await desk.goto(own.signInLink);
    await desk.goto(new URL("/knowledge", own.signInLink).href);
  });
  afterAll(async () => {
    await own.stop();
    await rm(root, { recursive: true, force: true });
  });
  const source = (name: string) => desk.getByRole("listitem", { name, exact: true });

  it("says of an empty one what to do, also where its documents would be listed", async () => {
    await source("empty").getByText("Empty", { exact: true }).waitFor();
    await source("empty")
      .getByText(/There are no documents in .*empty yet\. Put .* press Sync\./u)
      .waitFor();
    await source("empty").getByRole("button", { name: "Documents" }).click();
    await desk
      .getByRole("dialog")
      .getByText(/Put .* files there, then press Sync/u)
      .waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.keyboard.press("Escape");
  });

  it("counts what could not be read instead of calling it up to date", async () => {
    await source("broken").getByText("1 file not read").waitFor();
    expect(await source("broken").getByText("Up to date").count()).toBe(0);
  });

  it("says of one that lists nothing any more what helps, and asks for no confirmation that would not", async () => {
    for (const name of ["good.md", "bad.pdf"]) await rm(join(root, "broken", name));
    await source("broken").getByRole("button", { name: "Sync", exact: true }).click();
    await source("broken")
      .getByText(/^The source lists nothing, and 1 document is still answered from\. Check its path/u)
      .waitFor();
    expect(await source("broken").getByRole("button", { name: "Confirm removals…" }).count()).toBe(0);
  });

  it("tells how far the sync of a large one is, while it runs", { timeout: 120_000 }, async () => {
    for (let index = 0; index < MANY; index += 1) {
      await writeFile(join(root, "many", `${index}.md`), `# Page ${index}\n\nWhat page ${index} says.\n`);
    }
    await source("many").getByRole("button", { name: "Sync" }).click();
    const bar = source("many").getByRole("progressbar");
    await bar.getByText(/^[\d,]+ of 8,000$/u).waitFor();
    await source("many").getByText("Up to date").waitFor({ timeout: 90_000 });
    expect(await bar.count()).toBe(0);
  });
});
