import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpenAt, type BusinessHours } from "../../../src/handoff/business-hours.js";
import { routeHandoff, type HandoffFacts, type TeamConditions } from "../../../src/handoff/route-handoff.js";
import { HANDOFF_REASONS } from "../../../src/ports/handoffs.js";
import { planOf, routeTo } from "../../support/teams.js";

/** A Friday, noon in Berlin. */
const NOON = new Date("2026-11-27T11:00:00Z");
const NIGHT = new Date("2026-11-27T22:00:00Z");

const byDay: BusinessHours = {
  timeZone: "Europe/Berlin",
  week: [0, 1, 2, 3, 4, 5, 6].map(() => [{ from: 9 * 60, to: 17 * 60 }]),
  holidays: new Set(),
};
const never: BusinessHours = { ...byDay, week: byDay.week.map(() => []) };

const facts: HandoffFacts = {
  question: "Where are my invoices?",
  topics: ["Billing"],
  sources: ["handbook"],
  reason: "low-confidence",
  channelId: "C1",
  customerId: "cora",
  customerDomain: "acme.example",
  language: "en",
  tenantId: "default",
};

const billing = { name: "billing", hours: null };
const technical = { name: "technical", hours: null };
const desk = { name: "desk", hours: null };

/** Values that hold for `facts`, and values that don't. */
const VALUES: Readonly<Record<keyof TeamConditions, { readonly hold: string; readonly fail: string }>> = {
  topics: { hold: "invoice", fail: "parcel" },
  sources: { hold: "handbook", fail: "wiki" },
  reasons: { hold: "low-confidence", fail: "fault" },
  channels: { hold: "C1", fail: "C2" },
  customers: { hold: "cora", fail: "dora" },
  domains: { hold: "acme.example", fail: "example" },
  languages: { hold: "en", fail: "de" },
  tenants: { hold: "default", fail: "acme" },
};
const NAMES = Object.keys(VALUES) as (keyof TeamConditions)[];

const conditions = fc
  .record(
    Object.fromEntries(
      NAMES.map((name) => [name, fc.subarray([VALUES[name].hold, VALUES[name].fail])] as const),
    ) as Record<keyof TeamConditions, fc.Arbitrary<string[]>>,
  )
  .map((when) => when as unknown as TeamConditions);
const anyHours = fc.constantFrom(null, byDay, never);
const plans = fc
  .record({
    hours: fc.tuple(anyHours, anyHours, anyHours),
    routes: fc.array(fc.record({ team: fc.constantFrom("billing", "technical", "desk"), when: conditions })),
    whenClosed: fc.constantFrom("wait", "fallback"),
  })
  .map(({ hours, routes, whenClosed }) => {
    const teams = [billing, technical, desk].map((team, index) => ({ ...team, hours: hours[index] ?? null }));
    return planOf(teams, routes, { whenClosed });
  });

/** The same in other words, to compare with. */
function holds(when: TeamConditions): boolean {
  return NAMES.every((name) => when[name].length === 0 || (when[name] as string[]).includes(VALUES[name].hold));
}

describe("routing a handoff", () => {
  it("goes to the team of the first rule that holds, else to the fallback team", () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(NOON, NIGHT), (plan, now) => {
        const waiting = { ...plan, whenClosed: "wait" } as const;
        const first = plan.routes.find(({ when }) => holds(when))?.team ?? plan.fallback;
        expect(routeHandoff(facts, waiting, now).team.name).toBe(first);
      }),
    );
  });

  it("goes to exactly one team, which a rule that holds names or which is the fallback team", () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(NOON, NIGHT), (plan, now) => {
        const { team } = routeHandoff(facts, plan, now);
        expect(plan.teams).toContain(team);
        const named = plan.routes.filter(({ when }) => holds(when)).map((route) => route.team);
        expect([...named, plan.fallback]).toContain(team.name);
      }),
    );
  });

  it("goes past a closed team only to the first that is open, and waits with it where none is", () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(NOON, NIGHT), (plan, now) => {
        const { team } = routeHandoff(facts, { ...plan, whenClosed: "fallback" }, now);
        const named = plan.routes.filter(({ when }) => holds(when)).map((route) => route.team);
        const teams = [...named, plan.fallback].map((name) => plan.teams.find((each) => each.name === name)!);
        const expected = teams.find(({ hours }) => isOpenAt(hours, now)) ?? teams[0];
        expect(team).toBe(expected);
      }),
    );
  });

  it.each(NAMES)("asks for what it says of %s", (name) => {
    const { hold, fail } = VALUES[name];
    const plan = (value: string) => planOf([billing, desk], [routeTo("billing", { [name]: [value] })]);
    expect(routeHandoff(facts, plan(hold), NOON).team).toBe(billing);
    expect(routeHandoff(facts, plan(fail), NOON).team).toBe(desk);
  });

  it("takes a topic's name in whatever case, and words in whatever inflection", () => {
    const plan = (topic: string) => planOf([billing, desk], [routeTo("billing", { topics: [topic] })]);
    expect(routeHandoff(facts, plan("billing"), NOON).team).toBe(billing);
    expect(routeHandoff(facts, plan("invoice"), NOON).team).toBe(billing);
    expect(routeHandoff(facts, plan("voice"), NOON).team).toBe(desk);
  });

  it("takes every reason that there is", () => {
    for (const reason of HANDOFF_REASONS) {
      const plan = planOf([technical, desk], [routeTo("technical", { reasons: [reason] })]);
      expect(routeHandoff({ ...facts, reason }, plan, NOON).team).toBe(technical);
    }
  });

  it("says why", () => {
    const routes = [routeTo("billing", { topics: ["invoice"], languages: ["de", "en"] })];
    const plan = planOf([{ ...billing, hours: byDay }, desk], routes, { whenClosed: "fallback" });
    expect(routeHandoff(facts, plan, NOON).why).toBe("rule 1: topic invoice, language en");
    expect(routeHandoff(facts, plan, NIGHT).why).toBe(
      "billing is closed (rule 1: topic invoice, language en), desk is open",
    );
    expect(routeHandoff({ ...facts, question: "Hello?" }, plan, NOON).why).toBe("no rule holds");
  });
});
