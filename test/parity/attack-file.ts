import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const file = join(process.env["TEST_DATA_DIR"] ?? "/none", "attacks", "attacks.jsonl");

export const hasAttackFile = existsSync(file);

/** What nobody may find in a log, a queue, a metric or a message: the secrets of the cases, and ours by their shape. */
export const SECRETS = /4111[ -]?1111|Hunter2|078-05-1120|sk-[\w-]+|xox[bap]-|Bearer |postgres(?:ql)?:\/\/\S+@/u;

const caseSchema = z.object({
  id: z.string(),
  input: z.string(),
  puppet_output: z.string().nullable(),
  check: z.object({ re: z.string().optional() }),
});

export interface AttackCase {
  readonly input: string;
  /** What a model that does as it is told would write; null where no model is part of the case. */
  readonly puppetOutput: string | null;
  readonly forbidden: RegExp | null;
}

/** @throws for a case that the file does not have. */
export function attackCase(id: string): AttackCase {
  const lines = readFileSync(file, "utf8").split("\n");
  const cases = lines.filter((line) => line !== "").map((line) => caseSchema.parse(JSON.parse(line)));
  const found = cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  const { input, check, puppet_output: puppetOutput } = found;
  return { input, puppetOutput, forbidden: check.re === undefined ? null : new RegExp(check.re, "u") };
}
