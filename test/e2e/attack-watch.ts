import type { Browser } from "playwright-core";
import { openPage, type WatchedPage } from "./chromium.js";

/** A page together with every sign that words in it became more than text. */
export interface GuardedPage extends WatchedPage {
  /** What ran, was fetched or was refused since the page was opened, and what stands in the page that no text makes. */
  signs(): Promise<readonly string[]>;
}

const OWN_PATH = /^\/(?:$|signin$|assets\/|api\/|favicon\.svg$)/u;

// Markup that the console's own page never holds, and links that lead anywhere but to a page or a mailbox.
const STRANGE_ELEMENTS = `[
  ...[...document.querySelectorAll("body *")]
    .filter((element) => /^(?:img|script|iframe|object|embed|base|link|style|title|math|video|audio)$/i.test(element.localName)
      || element.getAttributeNames().some((name) => name.startsWith("on")))
    .filter((element) => element.localName !== "title" || !element.closest("svg")),
  ...[...document.querySelectorAll("[href], [action], [formaction]")]
    .filter((element) => element.matches("body *"))
    .filter(({ href, action, formAction }) => [href, action, formAction]
      .some((target) => typeof target === "string" && target !== "" && !/^(?:https?|mailto):/i.test(target))),
].map((element) => "element: " + element.outerHTML.slice(0, 200))`;

/** Opens a page of a profile of its own at `origin`. */
export async function openGuardedPage(browser: Browser, origin: string): Promise<GuardedPage> {
  const { page, complaints } = await openPage(browser);
  const seen: string[] = [];
  page.on("dialog", (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on("page", (other) => seen.push(`page: ${other.url()}`));
  page.context().on("request", (request) => {
    const url = new URL(request.url());
    const isOwn = url.origin === origin && OWN_PATH.test(url.pathname);
    if (!isOwn && url.protocol !== "data:") seen.push(`request: ${url.href}`);
  });
  return {
    page,
    complaints,
    signs: async () => [...seen, ...complaints, ...(await page.evaluate<string[]>(STRANGE_ELEMENTS))],
  };
}
