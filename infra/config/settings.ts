import { z } from "zod";

const sourceSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u, "must be lower-case letters, digits and dashes, at most 63")
      .describe("What the source is called in commands."),
    path: z.string().min(1, "is empty").describe("The folder or the .jsonl file, relative to the folder of this file."),
    kind: z
      .enum(["folder", "jsonl"])
      .optional()
      .describe("What lies at the path. Told from the path when it is left out."),
    audience: z
      .array(z.string().regex(/^[\w:.@-]{1,100}$/u, "must be letters, digits and : . @ - _, at most 100"))
      .min(1, "must name at least one audience")
      .default(["public"])
      .describe("Who may read its documents. Everybody has `public`."),
  })
  .describe("A place where documents lie.");

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
      .meta({ examples: [[{ name: "docs", path: "./docs", audience: ["public"] }]] })
      .describe("Your own documents. `deskhand kb add` adds further ones without this file."),
  })
  .describe("What is answered from.");

const answeringSchema = z
  .strictObject({
    threshold: z
      .union([z.literal("default"), z.number().min(0).max(1)])
      .default("default")
      .describe(
        "Below this probability of being right (0 to 1) a question goes to a person instead of being answered.",
      ),
  })
  .describe("How questions are answered.");

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
  })
  .describe("Settings of Deskhand. Addresses and secrets are in the environment.");

export type Settings = z.infer<typeof settingsSchema>;

/** The settings when there is no file. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}
