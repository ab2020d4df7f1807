import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HandoffDetailView, HandoffView } from "../../adapters/web/api.js";
import { launchChromium, openPage } from "./chromium.js";
import { ConsolePage, COVERED_QUESTION, UNCOVERED_QUESTION } from "./console-page.js";
import { Product } from "./product.js";

let product: Product;
let browser: Browser;
let cookies: Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>;

beforeAll(async () => {
  [product, browser] = await Promise.all([Product.start(), launchChromium()]);
  const { page } = await openPage(browser);
  await page.goto(product.signInLink);
  await new ConsolePage(page).customer.waitFor();
  cookies = await page.context().cookies();
});

afterAll(async () => {
  await browser.close();
  await product.stop();
});

let conversations = 100;

/** A signed-in page in a conversation that no other test uses. */
async function openDesk(options: BrowserContextOptions = {}): Promise<ConsolePage> {
  const { page } = await openPage(browser, options);
  await page.context().addCookies(cookies);
  conversations += 1;
  await page.addInitScript(`localStorage.setItem("deskhand.conversation", "${conversations}")`);
  await page.goto(new URL("/", product.signInLink).href);
  const desk = new ConsolePage(page);
  await desk.page.getByRole("main").waitFor();
  return desk;
}

async function seriousViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

describe("the keyboard alone", () => {
  it("asks, opens a citation and closes it, with the focus back where it was", async () => {
    const { page, ...desk } = await openDesk();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#question:focus").waitFor();
    await page.keyboard.type(COVERED_QUESTION);
    await page.keyboard.press("Enter");
    const mark = desk.customer.getByRole("button", { name: /^Source 1:/u }).first();
    await mark.waitFor();

    await mark.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });

    await mark.and(page.locator(":focus")).waitFor();
  });

  it("makes a new line with Shift and Enter instead of sending", async () => {
    const { page, customer } = await openDesk();
    const field = page.getByLabel("Your question");
    await field.fill("first");
    await field.press("Shift+Enter");
    await page.keyboard.type("second");

    expect(await field.inputValue()).toBe("first\nsecond");
    expect(await customer.locator(".message.is-own").count()).toBe(0);
  });
});

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
  it("no page has a serious accessibility problem", async () => {
    const desk = await openDesk({ colorScheme, reducedMotion: "reduce" });
    const found: string[] = [];
    const check = async () => {
      found.push(...(await seriousViolations(desk.page)));
    };
    await desk.customer.getByText("What can we help you with?").waitFor();
    await check();
    await desk.askAndRead(COVERED_QUESTION);
    await check();
    await desk
      .answer()
      .getByRole("button", { name: /^Source 1:/u })
      .first()
      .click();
    await desk.page.locator(".document-part.is-cited").waitFor();
    await check();
    await desk.page.keyboard.press("Escape");
    await desk.handOver(`${UNCOVERED_QUESTION} (${colorScheme})`);
    await check();
    await desk.openFromQueue(`${UNCOVERED_QUESTION} (${colorScheme})`);
    await desk.claim();
    await desk.note("A note.");
    await desk.reply("A reply.");
    await check();
    await desk.agents.getByRole("radio", { name: "Internal note" }).click();
    await check();

    expect(found).toEqual([]);
  });
});

describe("at 390 px", () => {
  it("shows one side at a time and nothing scrolls sideways", async () => {
    const desk = await openDesk({ viewport: { width: 390, height: 844 } });
    const overflow = () => desk.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    await desk.askAndRead(COVERED_QUESTION);
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await desk.agents.isVisible()).toBe(false);

    await desk
      .answer()
      .getByRole("button", { name: /^Source 1:/u })
      .first()
      .click();
    await desk.page.locator(".document-part.is-cited").waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await desk.page.keyboard.press("Escape");

    await desk.page.getByRole("radio", { name: /^Agents/u }).click();
    await desk.agents.waitFor();
    expect(await desk.customer.isVisible()).toBe(false);
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
});

describe("when the server cannot be reached", () => {
  it("a message that was not sent stays in the field and goes out once when tried again", async () => {
    const desk = await openDesk();
    await desk.page.route("**/messages", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await desk.ask(COVERED_QUESTION);
    await desk.customer.getByText("Not sent.").waitFor();
    expect(await desk.page.getByLabel("Your question").inputValue()).toBe(COVERED_QUESTION);

    await desk.page.unroute("**/messages");
    await desk.customer.getByRole("button", { name: "Try again" }).click();
    await desk.answer().waitFor();

    expect(await desk.customer.locator(".message.is-own").count()).toBe(1);
    expect(await desk.page.getByLabel("Your question").inputValue()).toBe("");
  });

  it("says that the connection is lost, and takes it back when it is there again", async () => {
    const desk = await openDesk();
    const banner = desk.page.getByText("The connection is lost.");
    await desk.page.route("**/api/events", (route) => route.abort());
    await desk.page.reload();
    await banner.waitFor();

    await desk.page.unroute("**/api/events");
    await banner.waitFor({ state: "detached" });
  });
});

describe("an answer that is still being written", () => {
  it("shows what is there with marks that cannot be pressed yet", async () => {
    const desk = await openDesk();
    const partial = [
      {
        kind: "paragraph",
        children: [
          { kind: "text", text: "Half an answer " },
          { kind: "citation", number: 1 },
        ],
      },
    ];
    const message = {
      messageId: "0b2f8a0e-0000-4000-8000-000000000000",
      author: { role: "bot", name: "Deskhand" },
      state: "streaming",
      reply: null,
      partial,
      createdAt: new Date().toISOString(),
      editedAt: null,
    };
    await desk.page.route("**/api/conversations/**", (route) =>
      route.fulfill({ json: { messages: [message], handoff: null } }),
    );
    await desk.page.reload();
    await desk.customer.getByText("Half an answer").waitFor();

    expect(await desk.customer.locator(".message[aria-busy=true] .citation-mark").innerText()).toBe("1");
    expect(await desk.customer.getByRole("button", { name: /^Source/u }).count()).toBe(0);
  });
});

describe("a question whose card is in Slack", () => {
  it("can be read, and says where it is answered instead of offering what cannot work", async () => {
    const desk = await openDesk();
    const handoff: HandoffView = {
      handoffId: "0b2f8a0e-0000-4000-8000-000000000001",
      answerId: null,
      state: "waiting",
      reason: "nothing-found",
      question: UNCOVERED_QUESTION,
      customerName: "Anna",
      claimedBy: null,
      claimedById: null,
      snoozedUntil: null,
      isSettled: false,
      team: null,
      due: null,
      assignedTo: null,
      confidence: null,
      isReady: false,
      answeredIn: "slack",
      createdAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
    };
    const detail: HandoffDetailView = { handoff, card: null, conversation: [], thread: [] };
    await desk.page.route("**/api/handoffs", (route) =>
      route.fulfill({ json: { handoffs: [handoff], isCut: false, notices: [] } }),
    );
    await desk.page.route("**/api/handoffs/*/messages", (route) => route.fulfill({ json: detail }));
    await desk.page.reload();
    await desk.agents.getByRole("button", { name: /For agents in Slack/u }).click();
    await desk.agents.getByText("Agents answer this in Slack.").waitFor();

    expect(await desk.agents.getByRole("heading", { name: UNCOVERED_QUESTION }).isVisible()).toBe(true);
    expect(await desk.agents.getByRole("button", { name: /Claim|Send reply/u }).count()).toBe(0);
    expect(await desk.agents.getByRole("textbox").count()).toBe(0);
  });
});

describe("words that look like markup", () => {
  it("are shown as they were written and run nothing", async () => {
    const desk = await openDesk();
    const attack = `<img src=x onerror="window.attacked=1"><script>window.attacked=1</script>`;
    await desk.ask(attack);
    await desk.customer.locator(".message.is-own", { hasText: attack }).waitFor();

    expect(await desk.page.evaluate<boolean>("'attacked' in window")).toBe(false);
    expect(await desk.customer.locator(".message img, .message script").count()).toBe(0);
  });
});

describe("somebody without a session", () => {
  it("is told how to get a link", async () => {
    const { page } = await openPage(browser);
    await page.goto(new URL("/", product.signInLink).href);
    await page.getByRole("heading", { name: "Sign in to Deskhand" }).waitFor();

    expect(await seriousViolations(page)).toEqual([]);
  });

  it("any more is told so when the connection does not come back", async () => {
    const desk = await openDesk();
    await desk.page.route("**/api/events", (route) => route.abort());
    await desk.page.reload();
    await desk.page.getByText("The connection is lost.").waitFor();
    await desk.page.context().clearCookies();

    await desk.page.getByRole("heading", { name: "Sign in to Deskhand" }).waitFor();
  });

  it("is told so when the link was used before", async () => {
    const { page } = await openPage(browser);
    await page.goto(product.signInLink);

    await page.getByRole("heading", { name: "That link has been used or is too old" }).waitFor();
  });
});
