import { z } from "zod";
import { cannedReplies, repliesSchema } from "./reply-settings.js";
import { AGENT_NAMES } from "../../src/handoff/agent-names.js";
import type { HandoffRules } from "../../src/handoff/handoff-scene.js";
import { handoffFilesSchema } from "./file-settings.js";
import { businessHours, hoursSchema } from "./hours-settings.js";
import { serviceLevel, slaProblems, slaSchema } from "./sla-settings.js";
import { routesSchema, teamPlan, teamProblems, teamsSchema } from "./team-settings.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const minutes = (standard: number, text: string) =>
  z.number().positive().max(10_080).nullable().default(standard).describe(text);
const hours = (standard: number, text: string) =>
  z.number().positive().max(8_760).nullable().default(standard).describe(text);

const timersSchema = z
  .strictObject({
    remindMinutes: minutes(
      15,
      "The team is reminded of a handoff that nobody has claimed for so long, then again after twice as long, and so on.",
    ),
    idleMinutes: minutes(15, "Whoever has claimed one is reminded when the customer waits for so long."),
    reassignMinutes: z
      .number()
      .positive()
      .max(10_080)
      .nullable()
      .default(null)
      .describe("What nobody of its team has claimed for so long goes to the fallback team, once. null: never."),
    assignMinutes: minutes(
      10,
      "Where a team names somebody (`assign`), the next of it is asked for what nobody has claimed for so long.",
    ),
    expireHours: hours(168, "What nobody has claimed for so long expires, and the customer is told."),
    settleHours: hours(24, "What was resolved counts as solved when the customer says nothing for so long."),
  })
  .describe(
    "When people are reminded and what is given up; null: never. Reminders count the time in which the team answers.",
  );

export const handoffSchema = z
  .strictObject({
    platform: z
      .enum(["web", "slack", "teams"])
      .default("web")
      .describe("Where the agents work: the console, or the agents' channel of Slack or Teams."),
    hours: hoursSchema,
    timers: timersSchema.prefault({}),
    sla: slaSchema,
    showTeamName: z
      .boolean()
      .default(false)
      .describe("Whether customers are told the name of the team that has their question."),
    agentNames: z
      .enum(AGENT_NAMES)
      .default("full")
      .describe(
        "What customers see of the names of agents: `full`, as the platform tells them; `first`, the first name; " +
          "`hidden`, a word such as Support in the customer's language. Agents see each other's names in full.",
      ),
    askRating: z
      .boolean()
      .default(false)
      .describe("Whether customers are asked, once for each handoff that is solved, to rate the help from 1 to 5."),
    replies: repliesSchema,
    files: handoffFilesSchema,
    teams: teamsSchema,
    routes: routesSchema,
    fallbackTeam: z
      .string()
      .nullable()
      .default(null)
      .describe("The team that takes what no rule sends elsewhere; required where there are teams."),
    whenClosed: z
      .enum(["wait", "fallback"])
      .default("wait")
      .describe(
        "What becomes of a handoff whose team is closed: `wait` leaves it there until it opens; `fallback` sends it to " +
          "the next rule that holds whose team is open, then to the fallback team if that is open.",
      ),
  })
  .superRefine((handoff, context) => {
    for (const { path, message } of [...teamProblems(handoff), ...slaProblems(handoff.sla, handoff.teams)])
      context.addIssue({ code: "custom", path: [...path], message });
  })
  .describe("Where questions go that the bot does not answer.");

/** What the core needs to know of it. */
export function handoffRules(
  handoff: z.infer<typeof handoffSchema>,
): Pick<HandoffRules, "hours" | "timers" | "teams" | "replies" | "askRating" | "sla" | "showTeamName" | "agentNames"> {
  const { timers, askRating, replies, showTeamName, agentNames } = handoff;
  const hours = handoff.hours === null ? null : businessHours(handoff.hours);
  return {
    askRating,
    showTeamName,
    agentNames,
    sla: serviceLevel(handoff.sla),
    replies: cannedReplies(replies),
    hours,
    teams: teamPlan(handoff, hours),
    timers: {
      remindMs: inMs(timers.remindMinutes, MINUTE_MS),
      idleMs: inMs(timers.idleMinutes, MINUTE_MS),
      reassignMs: inMs(timers.reassignMinutes, MINUTE_MS),
      assignMs: inMs(timers.assignMinutes, MINUTE_MS),
      expireMs: inMs(timers.expireHours, HOUR_MS),
      settleMs: inMs(timers.settleHours, HOUR_MS),
    },
  };
}

function inMs(count: number | null, unitMs: number): number | null {
  return count === null ? null : count * unitMs;
}
