import { z } from "zod";
import { UsageError } from "../../src/ports/errors.js";
import { SERVER_COUNTS, sourceSecretVariable } from "../../src/ports/source-secrets.js";
import { FetchError } from "./http/fetch-error.js";
import { asSourceFailure } from "./source-failure.js";
import type { SourceKindDefinition, SourcePlace, SourceRecord } from "./source-kind.js";
import { ItemError, SourceError } from "./source.js";
import type { Source } from "./source.js";

/** What a record of a vendor's source has in it once it was read. */
export interface ReadRecord<Options> {
  readonly options: Options;
  readonly secret: string;
}

/** How a vendor's records are read. */
export interface RecordRules<Options> {
  readonly options: z.ZodType<Options>;
  /** The names of the options, for whoever mistyped one. */
  readonly known: readonly string[];
  /** What is wrong with the location, null when nothing is. */
  problemOfLocation(location: string): string | null;
  /** How a secret has to look, and where one is made. */
  readonly secret: { readonly form: RegExp; readonly advice: string };
}

/**
 * Reads a record and its secret without asking anything of the network.
 * @throws {UsageError} with every problem at once; a secret is never shown
 */
export function readRecord<Options>(
  rules: RecordRules<Options>,
  record: SourceRecord,
  secret: string | null,
): ReadRecord<Options> {
  const { name } = record;
  const parsed = rules.options.safeParse(record.options ?? {});
  const problems = [
    ...problemsOfPlace(rules, record, parsed.error),
    ...(secret === null
      ? [`its secret is missing: set ${sourceSecretVariable(name)}. ${SERVER_COUNTS} ${rules.secret.advice}`]
      : []),
    ...(secret !== null && !rules.secret.form.test(secret)
      ? [`${sourceSecretVariable(name)} is not as it must be. ${rules.secret.advice}`]
      : []),
  ];
  if (problems.length > 0 || !parsed.success || secret === null) {
    throw unreadable(name, problems);
  }
  return { options: parsed.data, secret };
}

/** @throws {UsageError} with every problem of location and options */
function checkPlace<Options>(rules: RecordRules<Options>, record: SourceRecord): void {
  const problems = problemsOfPlace(rules, record, rules.options.safeParse(record.options ?? {}).error);
  if (problems.length > 0) throw unreadable(record.name, problems);
}

function problemsOfPlace<Options>(
  rules: RecordRules<Options>,
  { location }: SourceRecord,
  error: z.ZodError | undefined,
): readonly string[] {
  const ofLocation = rules.problemOfLocation(location);
  const ofOptions = error?.issues.map((issue) => problemOf(issue, rules.known)) ?? [];
  return [...(ofLocation === null ? [] : [`location: ${ofLocation}`]), ...ofOptions];
}

function unreadable(name: string, problems: readonly string[]): UsageError {
  return new UsageError(`The source ${name} cannot be read so. Correct ${problems.join("; ")}`);
}

function problemOf({ path, code, message, ...issue }: z.core.$ZodIssue, known: readonly string[]): string {
  if (code === "unrecognized_keys" && "keys" in issue) {
    return `options: there is no ${issue.keys.join(", ")} (there are ${known.join(", ")})`;
  }
  return `options.${path.join(".")}: ${message}`;
}

/** A kind whose records are read by these rules and then opened. */
export function vendorKind<Options>(
  rules: RecordRules<Options>,
  open: (record: SourceRecord, read: ReadRecord<Options>, place: SourcePlace) => Source,
): SourceKindDefinition {
  return {
    checkOptions: (record) => checkPlace(rules, record),
    async check(record, { secretOf }) {
      await Promise.resolve();
      readRecord(rules, record, secretOf(record.name));
    },
    async open(record, place) {
      await Promise.resolve();
      return asSourceFailure(() => open(record, readRecord(rules, record, place.secretOf(record.name)), place));
    },
  };
}

/** One value, or several in a list. */
export function oneOrMany<Value>(value: z.ZodType<Value>, max = 200): z.ZodType<readonly Value[]> {
  return z.union([z.array(value).max(max, `has more than ${max} entries`), value.transform((one) => [one])]);
}

/** Basic credentials of `user:password`, else a bearer token. */
export function authorizationOf(secret: string): string {
  return secret.includes(":") ? `Basic ${Buffer.from(secret, "utf8").toString("base64")}` : `Bearer ${secret}`;
}

/** Of one item what would end a listing ends only the reading of this one. */
export function toItemError(error: unknown): unknown {
  if (error instanceof SourceError || error instanceof FetchError)
    return new ItemError("unavailable", error.message, error);
  return error;
}
