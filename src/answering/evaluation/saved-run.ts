import { z } from "zod";
import { UsageError } from "../../ports/errors.js";
import type { AnswersRun } from "./evaluate-answers.js";
import type { RetrievalRun } from "./evaluate-retrieval.js";
import type { EvaluationRun } from "./evaluation-run.js";

/** A run as it is compared: figures are made from the questions again. */
export type RecordedRun = (Pick<AnswersRun, "kind" | "questions"> | Pick<RetrievalRun, "kind" | "questions">) & {
  /** Whether the calibration was fitted to the very questions that were measured. */
  readonly fitted_to_these?: boolean | undefined;
};

const FORMAT = "deskhand-evaluation";
const VERSION = 1;

const header = z.object({ format: z.literal(FORMAT), version: z.number() });

const question = {
  id: z.string(),
  question: z.string(),
  answerable: z.boolean(),
  groups: z
    .object({ kind: z.string(), label: z.string(), style: z.string() })
    .partial()
    .transform(({ kind, label, style }) => ({
      ...(kind === undefined ? {} : { kind }),
      ...(label === undefined ? {} : { label }),
      ...(style === undefined ? {} : { style }),
    })),
  grades: z.record(z.string(), z.number().int().nonnegative()),
};
const answersSchema = z.object({
  kind: z.literal("answers"),
  fitted_to_these: z.boolean().optional(),
  questions: z.array(
    z.object({
      ...question,
      confidence: z.number().min(0).max(1),
      decision: z.enum(["answer", "ask-back", "hand-off"]),
      isRight: z.boolean(),
      cited: z.array(z.string()),
      text: z.string(),
      isGoldFound: z.boolean().nullable(),
    }),
  ),
});
const retrievalSchema = z.object({
  kind: z.literal("retrieval"),
  questions: z.array(
    z.object({ ...question, asked: z.string(), ranked: z.array(z.string()), ms: z.number().nonnegative() }),
  ),
});
const runSchema = z.discriminatedUnion("kind", [answersSchema, retrievalSchema]);

export interface RunOrigin {
  readonly by: string;
  readonly at: Date;
  /** For people. */
  readonly settings: string;
  readonly isFitted: boolean;
}

/** The text of a file that {@link parseRun} reads. */
export function runFile(run: EvaluationRun, made: RunOrigin): string {
  const { kind, figures, questions } = run;
  const { by: made_by, at: made_at, settings, isFitted: fitted_to_these } = made;
  const head = { format: FORMAT, version: VERSION, made_by, made_at, settings, fitted_to_these };
  const saved = { ...head, kind, figures, questions };
  return `${JSON.stringify(saved, null, 1)}\n`;
}

/** @throws {UsageError} naming the file and what is wrong with it */
export function parseRun(text: string, file: string): RecordedRun {
  const value = parseJson(text, file);
  const { success: isRun, data: head } = header.safeParse(value);
  if (!isRun) throw new UsageError(`${file} is not a saved run: write one with \`deskhand eval … --save FILE\`.`);
  if (head.version !== VERSION) {
    throw new UsageError(`${file} was saved by another version of Deskhand (format ${head.version}): save it again.`);
  }
  const { data: run, error } = runSchema.safeParse(value);
  if (error !== undefined) {
    const [issue] = error.issues;
    throw new UsageError(`${file} is damaged: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`);
  }
  if (run.questions.length === 0) throw new UsageError(`${file} holds no questions.`);
  const seen = new Set<string>();
  for (const { id } of run.questions) {
    if (seen.has(id)) throw new UsageError(`${file} is damaged: the question "${id}" is there twice.`);
    seen.add(id);
  }
  return run;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: a saved run is what \`deskhand eval … --save FILE\` writes.`, { cause });
  }
}
