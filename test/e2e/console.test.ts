import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, openPage, type WatchedPage } from "./chromium.js";
import { ConsolePage, COVERED_QUESTION, UNCOVERED_QUESTION } from "./console-page.js";
import { Product } from "./product.js";

let product: Product;
let browser: Browser;
let watched: WatchedPage;
let desk: ConsolePage;

beforeAll(async () => {
  [product, browser] = await Promise.all([Product.start(), launchChromium()]);
  watched = await openPage(browser);
  desk = new ConsolePage(watched.page);
  await watched.page.goto(product.signInLink);
  await desk.customer.waitFor();
});

afterAll(async () => {
  await browser.close();
  await product.stop();
});

describe("the console, from a question to its end", () => {
  it("offers questions from the documents before the first one is asked", async () => {
    const suggestions = desk.customer.getByRole("list", { name: "Questions to start with" }).getByRole("button");

    await suggestions.first().waitFor();
    expect(await suggestions.count()).toBeGreaterThanOrEqual(3);
    expect(await watched.page.locator(".knowledge-summary").innerText()).toMatch(
      /Demo knowledge base\s*\d{2,} documents/u,
    );
  });

  it("answers from the documents with sources", async () => {
    const answer = await desk.askAndRead(COVERED_QUESTION);

    expect(answer).toContain("mobile modem");
  });

  it("opens a citation in its document with the passage marked", async () => {
    await desk
      .answer()
      .getByRole("button", { name: /^Source 1:/u })
      .first()
      .click();
    const panel = watched.page.getByRole("dialog");
    const cited = panel.locator(".document-part.is-cited");
    await cited.waitFor();

    expect(await cited.innerText()).toContain("mobile modem");
    await watched.page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
  });

  it("shows an admin how the answer came to be, from its beginning", async () => {
    await desk.answer().getByRole("button", { name: "How this came to be" }).click();
    const panel = watched.page.getByRole("dialog", { name: "How this answer came to be" });
    await panel.getByText("Decision:").waitFor();

    expect(await panel.innerText()).toContain("Passages found");
    await watched.page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
  });

  it("thanks for feedback, also after a reload", async () => {
    await desk.answer().getByRole("button", { name: "Yes, this helped" }).click();
    await desk.answer().getByText("Thanks, good to know.").waitFor();
    await watched.page.reload();

    await desk.answer().getByText("Thanks, good to know.").waitFor();
  });

  it("hands over what the documents do not cover, with what was tried", async () => {
    await desk.handOver(UNCOVERED_QUESTION);
    await desk.openFromQueue(UNCOVERED_QUESTION);

    expect(await desk.agents.getByRole("region", { name: "What was tried" }).innerText()).toContain("Confidence");
    expect(await desk.agents.getByText("Waiting", { exact: true }).isVisible()).toBe(true);
  });

  it("lets a person claim, and tells the customer who it is", async () => {
    await desk.claim();

    await desk.customer.getByText("Ana has joined and is helping you.").waitFor();
  });

  it("keeps a note from the customer and brings them the reply", async () => {
    await desk.note("The customer is on the old plan.");
    await desk.reply("Most are closed on Mondays. The tile museum is open.");
    await desk.customer.locator(".message.is-agent", { hasText: "Most are closed on Mondays." }).waitFor();

    expect(await desk.customer.innerText()).not.toContain("old plan");
    expect(await desk.customer.locator(".message.is-agent").count()).toBe(1);
  });

  it("stays at notes until it is switched, and keeps a reply that is marked as one from the customer", async () => {
    await desk.note("She called before.");
    await desk.agents.getByRole("textbox", { name: "Internal note" }).waitFor();
    await desk.write("// Her contract ends in May.");
    await desk
      .thread()
      .locator(".entry.is-note", { hasText: /^(?!.*\/\/).*Her contract ends/su })
      .waitFor();

    expect(await desk.customer.innerText()).not.toMatch(/called before|contract/u);
  });

  it("shows what is typed for the bot as a command, and the bot's code as code", async () => {
    await desk.write("!help");
    const command = desk.thread().locator(".entry.is-command", { hasText: "!help" });
    await command.waitFor();
    await desk.thread().locator(".entry.is-bot code", { hasText: "!resolve" }).waitFor();

    expect(await command.innerText()).toContain("Command, not sent to the customer");
  });

  it("says until when it is snoozed, and is woken", async () => {
    await desk.agents.getByRole("button", { name: "Snooze for an hour" }).click();
    await desk.agents.locator(".state-chip", { hasText: "Snoozed by Ana until" }).waitFor();
    await desk.agents.getByRole("button", { name: "Wake" }).click();

    await desk.agents.getByText("With Ana", { exact: true }).waitFor();
  });

  it("lets a colleague leave a note alone until they take it over", async () => {
    await desk.answerAs("Ben");
    await desk.agents.getByText(/^Ana has this one\./u).waitFor();
    expect(await desk.agents.getByRole("radio").count()).toBe(0);
    await desk.agents.getByRole("button", { name: "Take over" }).click();
    await desk.agents.getByText("With Ben", { exact: true }).waitFor();
    await desk.answerAs("Ana");
    await desk.agents.getByRole("textbox", { name: "Internal note" }).fill("!take");
    await desk.agents.getByRole("button", { name: "Save note" }).click();

    await desk.agents.getByText("With Ana", { exact: true }).waitFor();
    await desk.customer.getByText("Ana has joined and will help you from here.").nth(1).waitFor();
  });

  it("brings the agent what the customer writes meanwhile, and the bot stays silent", async () => {
    const fromBot = desk.customer.locator(".message.is-bot");
    const before = await fromBot.count();
    await desk.ask("Thank you! And on Tuesdays?");
    await desk.thread().locator(".entry.is-customer", { hasText: "And on Tuesdays?" }).waitFor();

    expect(await fromBot.count()).toBe(before);
  });

  it("is solved when the agent says so, and the queue is empty again", async () => {
    await desk.resolve();
    await desk.agents.getByText(/^This is closed\./u).waitFor();
    expect(await desk.agents.getByRole("radio").count()).toBe(0);
    expect(await desk.agents.getByRole("button", { name: "Save note" }).count()).toBe(1);
    await desk.agents.getByRole("button", { name: "Back to the queue" }).click();

    await desk.agents.getByText("Nobody is waiting").waitFor();
    await desk.agents.getByRole("region", { name: "Solved lately" }).waitFor();
  });

  it("answers again after that", async () => {
    await desk.customer.getByRole("button", { name: "New conversation" }).click();
    await desk.customer.getByText("What can we help you with?").waitFor();

    expect(await desk.askAndRead(COVERED_QUESTION)).toContain("mobile modem");
  });

  it("hands over at once when a person is asked for", async () => {
    await desk.customer.getByRole("button", { name: "Talk to a person" }).first().click();

    await desk.customer.getByText("A person has your question").waitFor();
    await desk.agents.getByText("1 waiting", { exact: true }).waitFor();
  });

  it("gives a question to whoever replies first without claiming", async () => {
    await desk.openFromQueue(COVERED_QUESTION);
    await desk.reply("I am here now.");

    await desk.customer.getByText("Ana has joined and is helping you.").waitFor();
    await desk.customer.locator(".message.is-agent", { hasText: "I am here now." }).waitFor();
  });

  it("leaves the browser nothing to complain about", () => {
    expect(watched.complaints).toEqual([]);
  });
});
