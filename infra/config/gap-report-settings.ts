import { z } from "zod";
import type { GapReportPlan } from "../../src/learning/run-gap-report.js";
import { isTimeZone } from "./hours-settings.js";
import { SLACK_CHANNEL, TEAMS_CHANNEL } from "./team-settings.js";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;

const EXAMPLE = {
  platform: "slack",
  channel: "C0123456789",
  weekday: "monday",
  time: "09:00",
  timeZone: "Europe/Berlin",
};

export const gapReportSchema = z
  .strictObject({
    platform: z.enum(["slack", "teams"]).describe("Where it is posted."),
    channel: z.string().nullable().default(null).describe("The id of a channel there; null: the agents' channel."),
    weekday: z.enum(WEEKDAYS).default("monday").describe("The day."),
    time: z.string().regex(TIME, "must be like 09:00").default("09:00").describe("The time of that day."),
    timeZone: z
      .string()
      .refine(isTimeZone, "must be the name of a time zone, like Europe/Berlin")
      .describe("The time zone of the day and the time."),
  })
  .superRefine(({ platform, channel }, context) => {
    const isChannel = channel === null || (platform === "slack" ? SLACK_CHANNEL : TEAMS_CHANNEL).test(channel);
    const example = platform === "slack" ? "C0123456789" : "19:0123456789abcdef@thread.tacv2";
    if (!isChannel)
      context.addIssue({ code: "custom", path: ["channel"], message: `must be a channel's id, like ${example}` });
  })
  .nullable()
  .default(null)
  .meta({ examples: [EXAMPLE] })
  .describe(
    "Once a week, which questions the documents did not answer in the seven days before (`deskhand gaps`). null: nothing is posted.",
  );

export function weeklyTime(
  report: NonNullable<z.infer<typeof gapReportSchema>>,
): Pick<GapReportPlan, "weekday" | "minute" | "timeZone"> {
  const [hour = 0, minute = 0] = report.time.split(":").map(Number);
  return { weekday: WEEKDAYS.indexOf(report.weekday) + 1, minute: hour * 60 + minute, timeZone: report.timeZone };
}
