import { z } from "zod";
import { answeringSchema } from "./answering-schema.js";
import { handoffSchema } from "./handoff-settings.js";
import { learningSchema } from "./learning-settings.js";
import { SLACK_CHANNEL, TEAMS_CHANNEL } from "./team-settings.js";
import { RANKING_FEATURES } from "../../src/ports/ranking-features.js";
import { audienceToken, sourceSchema } from "./source-settings.js";
import { synonymsSchema } from "./synonym-settings.js";

const knowledgeSchema = z
  .strictObject({
    demo: z
      .boolean()
      .default(true)
      .describe("Loads the demo documents of an invented product until a source of your own is there."),
    sources: z
      .array(sourceSchema)
      .default([])
      .refine((sources) => new Set(sources.map((source) => source.name)).size === sources.length, {
        message: "has two sources of the same name",
      })
      .meta({
        examples: [
          [
            { name: "docs", path: "./docs", audience: ["public"] },
            { name: "help-center", url: "https://help.example.com", every: "6h", owner: "carla@example.com" },
          ],
        ],
      })
      .describe("Your own documents. `deskhand kb add` adds further ones without this file."),
    roots: z
      .array(z.string().min(1, "is empty"))
      .default([])
      .describe("Folders below which admins may add folders from a conversation, relative to the folder of this file."),
    fourEyes: z
      .boolean()
      .default(false)
      .describe("Whether an entry that is written here is approved by another person than its writer."),
    synonyms: synonymsSchema,
    abbreviations: z
      .boolean()
      .default(true)
      .describe("Whether an abbreviation that a document explains, as in `single sign-on (SSO)`, means the same."),
    newerFirst: z
      .boolean()
      .default(true)
      .describe("Whether the newer one of two documents that say nearly the same goes before the older."),
    ranking: z
      .record(
        z.enum(RANKING_FEATURES, {
          error: "is not a feature of this version's ranking: run `deskhand tune fusion` again",
        }),
        z.number(),
      )
      .nullable()
      .default(null)
      .describe(
        "What `deskhand tune fusion` fitted to your own questions, every feature; null for the order as shipped.",
      ),
  })
  .describe("What is answered from.");

const audience = z
  .array(audienceToken)
  .min(1, "must name at least one audience")
  .default(["public"])
  .describe("What people there may read; people from outside the organisation only ever read `public`.");

const slackPerson = z.string().regex(/^[UW][A-Z0-9]{2,}$/u, "must be a person's id, like U0123456789");
const teamsPerson = z
  .string()
  .regex(
    /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|29:\S+)$/iu,
    "must be a Microsoft Entra object id, like 00000000-0000-0000-0000-000000000000",
  );

const slackSchema = z
  .strictObject({
    agentsChannel: z
      .string()
      .regex(SLACK_CHANNEL, "must be a channel's id, like C0123456789")
      .nullable()
      .default(null)
      .describe("The channel where handoff cards are posted. Whoever is in it is an agent. Invite the bot to it."),
    admins: z
      .array(slackPerson)
      .default([])
      .describe("Slack ids (U…) of the people who may run admin commands such as `kb sync`."),
    audience,
  })
  .describe("How Deskhand works in Slack. The tokens are in the environment.");

const teamsSchema = z
  .strictObject({
    agentsChannel: z
      .string()
      .regex(TEAMS_CHANNEL, "must be a channel's id, like 19:0123456789abcdef@thread.tacv2")
      .nullable()
      .default(null)
      .describe(
        "The id of the channel where handoff cards are posted (19:…@thread.tacv2). Whoever is in it is an agent.",
      ),
    admins: z
      .array(teamsPerson)
      .default([])
      .describe("Microsoft Entra object ids of the people who may run admin commands such as `kb sync`."),
    audience,
  })
  .describe("How Deskhand works in Microsoft Teams. The credentials are in the environment.");

const routingSchema = z
  .strictObject({
    burstSeconds: z
      .number()
      .min(0)
      .max(10)
      .default(1.5)
      .describe(
        "Messages that one person writes within so many seconds are answered as one question. A message that does not " +
          "read as a whole waits so long for more. 0 answers each by itself.",
      ),
  })
  .describe("How messages become questions.");

const modelsSchema = z
  .strictObject({
    answer: z.string().min(1, "is empty").default("gpt-6-luna").describe("The model that writes answers."),
    embedding: z
      .string()
      .min(1, "is empty")
      .default("text-embedding-3-small")
      .describe("The model that search compares meanings with. After a change every document is embedded anew."),
    dimensions: z.number().int().min(1).max(16_000).default(1_536).describe("The length of its vectors."),
  })
  .describe("Models of the endpoint that OPENAI_API_KEY or OPENAI_BASE_URL names. Without one they are not used.");

const consoleSchema = z
  .strictObject({
    title: z
      .string()
      .min(1, "is empty")
      .max(80)
      .default("Deskhand")
      .describe("The title of the page in the browser, and the name under which the bot speaks."),
  })
  .describe("The page in the browser.");

/** `deskhand.yaml`: how Deskhand behaves. Every key has a default, so an empty file is complete. */
export const settingsSchema = z
  .strictObject({
    knowledge: knowledgeSchema.prefault({}),
    answering: answeringSchema.prefault({}),
    console: consoleSchema.prefault({}),
    routing: routingSchema.prefault({}),
    handoff: handoffSchema.prefault({}),
    learning: learningSchema.prefault({}),
    slack: slackSchema.prefault({}),
    teams: teamsSchema.prefault({}),
    models: modelsSchema.prefault({}),
  })
  .describe("Settings of Deskhand. Addresses and secrets are in the environment.");

export type Settings = z.infer<typeof settingsSchema>;

/** The settings when there is no file. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}
