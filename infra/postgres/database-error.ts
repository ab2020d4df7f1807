import { DeskhandError } from "../../src/ports/errors.js";

/**
 * PostgreSQL refused a statement or could not be reached. `cause` is the driver's error; the message leaves its text out,
 * because that may quote what a customer wrote.
 */
export class DatabaseError extends DeskhandError {
  override readonly name = "DatabaseError";
  readonly code = "database";
  /** The five characters PostgreSQL names the failure with; null when the connection failed. */
  readonly sqlState: string | null;
  /** The constraint that refused a row, when one did. */
  readonly constraint: string | null;
  readonly isRetryable: boolean;

  constructor(
    message: string,
    options: { sqlState?: string | null; constraint?: string | null; isRetryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.sqlState = options.sqlState ?? null;
    this.constraint = options.constraint ?? null;
    this.isRetryable = options.isRetryable ?? false;
  }
}

/** A transaction that lost against another one; running it again from the start is safe and likely to succeed. */
export const CONFLICT_STATES: ReadonlySet<string> = new Set(["40001", "40P01"]);

const RETRYABLE_STATES: ReadonlySet<string> = new Set([
  ...CONFLICT_STATES,
  "25006", // the server is read-only: a failover is going on
  "55P03", // a lock was not available in time
  "57014", // the statement timeout cut it off
  "57P01", // the server shuts down, crashed, or starts up
  "57P02",
  "57P03",
  "57P05",
]);

/** Connection exceptions, insufficient resources, system errors. */
const RETRYABLE_CLASSES: ReadonlySet<string> = new Set(["08", "53", "58"]);

/** The only place that knows what the driver's errors look like. Errors of our own pass through unchanged. */
export function toDatabaseError(error: unknown): DeskhandError {
  if (error instanceof DeskhandError) return error;
  const sqlState = stringProperty(error, "code");
  if (sqlState !== null && /^[0-9A-Z]{5}$/u.test(sqlState)) {
    const constraint = stringProperty(error, "constraint");
    const suffix = constraint === null ? "" : ` (${constraint})`;
    const isRetryable = RETRYABLE_STATES.has(sqlState) || RETRYABLE_CLASSES.has(sqlState.slice(0, 2));
    const message = refusedConnection(sqlState, error) ?? `the database refused a statement with SQLSTATE ${sqlState}`;
    return new DatabaseError(`${message}${suffix}`, {
      sqlState,
      constraint,
      isRetryable,
      cause: error,
    });
  }
  // Without a SQLSTATE the driver never heard from the server, except where it could not encode a parameter.
  const isRetryable = !(error instanceof TypeError);
  return new DatabaseError(`the database could not be reached: ${sqlState ?? "connection failed"}`, {
    isRetryable,
    cause: error,
  });
}

/** What to do where the server lets nobody in; null for every other SQLSTATE. */
function refusedConnection(sqlState: string, error: unknown): string | null {
  switch (sqlState) {
    case "3D000": {
      const name = quotedName(error);
      const create = name === null ? "with createdb" : `with createdb ${name}`;
      return `the database ${name ?? "that DATABASE_URL names"} does not exist: create it on that server (${create}), or correct DATABASE_URL`;
    }
    case "28P01":
      return "the database refused the user's password: correct the user or the password in DATABASE_URL";
    case "28000":
      return `the database does not let ${quotedName(error) ?? "the user"} in: check the user in DATABASE_URL, and that the server allows it from this machine (pg_hba.conf)`;
    default:
      return null;
  }
}

/** The name that the server's message has in quotes, where it is a plain one. */
function quotedName(error: unknown): string | null {
  const message = error instanceof Error ? error.message : "";
  return /"([\w.-]{1,63})"/u.exec(message)?.[1] ?? null;
}

/** True where the connection itself can no longer be used. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return error.sqlState === null || error.sqlState.startsWith("57P") || error.sqlState.startsWith("08");
}

/** What the server itself said, with its hint. Only where no statement carried what somebody wrote. */
export function describeServerError(error: unknown): string {
  const source = error instanceof DatabaseError && error.cause instanceof Error ? error.cause : error;
  const hint = stringProperty(source, "hint");
  const message = source instanceof Error ? source.message : "unknown";
  return hint === null ? message : `${message}. ${hint}`;
}

function stringProperty(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null || !(key in value)) return null;
  const property: unknown = Reflect.get(value, key);
  return typeof property === "string" ? property : null;
}
