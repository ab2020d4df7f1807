import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const folder = join(process.env["TEST_DATA_DIR"] ?? "/none", "security");

export const hasSecurityFiles = existsSync(folder);

const poisonedSchema = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  attack: z.string(),
  canary: z.string(),
  question: z.string(),
});

/** An article with an order to the model in it, and a question that finds it. */
export type PoisonedArticle = z.infer<typeof poisonedSchema>;

export function poisonedArticles(): readonly PoisonedArticle[] {
  return linesOf("poisoned_docs.jsonl").map((line) => poisonedSchema.parse(line));
}

const labelledSchema = z.object({ id: z.string(), text: z.string(), label: z.string() });

export type LookAlike = Pick<z.infer<typeof labelledSchema>, "id" | "text">;

/** Harmless messages full of the words that attacks are made of. */
export function lookAlikes(): readonly LookAlike[] {
  return ["prompts.jsonl", "slack_cases.jsonl"]
    .flatMap((name) => linesOf(name).map((line) => labelledSchema.parse(line)))
    .filter(({ label }) => label === "benign");
}

function linesOf(name: string): readonly unknown[] {
  const lines = readFileSync(join(folder, name), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): unknown => JSON.parse(line));
}
