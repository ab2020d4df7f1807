import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const file = join(process.env["TEST_DATA_DIR"] ?? "/none", "attacks", "attacks.jsonl");

export const hasAttackFile = existsSync(file);

/** What nobody may find in a log, a queue, a metric or a message: the secrets of the cases, and ours by their shape. */
export const SECRETS = /4111[ -]?1111|Hunter2|078-05-1120|sk-[\w-]+|xox[bap]-|Bearer |postgres(?:ql)?:\/\/\S+@/u;

/** `{{REPEAT|n|s}}` stands for s, n times. */
const REPEAT = /\{\{REPEAT\|(\d+)\|([^}]*)\}\}/gu;
/** The file writes characters beyond the first 65,536 as other languages do. */
const LONG_ESCAPE = /\\U000([\dA-F]{5})/giu;

const checkSchema = z.looseObject({ kind: z.string(), re: z.string().optional() });

export type AttackCheck = z.infer<typeof checkSchema>;

const caseSchema = z.object({
  id: z.string(),
  enters: z.string(),
  input: z.string(),
  puppet_output: z.string().nullable(),
  setup: z.string().nullable(),
  check: checkSchema,
});

export interface AttackCase {
  readonly id: string;
  /** How it gets in: `message`, `kb_document`, `file` and others. */
  readonly enters: string;
  readonly input: string;
  /** What a model that does as it is told would write; null where no model is part of the case. */
  readonly puppetOutput: string | null;
  /** What there must be first, in words; null for nothing. */
  readonly setup: string | null;
  readonly check: AttackCheck;
  readonly forbidden: RegExp | null;
}

/** The cases of some categories, in the order of the file. */
export function attackCases(categories: readonly string[]): readonly AttackCase[] {
  return readCases().filter(({ id }) => categories.includes(id.split("-")[0] ?? ""));
}

/** @throws for a case that the file does not have. */
export function attackCase(id: string): AttackCase {
  const found = readCases().find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
}

function readCases(): readonly AttackCase[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => toCase(caseSchema.parse(JSON.parse(line))));
}

function toCase({ puppet_output: puppetOutput, input, ...rest }: z.infer<typeof caseSchema>): AttackCase {
  const { re } = rest.check;
  return {
    ...rest,
    input: input.replaceAll(REPEAT, (_, times: string, piece: string) => piece.repeat(Number(times))),
    puppetOutput,
    forbidden: re === undefined ? null : new RegExp(re.replaceAll(LONG_ESCAPE, String.raw`\u{$1}`), "u"),
  };
}
