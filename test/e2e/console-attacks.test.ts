import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import { writesDraft } from "../fakes/openai/scripts.js";
import { attackCase, hasAttackFile } from "../parity/attack-file.js";
import { launchChromium } from "./chromium.js";
import type { ConsolePage } from "./console-page.js";
import { CASES, HostileProduct, questionAbout } from "./hostile-product.js";

const shown = (place: Locator, words: string) => place.filter({ hasText: words }).last().waitFor();

/** Cases XSS of attacks.jsonl, at the desk. */
describe.skipIf(!hasAttackFile)("words that would run in a page (needs TEST_DATA_DIR)", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe("where every question goes to a person", () => {
    let hostile: HostileProduct;
    beforeAll(async () => {
      hostile = await HostileProduct.start(browser, 1);
    });
    afterAll(() => hostile[Symbol.asyncDispose]());

    it.each(CASES)("%s: is text in the question, the queue, the handoff, the reply and the note", async (id) => {
      const { input } = attackCase(id);
      const { guarded, desk } = await hostile.open();
      const { customer, agents, page } = desk;

      await desk.ask(input);
      await shown(customer.locator(".message.is-own"), input);
      await customer.getByText("A person has your question").waitFor();
      await shown(agents.locator(".queue-question"), input);
      await desk.openFromQueue(input);
      await shown(agents.locator(".handoff-title h3"), input);
      await shown(agents.locator(".handoff-card blockquote"), input);
      await desk.claim();
      await desk.note(input);
      await agents.getByRole("radio", { name: "Reply" }).click();
      await desk.reply(input);
      await shown(customer.locator(".message.is-agent"), input);
      await page.reload();
      await shown(customer.locator(".message.is-agent"), input);
      await desk.openFromQueue(input);
      await agents.getByRole("button", { name: /^What the customer sees/u }).click();
      await shown(agents.locator(".is-transcript .entry.is-customer"), input);

      expect(await guarded.signs()).toEqual([]);
    });

    it.each(CASES)("%s: is text as the title of what was found for a question", async (id) => {
      const { guarded, desk } = await hostile.open();
      await desk.handOver(questionAbout(id));
      await desk.openFromQueue(questionAbout(id));
      await shown(desk.agents.getByRole("region", { name: "What was tried" }), attackCase(id).input);

      expect(await guarded.signs()).toEqual([]);
    });

    it.each(CASES)("%s: is text as the name of a customer, and no agent can take it as theirs", async (id) => {
      const { input } = attackCase(id);
      const { guarded, desk } = await hostile.open();
      const question = `Where do I find the harbour master of ${id}?`;
      const terminal = hostile.product.chat(input);
      terminal.type(question);
      await shown(desk.agents.locator(".queue-row", { hasText: question }), input);
      await desk.openFromQueue(question);
      await shown(desk.agents.locator(".handoff-card"), `${input} asks`);
      await terminal.close();

      await desk.agents.getByRole("button", { name: /^You answer as/u }).click();
      await desk.page.getByLabel("Customers see you as").fill(input);
      expect(await desk.page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
      expect(await guarded.signs()).toEqual([]);
    });

    it.each(CASES)("%s: in an address, is in no page, and every answer forbids inline scripts", async (id) => {
      const words = encodeURIComponent(attackCase(id).input);
      const paths = [
        "/",
        `/${words}`,
        `/?link=${words}`,
        `/signin?token=${words}`,
        `/api/${words}`,
        `/assets/${words}`,
      ];
      for (const path of paths) {
        const response = await fetch(`${hostile.origin}${path}`, { redirect: "manual" });
        const policy = response.headers.get("content-security-policy") ?? "";
        expect(policy, path).toMatch(/^default-src 'self';/u);
        expect(policy, path).not.toMatch(/unsafe-|script-src|\*/u);
        expect(response.headers.get("x-content-type-options"), path).toBe("nosniff");
        expect(await response.text(), path).not.toContain(attackCase(id).input);
      }
    });

    it.each(CASES)("%s: would be noticed if the page took it for markup", async (id) => {
      const { input } = attackCase(id);
      const { guarded } = await hostile.open();
      const markup = `<a href="${input}">${input}</a>`;
      await guarded.page.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(markup)})`);
      expect(await guarded.signs()).toContainEqual(expect.stringMatching(/^element: /u));
    });

    it("what runs or is fetched from elsewhere would be noticed", async () => {
      const { guarded } = await hostile.open();
      await guarded.page.evaluate("alert(1)");
      await guarded.page.evaluate("fetch('//attacker.example').catch(() => undefined)");
      await guarded.page.evaluate("new Promise((done) => { const i = new Image(); i.onerror = done; i.src = 'x'; })");
      const signs = await guarded.signs();
      expect(signs).toContain("dialog: 1");
      expect(signs).toContainEqual(expect.stringMatching(/attacker\.example.*Content Security Policy/u));
      expect(signs).toContain(`request: ${hostile.origin}/x`);
    });
  });

  describe("where everything found is answered from", () => {
    let openai: FakeOpenAi;
    let hostile: HostileProduct;
    beforeAll(async () => {
      openai = await FakeOpenAi.start({ writer: quoteFromPassages });
      const env = { OPENAI_API_KEY: openai.apiKey, OPENAI_BASE_URL: openai.baseUrl };
      hostile = await HostileProduct.start(browser, 0, env);
    });
    afterAll(async () => {
      await hostile[Symbol.asyncDispose]();
      await openai.close();
    });

    async function openSource(desk: ConsolePage): Promise<Locator> {
      await desk.answer().getByRole("list", { name: "Sources" }).getByRole("button").first().click();
      const panel = desk.page.getByRole("dialog");
      await panel.locator(".document-part.is-cited").waitFor();
      return panel;
    }

    it.each(CASES)("%s: is text in an answer, its sources and the document, and no link runs it", async (id) => {
      const { input } = attackCase(id);
      const { guarded, desk } = await hostile.open();
      expect(await desk.askAndRead(questionAbout(id))).toContain(input);
      await shown(desk.answer().locator(".source-title"), input);
      const panel = await openSource(desk);
      await shown(panel.getByRole("heading", { name: input }), input);
      await shown(panel.locator(".document-place"), input);
      await shown(panel.locator(".document-part.is-cited code"), input);

      const links = await panel.getByRole("link").all();
      const targets = await Promise.all(links.map((link) => link.getAttribute("href")));
      expect(targets).toEqual(id === "XSS-04" ? [] : [expect.stringMatching(/^https:\/\/help\.acme\.example\/\?q=/u)]);
      expect(await guarded.signs()).toEqual([]);
    });

    it.each([
      ["and nothing else, goes to a person", "", /A person has your question/u],
      ["before an answer, is left out of it", " To mend the zephyr bracket, turn it twice. [1]", /turn it twice\./u],
    ])("XSS-01: written by the model %s", async (_, answer, seen) => {
      const { puppetOutput } = attackCase("XSS-01");
      const { guarded, desk } = await hostile.open();
      openai.willWrite(writesDraft(`${puppetOutput ?? ""}${answer}`));
      await desk.ask(questionAbout("XSS-01"));
      await desk.customer.getByText(seen).first().waitFor();

      const answers = await desk.customer.locator(".message.is-bot .message-body").allInnerTexts();
      expect(answers.join("\n")).not.toContain("onerror");
      expect(JSON.stringify(openai.requests)).toContain("zephyr bracket");
      expect(await guarded.signs()).toEqual([]);
    });
  });
});
