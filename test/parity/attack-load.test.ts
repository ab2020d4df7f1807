import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { attackCases, hasAttackFile, type AttackCase } from "./attack-file.js";
import { listensToNothing } from "./listens-to-nothing.js";
import { PuppetProduct } from "./puppet-product.js";

const cases = hasAttackFile ? attackCases(["DOS"]).filter(({ check }) => check.kind === "latency_lt_ms") : [];

/** The quickest counts: the machine may be busy with other tests, and a slow expression is slow each time. */
const TRIES = 3;

describe.skipIf(!hasAttackFile)("messages that are made to take long (needs TEST_DATA_DIR)", () => {
  let desk: PuppetProduct;

  beforeAll(async () => {
    desk = await PuppetProduct.start();
    await desk.know({ "falcon.md": "# Falcon relay\n\nThe Falcon relay is reset with the round button." });
    await quickestMs("How do I reset the Falcon relay?");
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it.each(cases)(
    "$id: is answered or handed over within the time of its case",
    async ({ input, check }: AttackCase) => {
      expect(await quickestMs(input)).toBeLessThan(Number(check["n"]));
    },
  );

  it.each(cases)("$id: sent to the bot, gets its outcome", async ({ input }: AttackCase) => {
    const { outcomes } = await desk.ask(input);
    expect(["answered", "clarified", "handed-off"]).toContain(outcomes.at(-1));
  });

  async function quickestMs(question: string): Promise<number> {
    const taken: number[] = [];
    for (let time = 0; time < TRIES; time += 1) {
      const started = performance.now();
      await desk.product.app.answering.answer(
        {
          tenantId: DEFAULT_TENANT,
          conversationId: randomUUID(),
          inboxId: randomUUID(),
          question,
          history: [],
          audience: ["public"],
          mayStream: false,
        },
        listensToNothing,
        new AbortController().signal,
      );
      taken.push(performance.now() - started);
    }
    return Math.min(...taken);
  }
});
