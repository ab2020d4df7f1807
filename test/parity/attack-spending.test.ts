import { afterEach, describe, expect, it } from "vitest";
import { HELD_TOKENS } from "../../infra/config/budget-settings.js";
import { defaultSettings } from "../../infra/config/settings.js";
import { hasAttackFile } from "./attack-file.js";
import { PuppetProduct } from "./puppet-product.js";

const GENERAL = "C0GENERAL";
const SHIPPED = defaultSettings().answering.budgets;
const NOTICE = "more questions than I can answer at once";
const QUESTIONS = 300;
const AT_ONCE = 10;

interface UseRow {
  tokens: number;
}

describe.skipIf(!hasAttackFile)("DOS-04: what may be spent on answers (needs TEST_DATA_DIR)", () => {
  let desk: PuppetProduct | null = null;
  afterEach(() => desk?.[Symbol.asyncDispose]());

  async function start(budgets: typeof SHIPPED): Promise<PuppetProduct> {
    desk = await PuppetProduct.start(budgets);
    await desk.know({ "falcon.md": "# Falcon relay\n\nThe Falcon relay is reset with the round button." });
    return desk;
  }

  it("one person's 300 questions get as many answers as the limit, one notice, and silence", async () => {
    const product = await start(SHIPPED);
    const from = product.openai.requests.length;
    for (let number = 0; number < QUESTIONS; number += 1) {
      product.slack.mention("U0ANNA", GENERAL, `How do I reset the Falcon relay ${number}?`);
      // Slack's schedule of retries is 600 times faster here: a fuller door would lose some of them.
      if (number % AT_ONCE === 0) await product.slack.settled();
    }
    await product.settled();
    const asked = product.openai.requests.slice(from).filter(({ path }) => path === "/v1/responses");
    expect(asked).toHaveLength(Number(SHIPPED.person.questionsPerMinute));
    expect(await countOf(product, "ignored", "budget-spent")).toBe(QUESTIONS - asked.length);
    const replies = product.slack.messages(GENERAL).filter(({ botId }) => botId !== null);
    expect(replies).toHaveLength(asked.length + 1);
    expect(noticesIn(product)).toBe(1);

    const other = await product.ask("How do I reset the Falcon relay?", { who: "U0BEN" });
    expect(other.outcomes).toEqual(["answered"]);
  });

  it("no number of people spends more than the tenant's tokens; who asks above them gets a person", async () => {
    const tokensPerDay = 2 * HELD_TOKENS;
    const product = await start({
      person: { questionsPerMinute: "unlimited", questionsPerDay: "unlimited" },
      tenant: { ...SHIPPED.tenant, tokensPerDay },
    });
    let answered = 0;
    for (let round = 0; round < 40; round += 1) {
      const who = ["U0ANNA", "U0BEN"][round % 2] ?? "";
      const { outcomes, seen, prompts } = await product.ask("How do I reset the Falcon relay?", { who });
      expect(await spentBy(product)).toBeLessThanOrEqual(tokensPerDay);
      if (outcomes[0] === "answered") answered += 1;
      if (outcomes[0] !== "handed-off") continue;
      expect(prompts).toEqual([]);
      expect(seen).toContain("can't answer any more questions by myself today");
      break;
    }
    expect(answered).toBeGreaterThan(5);
    expect(await countOf(product, "handed-off", "budget-spent")).toBe(1);
  });
});

function noticesIn({ slack }: PuppetProduct): number {
  return slack.calls.filter(
    ({ method, args }) => method === "chat.postMessage" && JSON.stringify(args).includes(NOTICE),
  ).length;
}

async function countOf(desk: PuppetProduct, outcome: string, reason: string): Promise<number> {
  const sql = "select id from inbox where outcome = $1 and outcome_reason = $2";
  return (await desk.inDatabase((db) => db.query(sql, [outcome, reason]))).rows.length;
}

async function spentBy(desk: PuppetProduct): Promise<number> {
  const sql = "select tokens::int from budget_use where scope = 'tenant'";
  return (await desk.inDatabase((db) => db.query<UseRow>(sql))).rows[0]?.tokens ?? 0;
}
