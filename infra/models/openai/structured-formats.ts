import type { ResponseFormatJSONObject, ResponseFormatJSONSchema } from "openai/resources/shared";
import type { ResponseFormatTextJSONSchemaConfig, ResponseTextConfig } from "openai/resources/responses/responses";
import { zodTextFormat } from "openai/helpers/zod";
import type { z } from "zod";
import { isBadArgument, standsInEveryDialect, type Dialect, type DialectChoice, type Refusal } from "./dialects.js";

/**
 * How an endpoint is asked for an object: held to its schema, held to JSON, or held to nothing. In the last two the
 * schema is in the prompt.
 */
export type StructuredFormat = "schema" | "object" | "text";

const BEST: StructuredFormat = "schema";
const FORMATS: readonly [StructuredFormat, StructuredFormat, StructuredFormat] = [BEST, "object", "text"];
/** So many replies that are not what was asked for are as good as a refusal in words. */
const DOUBTS = 2;

/**
 * Finds out once for each process which format an endpoint knows, as `DialectChoice` does for the rest; that it knows no
 * schemas is found out for all who ask it.
 */
export interface FormatChoice {
  current(): StructuredFormat;
  /** To be called with the format in which a valid object came. A lesser one is kept only when the best was refused. */
  settle(format: StructuredFormat): void;
  /** What to try after the endpoint refused a format, or seems not to know it; null when there is no other. */
  after(format: StructuredFormat, how: "refused" | "doubtful"): StructuredFormat | null;
}

/** @param formats what may be tried, best first */
export function createFormatChoice(
  dialects: Pick<DialectChoice, "hasSchemas" | "settleWithoutSchemas">,
  formats: readonly [StructuredFormat, StructuredFormat, ...StructuredFormat[]] = FORMATS,
): FormatChoice {
  let settled: StructuredFormat | null = null;
  let doubtsLeft = DOUBTS;
  return {
    current: () => settled ?? (dialects.hasSchemas() ? BEST : formats[1]),
    settle(format) {
      if (settled !== null || (format !== BEST && doubtsLeft > 0 && dialects.hasSchemas())) return;
      settled = format;
      if (format !== BEST) dialects.settleWithoutSchemas();
    },
    after(format, how) {
      if (settled !== null) return settled === format ? null : settled;
      if (format === BEST) doubtsLeft -= how === "doubtful" ? 1 : DOUBTS;
      return formats[formats.indexOf(format) + 1] ?? null;
    },
  };
}

/** One way to put a question to an endpoint. */
export interface Way {
  readonly dialect: Dialect;
  readonly format: StructuredFormat;
}

export interface WayChoice {
  readonly dialects: DialectChoice;
  readonly formats: FormatChoice;
}

export function currentWay({ dialects, formats }: WayChoice): Way {
  return { dialect: dialects.current(), format: formats.current() };
}

/**
 * What to try after a refusal, or null when it stands. Formats are tried first: an endpoint that knows the API seldom
 * knows them all.
 */
export function nextWay({ dialects, formats }: WayChoice, { dialect, format }: Way, refusal: Refusal): Way | null {
  if (standsInEveryDialect(refusal)) return null;
  if (isBadArgument(refusal) && mayBeFormat(refusal)) {
    const next = formats.after(format, "refused");
    if (next !== null) return { dialect, format: next };
  }
  const next = dialects.after(dialect, refusal);
  return next === null ? null : { dialect: next, format: formats.current() };
}

function mayBeFormat({ param }: Refusal): boolean {
  return param === undefined || param === null || /^(?:text|response_format)\b/u.test(param);
}

/** An object as either API is asked for it. */
export interface ObjectShape {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** An object whose fields are all there: what may be missing is nullable. Bounds of lengths are not understood by all. */
  readonly schema: z.ZodType;
}

export function responsesFormat(shape: ObjectShape, format: StructuredFormat): { text?: ResponseTextConfig } {
  if (format === "text") return {};
  return { text: { format: format === "object" ? { type: "json_object" } : strictSchema(shape) } };
}

export function chatFormat(
  shape: ObjectShape,
  format: StructuredFormat,
): { response_format?: ResponseFormatJSONObject | ResponseFormatJSONSchema } {
  if (format === "text") return {};
  if (format === "object") return { response_format: { type: "json_object" } };
  const { type, ...schema } = strictSchema(shape);
  return { response_format: { type, json_schema: schema } };
}

/** The prompt for this format. The word JSON also ends the input: that is where OpenAI looks for it. */
export function promptFor(
  shape: ObjectShape,
  format: StructuredFormat,
  prompt: { readonly instruction: string; readonly input: string },
): { readonly instruction: string; readonly input: string } {
  if (format === "schema") return prompt;
  const schema = JSON.stringify(strictSchema(shape).schema);
  return {
    instruction: `${prompt.instruction}\n\nWrite one JSON object that fits this JSON schema, and nothing else:\n${schema}`,
    input: `${prompt.input}\n\nReply with the JSON object.`,
  };
}

/** The library's object can also read replies; only its plain fields are sent. */
function strictSchema({ name, schema }: ObjectShape): ResponseFormatTextJSONSchemaConfig & { readonly strict: true } {
  return { type: "json_schema", name, strict: true, schema: zodTextFormat(schema, name).schema };
}
