import { z } from "zod";
import type { Assignment, Member, OnCall } from "../../src/handoff/assignment.js";
import { isTimeZone } from "./hours-settings.js";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const TEAMS_PERSON = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

const memberSchema = z.strictObject({
  name: z.string().trim().min(1, "is empty").max(80).describe("How the card names them."),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/u, "must be a person's id, like U0123456789")
    .optional()
    .describe("Their id in Slack."),
  teams: z
    .string()
    .regex(TEAMS_PERSON, "must be a Microsoft Entra object id")
    .optional()
    .describe("Their Microsoft Entra object id."),
  console: z.string().trim().min(1, "is empty").optional().describe("The name that they work under in the console."),
});
type MemberSettings = z.infer<typeof memberSchema>;

const dayOf = z.string().nullable().default(null);
const date = z.iso.date("must be a day, like 2026-12-25");

const onCallSchema = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, "must be the name of a time zone, like Europe/Berlin")
    .optional()
    .describe("Where its days begin; left out: as the team's hours, else UTC."),
  week: z
    .strictObject(Object.fromEntries(DAYS.map((day) => [day, dayOf])) as Record<(typeof DAYS)[number], typeof dayOf>)
    .prefault({})
    .describe("Who is on call on each day of the week, by name."),
  duties: z
    .array(z.strictObject({ from: date, to: date, member: z.string() }))
    .default([])
    .describe("Who is on call from one day to another, both included; these go before the week."),
});

/** How a team decides whom of it a handoff is for. */
export const assignShape = {
  assign: z
    .enum(["anyone", "round-robin", "least-loaded", "on-call"])
    .default("anyone")
    .describe("Whom of its members the card names. Anybody may claim it all the same."),
  members: z.array(memberSchema).max(100).default([]).describe("Its people, in the order in which they are asked."),
  onCall: onCallSchema.optional().describe("Who is on call when; for `assign: on-call`."),
};

export interface AssignSettings {
  readonly platform: "web" | "slack" | "teams";
  readonly assign: "anyone" | Assignment["by"];
  readonly members: readonly MemberSettings[];
  readonly onCall?: z.infer<typeof onCallSchema> | undefined;
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What its parts do not agree on. */
export function assignProblems({ platform, assign, members, onCall }: AssignSettings): readonly Problem[] {
  const names = members.map(({ name }) => name);
  const key = ID_KEYS[platform];
  const unknown = (name: string | null) => name !== null && !names.includes(name);
  return [
    ...(assign !== "anyone" && members.length === 0
      ? [{ path: ["members"], message: `are required for assign: ${assign}` }]
      : []),
    ...members.flatMap((member, index): Problem[] => [
      ...(member[key] === undefined
        ? [{ path: ["members", index, key], message: `is required: the team works there` }]
        : []),
      ...(names.indexOf(member.name) < index
        ? [{ path: ["members", index, "name"], message: `there are two members ${member.name}` }]
        : []),
    ]),
    ...((assign === "on-call") !== (onCall !== undefined)
      ? [{ path: ["onCall"], message: "goes with assign: on-call, and is required for it" }]
      : []),
    ...Object.entries(onCall?.week ?? {}).flatMap(([day, name]) =>
      unknown(name) ? [{ path: ["onCall", "week", day], message: `there is no member ${name ?? ""}` }] : [],
    ),
    ...(onCall?.duties ?? []).flatMap(({ from, to, member }, index): Problem[] => [
      ...(unknown(member)
        ? [{ path: ["onCall", "duties", index, "member"], message: `there is no member ${member}` }]
        : []),
      ...(to < from ? [{ path: ["onCall", "duties", index, "to"], message: "is before it begins" }] : []),
    ]),
  ];
}

const ID_KEYS = { slack: "slack", teams: "teams", web: "console" } as const;

/** @param hoursZone the time zone of the team's hours */
export function assignment(team: AssignSettings, hoursZone: string | null): Assignment | null {
  const { assign, members, onCall, platform } = team;
  if (assign === "anyone") return null;
  return {
    by: assign,
    members: members.map((member) => toMember(member, platform)),
    onCall: onCall === undefined ? null : toOnCall(onCall, hoursZone),
  };
}

function toMember(member: MemberSettings, platform: AssignSettings["platform"]): Member {
  const id = member[ID_KEYS[platform]] ?? "";
  return { id: platform === "web" ? `agent:${id}` : id, name: member.name };
}

function toOnCall({ timeZone, week, duties }: z.infer<typeof onCallSchema>, hoursZone: string | null): OnCall {
  return { timeZone: timeZone ?? hoursZone ?? "UTC", duties, week: DAYS.map((day) => week[day]) };
}
