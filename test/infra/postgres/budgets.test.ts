import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { NO_LIMITS, type Allowance, type BudgetLimits } from "../../../src/ports/budgets.js";
import { newId, type TenantId } from "../../../src/ports/ids.js";
import type { AnswerStage, NewAnswer } from "../../../src/ports/stores.js";
import { describeEachDatabase } from "../../support/database.js";
import { leasedEvent } from "../../support/stores.js";

const person = (perMinute: number | null, perDay: number | null): BudgetLimits => ({
  ...NO_LIMITS,
  person: { perMinute, perDay },
});
const tenant = (limits: Partial<BudgetLimits["tenant"]>, hold = { tokens: 0, cost: 0 }): BudgetLimits => ({
  ...NO_LIMITS,
  tenant: { ...NO_LIMITS.tenant, ...limits },
  hold,
});
const GRANTED = expect.objectContaining({ kind: "granted" }) as Allowance;

describeEachDatabase("budgets of answers", (open) => {
  let database: OpenDatabase;
  let tenantId: TenantId;
  let tenants = 0;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  const newTenant = (): TenantId => (tenantId = `budget-${(tenants += 1)}`);
  const take = (limits: BudgetLimits, personId = "ana", inboxId = newId()): Promise<Allowance> =>
    database.withStores(tenantId, ({ budgets }) =>
      budgets.take(limits, { installationId: "slack-1", personId, inboxId }),
    );
  const age = (interval: string): Promise<unknown> =>
    database.withTenant(tenantId, (db) =>
      db.query(`update budget_use set starts_at = starts_at - interval '${interval}'`),
    );
  const used = async (): Promise<unknown> => {
    const sql = `select questions::int, tokens::int, cost from budget_use where scope = 'tenant'`;
    return (await database.withTenant(tenantId, (db) => db.query(sql))).rows[0];
  };

  it("counts nothing where nothing is limited", async () => {
    newTenant();
    expect(await take(NO_LIMITS)).toEqual({ kind: "granted", hold: null });
    expect(await used()).toBeUndefined();
  });

  it("lets as many questions of a person pass as the limit says, and names the first one above", async () => {
    newTenant();
    const taken: Allowance[] = [];
    for (let time = 0; time < 4; time += 1) taken.push(await take(person(2, null)));
    const refused = { kind: "person-spent", period: "minute" };
    expect(taken).toEqual([GRANTED, GRANTED, { ...refused, isFirst: true }, { ...refused, isFirst: false }]);
    expect(await take(person(2, null), "ben")).toEqual(GRANTED);
  });

  it("starts a minute anew when it is over, and a day", async () => {
    newTenant();
    const limits = person(1, 2);
    await take(limits);
    await age("59 seconds");
    expect(await take(limits)).toMatchObject({ period: "minute" });
    await age("1 minute");
    expect(await take(limits)).toMatchObject({ kind: "person-spent", period: "day", isFirst: true });
    await age("1 day");
    expect(await take(limits)).toEqual(GRANTED);
  });

  it("counts an event that is worked on again once", async () => {
    newTenant();
    const event = newId();
    expect(await take(person(1, 1), "ana", event)).toEqual(GRANTED);
    expect(await take(person(1, 1), "ana", event)).toEqual(GRANTED);
    expect(await take(person(1, 1))).toMatchObject({ kind: "person-spent" });
  });

  it("never grants more than there is to workers that ask at the same time", async () => {
    newTenant();
    const asked = Array.from({ length: 30 }, (_, place) =>
      take(tenant({ tokens: 700 }, { tokens: 100, cost: 0 }), `p${place}`),
    );
    const granted = (await Promise.all(asked)).filter(({ kind }) => kind === "granted");
    expect(granted).toHaveLength(7);
    expect(await used()).toEqual({ questions: 7, tokens: 700, cost: 0 });
  });

  it.each([
    ["questions", tenant({ questions: 1 })],
    ["tokens", tenant({ tokens: 150 }, { tokens: 100, cost: 0 })],
    ["money", tenant({ cost: 0.15 }, { tokens: 0, cost: 0.1 })],
  ])("refuses what goes above the tenant's %s, with what was used", async (_what, limits) => {
    newTenant();
    expect(await take(limits)).toEqual(GRANTED);
    expect(await take(limits, "ben")).toEqual({ kind: "tenant-spent", use: { questions: 1, ...limits.hold } });
    await age("1 day");
    expect(await take(limits, "ben")).toEqual(GRANTED);
  });

  it("grants nothing to anybody where a budget is smaller than one answer", async () => {
    newTenant();
    expect(await take(tenant({ tokens: 99 }, { tokens: 100, cost: 0 }))).toMatchObject({ kind: "tenant-spent" });
  });

  it("leaves the tenant's budget alone for what a person may not ask", async () => {
    newTenant();
    const limits = { ...tenant({ questions: 5 }), person: { perMinute: 1, perDay: null } };
    await take(limits);
    await take(limits);
    expect(await used()).toMatchObject({ questions: 1 });
  });

  it("puts what an answer took in the place of what was held for it", async () => {
    newTenant();
    const taken = await take(tenant({ tokens: 5_000, cost: 1 }, { tokens: 1_000, cost: 0.5 }));
    const hold = taken.kind === "granted" ? taken.hold : null;
    expect(await used()).toEqual({ questions: 1, tokens: 1_000, cost: 0.5 });
    const { lease, inboxId } = await leasedEvent(database, tenantId);
    const answer = answerOf(lease.conversationId, inboxId, [
      { cost: 0.02, output: { inputTokens: 200, outputTokens: 40 } },
      { cost: 0.01, output: {} },
    ]);
    await database.withStores(tenantId, ({ traces }) => traces.record(answer, hold));
    expect(await used()).toMatchObject({ questions: 1, tokens: 240, cost: expect.closeTo(0.03, 9) as number });
  });

  it("adds an answer that ends on the next day to that day, whose budget nothing was held of", async () => {
    newTenant();
    const limits = tenant({ tokens: 5_000 }, { tokens: 1_000, cost: 0 });
    const taken = await take(limits);
    const hold = taken.kind === "granted" ? taken.hold : null;
    await age("1 day");
    await take(limits);
    const { lease, inboxId } = await leasedEvent(database, tenantId);
    const answer = answerOf(lease.conversationId, inboxId, [{ cost: 0, output: { inputTokens: 300 } }]);
    const yesterday = hold === null ? null : { ...hold, day: new Date(hold.day.getTime() - 86_400_000) };
    await database.withStores(tenantId, ({ traces }) => traces.record(answer, yesterday));
    expect(await used()).toMatchObject({ tokens: 1_300 });
  });

  it("forgets what people used on days that are over", async () => {
    newTenant();
    await take(person(5, 5));
    await age("3 days");
    await take(person(5, 5), "ben");
    expect(await database.withStores(tenantId, ({ budgets }) => budgets.forgetPast())).toBe(2);
  });
});

function answerOf(
  conversationId: string,
  inboxId: string,
  stages: readonly Pick<AnswerStage, "cost" | "output">[],
): NewAnswer {
  return {
    answerId: newId(),
    conversationId,
    inboxId,
    question: "How?",
    decision: "answer",
    reason: "grounded",
    confidence: 0.9,
    threshold: 0.5,
    text: "So.",
    stages: stages.map((stage) => ({ stage: "generate", ms: 1, model: null, promptVersion: null, ...stage })),
  };
}
