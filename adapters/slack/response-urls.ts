import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";

const PATIENCE_MS = 5_000;

/** Speaks to the one person who pressed something, by the address that came with the press. */
export class ResponseUrls {
  readonly #apiOrigin: string | null;
  readonly #logger: Logger;
  readonly #underWay = new Set<Promise<void>>();

  constructor(apiUrl: string | undefined, logger: Logger) {
    this.#apiOrigin = apiUrl === undefined ? null : new URL(apiUrl).origin;
    this.#logger = logger;
  }

  /** Sends in the background; a failure is logged and otherwise costs nothing, for the press is stored already. */
  tell(responseUrl: string, text: string): void {
    if (!this.#isSlack(responseUrl)) return;
    const sending = this.#send(responseUrl, text).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  /** Resolves when nothing is being sent any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send(responseUrl: string, text: string): Promise<void> {
    try {
      const response = await fetch(responseUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text }),
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await response.arrayBuffer();
    } catch (error) {
      this.#logger.warn("answer to a press not delivered", { code: errorCode(error) });
    }
  }

  #isSlack(responseUrl: string): boolean {
    if (!URL.canParse(responseUrl)) return false;
    const { origin, hostname, protocol } = new URL(responseUrl);
    return origin === this.#apiOrigin || (protocol === "https:" && /\.slack(?:-gov)?\.com$/u.test(hostname));
  }
}
