import type { Browser, Cookie } from "playwright-core";
import { attackCase } from "../parity/attack-file.js";
import { openGuardedPage, type GuardedPage } from "./attack-watch.js";
import { ConsolePage } from "./console-page.js";
import { Product } from "./product.js";

/** Cases of attacks.jsonl whose words would run in a page. */
export const CASES = ["XSS-01", "XSS-02", "XSS-03", "XSS-04"] as const;
type Case = (typeof CASES)[number];

const THINGS: Readonly<Record<Case, string>> = {
  "XSS-01": "zephyr bracket",
  "XSS-02": "marble hinge",
  "XSS-03": "copper valve",
  "XSS-04": "walnut drawer",
};

/** What the document of a case answers. */
export const questionAbout = (id: Case) => `How do I mend the ${THINGS[id]}?`;

/** One document for each case. Its id, title, address and text hold the case's words; in the text as code, and bare. */
function hostileDocuments(): string {
  const lines = CASES.map((id) => {
    const { input } = attackCase(id);
    const answer = `To mend the ${THINGS[id]}, find the label \`${input}\` and turn the ${THINGS[id]} twice.`;
    const url = input.startsWith("javascript:") ? input : `https://help.acme.example/?q=${input}`;
    return JSON.stringify({ id: `${id} ${input}`, title: input, text: `${answer}\n\n${input}\n\nThen wait.`, url });
  });
  return `${lines.join("\n")}\n`;
}

const settings = (threshold: 0 | 1) => `
knowledge: { demo: false, sources: [{ name: hostile, path: ./hostile.jsonl }] }
answering: { threshold: ${threshold} }
`;

/** The product with hostile documents and no others, and a browser that is signed in as its admin. */
export class HostileProduct implements AsyncDisposable {
  readonly product: Product;
  readonly #browser: Browser;
  readonly #cookies: readonly Cookie[];
  #conversations = 0;

  private constructor(product: Product, browser: Browser, cookies: readonly Cookie[]) {
    this.product = product;
    this.#browser = browser;
    this.#cookies = cookies;
  }

  /** @param threshold 0: answers whatever it finds something for; 1: hands everything over, with what was found */
  static async start(browser: Browser, threshold: 0 | 1, env: Record<string, string> = {}): Promise<HostileProduct> {
    const files = { "hostile.jsonl": hostileDocuments(), "deskhand.yaml": settings(threshold) };
    const product = await Product.start(files, env);
    const page = await browser.newPage();
    await page.goto(product.signInLink);
    await page.locator(".knowledge-summary", { hasText: `${CASES.length} documents` }).waitFor();
    const cookies = await page.context().cookies();
    await page.close();
    return new HostileProduct(product, browser, cookies);
  }

  get origin(): string {
    return new URL(this.product.signInLink).origin;
  }

  /** The console in a conversation that nobody has used. */
  async open(): Promise<{ readonly guarded: GuardedPage; readonly desk: ConsolePage }> {
    const guarded = await openGuardedPage(this.#browser, this.origin);
    await guarded.page.context().addCookies([...this.#cookies]);
    this.#conversations += 1;
    await guarded.page.addInitScript(`localStorage.setItem("deskhand.conversation", "${this.#conversations}")`);
    await guarded.page.goto(`${this.origin}/`);
    const desk = new ConsolePage(guarded.page);
    await desk.customer.waitFor();
    return { guarded, desk };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.product.stop();
  }
}
