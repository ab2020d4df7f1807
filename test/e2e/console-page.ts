import type { Locator, Page } from "playwright-core";

/** Answered from the demo documents. */
export const COVERED_QUESTION = "Can I connect a hard disk to the USB port of the Hub?";
/** Nothing in the demo documents is about this. */
export const UNCOVERED_QUESTION = "Which museums in Lisbon are open on Mondays?";

/** The console's page in the words of the people who use it. */
export class ConsolePage {
  readonly page: Page;
  readonly customer: Locator;
  readonly agents: Locator;

  constructor(page: Page) {
    this.page = page;
    this.customer = page.getByRole("region", { name: "Customer's chat" });
    this.agents = page.getByRole("region", { name: "Agents' side" });
  }

  /** What was said since the handoff, as the agents see it. */
  thread(): Locator {
    return this.agents.getByRole("list", { name: "Between the team and the customer" });
  }

  async ask(question: string): Promise<void> {
    await this.page.getByLabel("Your question").fill(question);
    await this.page.getByLabel("Your question").press("Enter");
  }

  /** The newest answer with sources. */
  answer(): Locator {
    return this.customer.locator(".message.is-bot", { has: this.page.getByRole("list", { name: "Sources" }) }).last();
  }

  async askAndRead(question: string): Promise<string> {
    await this.ask(question);
    await this.answer().waitFor();
    return this.answer().innerText();
  }

  async handOver(question: string): Promise<void> {
    await this.ask(question);
    await this.customer.getByText("A person has your question").waitFor();
  }

  async openFromQueue(question: string): Promise<void> {
    await this.agents.getByRole("button", { name: question }).click();
    await this.agents.getByRole("region", { name: "What was tried" }).waitFor();
  }

  async claim(): Promise<void> {
    await this.agents.getByRole("button", { name: "Claim" }).click();
    await this.agents.getByRole("button", { name: "Resolve" }).waitFor();
  }

  async reply(text: string): Promise<void> {
    await this.write(text);
    await this.thread().locator(".entry.is-agent", { hasText: text }).waitFor();
  }

  /** As a reply, whatever becomes of it. */
  async write(text: string): Promise<void> {
    await this.agents.getByRole("radio", { name: "Reply to customer" }).click();
    await this.agents.getByRole("textbox", { name: "Reply to the customer" }).fill(text);
    await this.agents.getByRole("button", { name: "Send reply" }).click();
  }

  async answerAs(name: string): Promise<void> {
    await this.agents.getByRole("button", { name: /^You answer as/u }).click();
    const dialog = this.page.getByRole("dialog", { name: "Your name" });
    await dialog.getByRole("textbox").fill(name);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
  }

  async note(text: string): Promise<void> {
    await this.agents.getByRole("radio", { name: "Internal note" }).click();
    await this.agents.getByRole("textbox", { name: "Internal note" }).fill(text);
    await this.agents.getByRole("button", { name: "Save note" }).click();
    await this.thread().locator(".entry.is-note", { hasText: text }).waitFor();
  }

  async resolve(): Promise<void> {
    await this.agents.getByRole("button", { name: "Resolve" }).click();
    await this.customer.getByText("considers this solved").waitFor();
  }
}
