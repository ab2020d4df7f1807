import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  ConversationView,
  HandoffDetailView,
  HandoffView,
  MessageView,
  QueueView,
} from "../../adapters/web/api.js";
import { plainReply, type Reply } from "../../src/ports/reply.js";
import { launchChromium, openPage } from "./chromium.js";
import { ConsolePage, COVERED_QUESTION, UNCOVERED_QUESTION } from "./console-page.js";
import { Product } from "./product.js";

let product: Product;
let browser: Browser;
let cookies: Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>;

const RATED = "handoff:\n  askRating: true\n";

beforeAll(async () => {
  [product, browser] = await Promise.all([Product.start({ "deskhand.yaml": RATED }), launchChromium()]);
  const { page } = await openPage(browser);
  await page.goto(product.signInLink);
  await new ConsolePage(page).customer.waitFor();
  cookies = await page.context().cookies();
});

afterAll(async () => {
  await browser.close();
  await product.stop();
});

/** A browser of its own with the same session, in that conversation. */
async function openDesk(conversation: number, options: BrowserContextOptions = {}): Promise<ConsolePage> {
  const { page } = await openPage(browser, options);
  await page.context().addCookies(cookies);
  await page.addInitScript(`localStorage.setItem("deskhand.conversation", "${conversation}")`);
  await page.goto(new URL("/", product.signInLink).href);
  const desk = new ConsolePage(page);
  await desk.page.getByRole("main").waitFor();
  return desk;
}

const PHONE = { viewport: { width: 390, height: 844 } };
const DESK = { viewport: { width: 1280, height: 860 } };
const LONG = "Which is a long question, and is asked again and again. ".repeat(4);

function message(index: number, role: MessageView["author"]["role"], reply: Reply = plainReply(LONG)): MessageView {
  return {
    messageId: `0b2f8a0e-0000-4000-8000-${String(index).padStart(12, "0")}`,
    author: { role, name: role === "agent" ? "Ana" : "Visitor" },
    state: "complete",
    reply,
    partial: [],
    createdAt: new Date().toISOString(),
    editedAt: null,
  };
}

const HANDOFF: HandoffView = {
  handoffId: "0b2f8a0e-0000-4000-8000-00000000abcd",
  answerId: null,
  state: "claimed",
  reason: "nothing-found",
  question: UNCOVERED_QUESTION,
  customerName: "Visitor",
  claimedBy: "Ana",
  claimedById: "agent:Ana",
  snoozedUntil: null,
  isSettled: false,
  team: null,
  due: null,
  assignedTo: null,
  confidence: null,
  isReady: true,
  answeredIn: "console",
  createdAt: new Date().toISOString(),
  updatedAt: new Date().toISOString(),
};

/** Shows these instead of what the server has. */
async function show(desk: ConsolePage, messages: readonly MessageView[], notices: readonly MessageView[] = []) {
  const conversation: ConversationView = { messages, handoff: null, ratings: [] };
  const queue: QueueView = { handoffs: [HANDOFF], isCut: false, notices };
  const detail: HandoffDetailView = {
    handoff: HANDOFF,
    card: null,
    conversation: [],
    thread: messages.map((each) => ({ ...each, command: null })),
  };
  await desk.page.route("**/api/conversations/*/messages", (route) => route.fulfill({ json: conversation }));
  await desk.page.route("**/api/handoffs", (route) => route.fulfill({ json: queue }));
  await desk.page.route("**/api/handoffs/*/messages", (route) => route.fulfill({ json: detail }));
  await desk.page.reload();
}

async function lowContrast(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]).analyze();
  return violations.flatMap(({ nodes }) => nodes.map(({ html }) => html));
}

describe("whether it is solved", () => {
  it("can be answered each time it is asked, and only the newest question can", async () => {
    const desk = await openDesk(1);
    const yes = desk.customer.getByRole("button", { name: "Yes, it's solved" });
    await desk.handOver(UNCOVERED_QUESTION);
    await desk.openFromQueue(UNCOVERED_QUESTION);
    await desk.claim();
    await desk.resolve();
    await desk.agents.getByText("Waiting for confirmation").waitFor();
    await desk.customer.getByRole("button", { name: "No, not yet" }).click();
    await desk.customer.getByText("I've told the team that this isn't solved yet.").first().waitFor();
    expect(await yes.count()).toBe(0);

    await desk.claim();
    await desk.resolve();
    await yes.waitFor();
    await desk.page.reload();
    await yes.waitFor();

    expect(await yes.count()).toBe(1);
    await yes.click();
    await desk.customer.getByText("Solved. You can go on asking at any time.").waitFor();
    expect(await yes.count()).toBe(0);
  });

  it("is known in another browser, and so is the rating", async () => {
    const first = await openDesk(1);
    await first.customer.getByRole("button", { name: "4 of 5" }).click();
    await first.customer.getByRole("textbox", { name: "Say why" }).fill("Quick and friendly.");
    await first.customer.locator(".words-form").getByRole("button", { name: "Send" }).click();
    await first.customer.getByText("Sent. Thank you.").waitFor();

    const second = await openDesk(1);
    await second.customer.getByRole("button", { name: "4 of 5", pressed: true }).waitFor();
    await second.customer.getByText("Sent. Thank you.").waitFor();
    expect(await second.customer.getByRole("button", { name: "Yes, it's solved" }).count()).toBe(0);
    expect(await second.customer.getByRole("textbox", { name: "Say why" }).count()).toBe(0);
  });
});

describe("a long conversation", () => {
  it.each([DESK, PHONE])("scrolls in its own place, not the page, at %j", async (options) => {
    const desk = await openDesk(2, options);
    const messages = Array.from({ length: 40 }, (_, index) => message(index, index % 2 === 0 ? "customer" : "bot"));
    await show(desk, messages);
    await desk.customer.locator(".message").last().waitFor();
    await desk.customer.locator(".message").first().scrollIntoViewIfNeeded();

    const [page, window] = await desk.page.evaluate<[number, number]>(
      "[document.documentElement.scrollHeight, window.innerHeight]",
    );
    expect(page).toBe(window);
  });
});

describe("the name of a file", () => {
  it.each(["light", "dark"] as const)("can be read in every bubble, %s", async (colorScheme) => {
    const file: Reply = {
      ...plainReply(""),
      blocks: [{ kind: "file", name: "invoice.pdf", url: "/files/1", sizeBytes: 1_024 }],
    };
    const desk = await openDesk(3, { ...DESK, colorScheme });
    await show(desk, [message(1, "customer", file), message(2, "agent", file)]);
    await desk.agents.getByRole("button", { name: UNCOVERED_QUESTION }).click();
    await desk.agents.getByRole("link", { name: "invoice.pdf" }).last().waitFor();

    expect(await desk.page.getByRole("link", { name: "invoice.pdf" }).count()).toBe(4);
    expect(await lowContrast(desk.page)).toEqual([]);
  });
});

describe("what was wrong with an answer", () => {
  it.each(["light", "dark"] as const)(
    "stays marked beside what is written, and can be read, %s",
    async (colorScheme) => {
      const desk = await openDesk(colorScheme === "light" ? 4 : 5, { ...DESK, colorScheme });
      await desk.askAndRead(COVERED_QUESTION);
      await desk.answer().getByRole("button", { name: "No, this did not help" }).click();
      await desk.customer.getByRole("button", { name: "It is out of date" }).click();
      await desk.customer.getByText("Thank you. The team will look at it.").waitFor();
      await desk.customer.getByRole("textbox", { name: "In your own words" }).fill("That was last year.");
      await desk.customer.locator(".fault").getByRole("button", { name: "Send" }).click();
      await desk.page.reload();

      await desk.customer.getByRole("button", { name: "It is out of date", pressed: true }).waitFor();
      expect(await desk.customer.locator(".fault [aria-pressed=true]").count()).toBe(1);
      await desk.customer.locator(".fault [aria-pressed=true]").hover();
      expect(await lowContrast(desk.page)).toEqual([]);
    },
  );
});

describe("notices", () => {
  it("stand below the open questions, each in one line until it is opened", async () => {
    const desk = await openDesk(6, DESK);
    const notice = plainReply(`Customer asks\n\nHas gone to billing\n\n${LONG}`);
    await show(desk, [], [message(1, "bot", notice)]);
    const region = desk.agents.getByRole("region", { name: "Notices" });
    const line = region.getByRole("button");
    const open = desk.agents.getByRole("region", { name: "Open" });
    await line.waitFor();

    expect((await line.boundingBox())?.y).toBeGreaterThan((await open.boundingBox())?.y ?? Infinity);
    expect(await line.getAttribute("aria-expanded")).toBe("false");
    expect((await line.boundingBox())?.height).toBeLessThan(45);
    expect((await line.boundingBox())?.width).toBeLessThanOrEqual((await region.boundingBox())?.width ?? 0);
    await line.click();
    await desk.agents.locator(".notice-body", { hasText: "Has gone to billing" }).waitFor();
  });
});
