import { z } from "zod";
import type { BusinessHours } from "../../src/handoff/business-hours.js";
import { findTeam, type Team, type TeamConditions, type TeamPlan } from "../../src/handoff/route-handoff.js";
import { HANDOFF_REASONS } from "../../src/ports/handoffs.js";
import { assignment, assignProblems, assignShape } from "./assign-settings.js";
import { businessHours, hoursObject } from "./hours-settings.js";
import { serviceLevel, teamSlaSchema, type SlaSettings } from "./sla-settings.js";

export const SLACK_CHANNEL = /^[CG][A-Z0-9]{2,}$/u;
export const TEAMS_CHANNEL = /^19:[^\s;@]+@thread\.\w+$/u;

const teamSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u, "must be up to 40 letters, digits, blanks, - and _")
      .describe("How agents call it: `!team billing` moves a handoff there."),
    platform: z.enum(["web", "slack", "teams"]).describe("Where the team works."),
    channel: z
      .string()
      .nullable()
      .default(null)
      .describe("The id of its channel there; null: the agents' channel of the platform. The console has only one."),
    hours: hoursObject.nullable().optional().describe("When it answers; null: always; left out: like `handoff.hours`."),
    sla: teamSlaSchema,
    ...assignShape,
  })
  .superRefine((team, context) => {
    const { platform, channel } = team;
    const message = channel === null ? null : channelProblem(platform, channel);
    if (message !== null) context.addIssue({ code: "custom", path: ["channel"], message });
    for (const problem of assignProblems(team)) {
      context.addIssue({ code: "custom", path: [...problem.path], message: problem.message });
    }
  });

function channelProblem(platform: "web" | "slack" | "teams", channel: string): string | null {
  switch (platform) {
    case "web":
      return "must be left out: in the console all teams share one queue";
    case "slack":
      return SLACK_CHANNEL.test(channel) ? null : "must be a channel's id, like C0123456789";
    case "teams":
      return TEAMS_CHANNEL.test(channel) ? null : "must be a channel's id, like 19:0123456789abcdef@thread.tacv2";
  }
}

const EXAMPLE_TEAMS = [
  { name: "billing", platform: "slack", channel: "C0123456789" },
  { name: "technical", platform: "teams", channel: "19:0123456789abcdef@thread.tacv2" },
];

export const teamsSchema = z
  .array(teamSchema)
  .default([])
  .meta({ examples: [EXAMPLE_TEAMS] })
  .describe("Teams that handoffs are routed to. Without any, all go to `handoff.platform`.");

const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;

const values = (text: string) => z.array(z.string().trim().min(1, "is empty")).default([]).describe(text);

const routeSchema = z.strictObject({
  topics: values("Names of `answering.topics`, or words that the question says in whatever inflection."),
  sources: values("Names of sources that something the bot looked at is from."),
  reasons: z.array(z.enum(HANDOFF_REASONS)).default([]).describe("Why it was handed over."),
  channels: values("Ids of customers' channels."),
  customers: values("Ids of customers: U… in Slack, the Microsoft Entra object id in Teams."),
  domains: z
    .array(z.string().trim().toLowerCase().regex(DOMAIN, "must be what stands behind the @, like example.com"))
    .default([])
    .describe(
      "Domains of customers' e-mail addresses, where the platform tells them; `eu.example.com` is another one.",
    ),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/u, "must be a language's code, like de"))
    .default([])
    .describe("Languages that the customer writes in."),
  tenants: values("Ids of tenants."),
  team: z.string().describe("The team that it goes to."),
});
type RouteSettings = z.infer<typeof routeSchema>;

export const routesSchema = z
  .array(routeSchema)
  .default([])
  .meta({
    examples: [
      [
        { topics: ["refunds", "invoice"], team: "billing" },
        { languages: ["de"], sources: ["handbook"], team: "technical" },
      ],
    ],
  })
  .describe(
    "Which handoffs go to which team: the first rule that holds. All conditions of a rule must hold, and of the values " +
      "of a condition one.",
  );

interface TeamSettings {
  readonly teams: readonly z.infer<typeof teamSchema>[];
  readonly routes: readonly RouteSettings[];
  readonly fallbackTeam: string | null;
  readonly whenClosed: "wait" | "fallback";
  readonly sla: SlaSettings;
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What its parts do not agree on. */
export function teamProblems({
  teams,
  routes,
  fallbackTeam,
  whenClosed,
}: Omit<TeamSettings, "sla">): readonly Problem[] {
  const known = (name: string) => findTeam(teams, name) !== null;
  const names = teams.map(({ name }) => name).join(", ");
  const unknown = (name: string) =>
    `there is no team ${name}; there ${teams.length === 0 ? "are none" : `is ${names}`}`;
  return [
    ...teams.flatMap(({ name }, index) =>
      findTeam(teams.slice(0, index), name) === null
        ? []
        : [{ path: ["teams", index, "name"], message: `there are two teams ${name}` }],
    ),
    ...(teams.length > 0 && fallbackTeam === null
      ? [{ path: ["fallbackTeam"], message: `is required where there are teams: one of ${names}` }]
      : []),
    ...(fallbackTeam !== null && !known(fallbackTeam)
      ? [{ path: ["fallbackTeam"], message: unknown(fallbackTeam) }]
      : []),
    ...routes.flatMap((route, index): Problem[] => {
      const path = ["routes", index];
      if (!known(route.team)) return [{ path: [...path, "team"], message: unknown(route.team) }];
      const before = routes.findIndex((other, at) => at < index && takesAllOf(other, route, whenClosed));
      return before === -1 ? [] : [{ path, message: `is never reached: handoff.routes.${before} takes all of it` }];
    }),
  ];
}

/**
 * Whether nothing is left for a later rule. Where a closed team passes on what it has, a later rule may have it, unless the
 * earlier one has no condition, which is meant to be the last.
 */
function takesAllOf(earlier: RouteSettings, later: RouteSettings, whenClosed: "wait" | "fallback"): boolean {
  const asked = CONDITIONS.filter((name) => earlier[name].length > 0);
  if (asked.length === 0) return true;
  if (whenClosed === "fallback") return false;
  return asked.every((name) => {
    const allowed: readonly string[] = earlier[name];
    return later[name].length > 0 && later[name].every((value) => allowed.includes(value));
  });
}

const CONDITIONS = [
  "topics",
  "sources",
  "reasons",
  "channels",
  "customers",
  "domains",
  "languages",
  "tenants",
] as const satisfies readonly (keyof TeamConditions)[];

/** Null without teams. @param house when a team answers that says nothing else */
export function teamPlan(settings: TeamSettings, house: BusinessHours | null): TeamPlan | null {
  const { teams, routes, fallbackTeam, whenClosed, sla } = settings;
  if (fallbackTeam === null) return null;
  return {
    teams: teams.map((team) => toTeam(team, house, sla)),
    routes: routes.map(({ team, ...when }) => ({ team, when })),
    fallback: fallbackTeam,
    whenClosed,
  };
}

function toTeam(team: z.infer<typeof teamSchema>, house: BusinessHours | null, sla: SlaSettings): Team {
  const hours = team.hours === undefined ? house : hoursOrAlways(team.hours);
  const assigned = assignment(team, hours?.timeZone ?? null);
  return { name: team.name, hours, sla: serviceLevel(sla, team.sla), ...(assigned && { assignment: assigned }) };
}

function hoursOrAlways(hours: z.infer<typeof hoursObject> | null): BusinessHours | null {
  return hours === null ? null : businessHours(hours);
}
