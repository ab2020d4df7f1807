import { describe, expect, it } from "vitest";
import { checkCombinations } from "../../../infra/config/combinations.js";
import { ConfigError } from "../../../infra/config/config-error.js";
import { parseConfig } from "../../../infra/config/environment.js";
import { handoffRules } from "../../../infra/config/handoff-settings.js";
import { parseSettings } from "../../../infra/config/settings-file.js";

const TEAMS = `
handoff:
  teams:
    - { name: billing, platform: slack, channel: C0BILLING }
    - { name: technical, platform: teams, channel: "19:technical@thread.tacv2", hours: null }
    - { name: desk, platform: web }
  hours: { timeZone: Europe/Berlin, monday: 09:00-17:00 }
  fallbackTeam: desk
`;

function problemsOf(text: string): readonly string[] {
  try {
    parseSettings(text, "deskhand.yaml");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("teams in the settings", () => {
  it("are none by default", () => {
    expect(handoffRules(parseSettings("", "deskhand.yaml").handoff).teams).toBeNull();
  });

  it("have their own hours, those of the house, or none", () => {
    const { teams, hours } = handoffRules(parseSettings(TEAMS, "deskhand.yaml").handoff);
    expect(teams).toMatchObject({
      fallback: "desk",
      whenClosed: "wait",
      teams: [
        { name: "billing", hours },
        { name: "technical", hours: null },
        { name: "desk", hours },
      ],
    });
    expect(hours).not.toBeNull();
  });

  it("promise what they say, else what the house does", () => {
    const own = TEAMS.replace("platform: web", "platform: web, sla: { resolveMinutes: null }");
    const settings = `${own}  sla: { firstReplyMinutes: 30, resolveMinutes: 480 }`;
    const { teams, sla } = handoffRules(parseSettings(settings, "deskhand.yaml").handoff);
    expect(sla).toEqual({ firstReplyMs: 1_800_000, resolveMs: 28_800_000 });
    expect(teams?.teams.map((team) => team.sla)).toEqual([sla, sla, { firstReplyMs: 1_800_000, resolveMs: null }]);
    expect(problemsOf("handoff: { sla: { firstReplyMinutes: 0 } }")).toMatchObject([/firstReplyMinutes/u]);
  });

  it("name whom a handoff is for, by the ids of the platform where they work", () => {
    const own = TEAMS.replace(
      "platform: web",
      "platform: web, assign: on-call, members: [{ name: Ana, console: Ana }, { name: Ben, console: Benno }]," +
        " onCall: { week: { monday: Ana }, duties: [{ from: 2026-12-24, to: 2026-12-26, member: Ben }] }",
    );
    const { teams } = handoffRules(parseSettings(own, "deskhand.yaml").handoff);
    expect(teams?.teams.map((team) => team.assignment)).toEqual([
      undefined,
      undefined,
      {
        by: "on-call",
        members: [
          { id: "agent:Ana", name: "Ana" },
          { id: "agent:Benno", name: "Ben" },
        ],
        onCall: {
          timeZone: "Europe/Berlin",
          week: ["Ana", null, null, null, null, null, null],
          duties: [{ from: "2026-12-24", to: "2026-12-26", member: "Ben" }],
        },
      },
    ]);
  });

  it("take domains in whatever case, and nothing that is none", () => {
    const route = (domain: string) => `${TEAMS}  routes: [{ domains: ["${domain}"], team: billing }]`;
    const { teams } = handoffRules(parseSettings(route("Acme.Example"), "deskhand.yaml").handoff);
    expect(teams?.routes[0]?.when.domains).toEqual(["acme.example"]);
    for (const domain of ["@acme.example", "cora@acme.example", "acme", "*.acme.example"]) {
      expect(problemsOf(route(domain)).join()).toContain("must be what stands behind the @, like example.com");
    }
  });

  it.each([
    ["assign: round-robin", "handoff.teams.0.members: are required for assign: round-robin"],
    [
      "members: [{ name: Ana, teams: 00000000-0000-4000-8000-000000000001 }]",
      "handoff.teams.0.members.0.slack: is required",
    ],
    [
      "members: [{ name: Ana, slack: U0A }, { name: Ana, slack: U0B }]",
      "handoff.teams.0.members.1.name: there are two",
    ],
    ["members: [{ name: Ana, slack: ana }]", "handoff.teams.0.members.0.slack: must be a person's id"],
    ["assign: on-call, members: [{ name: Ana, slack: U0A }]", "handoff.teams.0.onCall: goes with assign: on-call"],
    [
      "assign: on-call, members: [{ name: Ana, slack: U0A }], onCall: { week: { monday: Bea } }",
      "handoff.teams.0.onCall.week.monday: there is no member Bea",
    ],
    [
      "assign: on-call, members: [{ name: Ana, slack: U0A }], onCall: { duties: [{ from: 2026-12-02, to: 2026-12-01, member: Ana }] }",
      "handoff.teams.0.onCall.duties.0.to: is before it begins",
    ],
  ])("say what is wrong with %s", (words, problem) => {
    const settings = TEAMS.replace("channel: C0BILLING", `channel: C0BILLING, ${words}`);
    expect(problemsOf(settings).join("\n")).toContain(problem);
  });

  it.each([
    [`${TEAMS}  sla: { firstReplyMinutes: 60, resolveMinutes: 30 }`, "handoff.sla.resolveMinutes: is less than 60"],
    [
      `${TEAMS.replace("platform: web", "platform: web, sla: { resolveMinutes: 30 }")}  sla: { firstReplyMinutes: 60 }`,
      "handoff.teams.2.sla.resolveMinutes: is less than 60, within which (firstReplyMinutes) the first reply is promised",
    ],
    [
      `${TEAMS.replace("platform: web", "platform: web, sla: { firstReplyMinutes: 60 }")}  sla: { resolveMinutes: 30 }`,
      "handoff.teams.2.sla.firstReplyMinutes: is more than 30, within which (resolveMinutes) it is to be resolved",
    ],
    [`${TEAMS}  routes: [{ topics: [refund], team: biling }]`, "handoff.routes.0.team: there is no team biling"],
    [`handoff: { routes: [{ team: billing }] }`, "handoff.routes.0.team: there is no team billing; there are none"],
    [TEAMS.replace("fallbackTeam: desk", "fallbackTeam: dusk"), "handoff.fallbackTeam: there is no team dusk"],
    [TEAMS.replace("  fallbackTeam: desk\n", ""), "handoff.fallbackTeam: is required"],
    [TEAMS.replace("name: desk", "name: Billing"), "handoff.teams.2.name: there are two teams Billing"],
    [TEAMS.replace("C0BILLING", "billing"), "handoff.teams.0.channel: must be a channel's id, like C0123456789"],
    [TEAMS.replace("19:technical", "technical"), "handoff.teams.1.channel: must be a channel's id, like 19:"],
    [TEAMS.replace("platform: web", "platform: web, channel: C0DESK"), "handoff.teams.2.channel: must be left out"],
    [`${TEAMS}  routes: [{ topics: [refund], reasons: [bored], team: billing }]`, "handoff.routes.0.reasons.0"],
    [
      `${TEAMS}  routes: [{ team: billing }, { topics: [refund], team: technical }]`,
      "handoff.routes.1: is never reached: handoff.routes.0 takes all of it",
    ],
    [
      `${TEAMS}  routes: [{ topics: [refund, invoice], team: billing }, { topics: [refund], languages: [de], team: technical }]`,
      "handoff.routes.1: is never reached: handoff.routes.0 takes all of it",
    ],
  ])("refuses %s", (text, problem) => {
    const problems = problemsOf(text);
    expect(
      problems.some((each) => each.includes(problem)),
      problems.join("\n"),
    ).toBe(true);
  });

  it("takes a rule without conditions as the last, and one that is narrower before a wider", () => {
    const routes =
      "[{ topics: [refund], languages: [de], team: billing }, { topics: [refund], team: technical }, { team: desk }]";
    expect(problemsOf(`${TEAMS}  routes: ${routes}`)).toEqual([]);
  });

  it("takes a second choice for when the first is closed", () => {
    const routes = "[{ topics: [refund], team: billing }, { topics: [refund], team: technical }]";
    expect(problemsOf(`${TEAMS}  routes: ${routes}`)).toHaveLength(1);
    expect(problemsOf(`${TEAMS}  whenClosed: fallback\n  routes: ${routes}`)).toEqual([]);
  });

  it("need their platforms", () => {
    const settings = parseSettings(TEAMS.replace(", channel: C0BILLING", ""), "deskhand.yaml");
    const check = () => checkCombinations(parseConfig({}), settings);
    expect(check).toThrow("handoff.teams billing: is slack, which is not set up (SLACK_BOT_TOKEN)");
    expect(check).toThrow("slack.agentsChannel: is required when handoff.teams billing is slack");
    expect(check).toThrow("handoff.teams technical: is teams, which is not set up (TEAMS_APP_ID)");
  });
});
