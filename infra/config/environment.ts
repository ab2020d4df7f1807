import { isIP } from "node:net";
import { z } from "zod";
import { ConfigError } from "./config-error.js";
import { parseFailpointSetting, type FailpointSetting } from "./failpoint-setting.js";
import { isLoopback } from "./loopback.js";
import { serviceProblems, serviceVariables, toServiceConfig, type ServiceConfig } from "./services.js";

type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** What the environment says: addresses, secrets and the machine. Behaviour is in `deskhand.yaml`. */
export interface EnvironmentConfig extends ServiceConfig {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where the embedded database and the running server's address are kept. */
  readonly directory: string;
  /** The file that DESKHAND_SETTINGS names, which must be there; null for `deskhand.yaml`, which may be missing. */
  readonly settingsFile: string | null;
  /** Null for the embedded database in `directory`. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly logLevel: LogLevel;
  /** Signs sessions. Null only on a loopback address, where one is made at each start. */
  readonly secret: string | null;
  /** The address that people use, without a path. */
  readonly publicUrl: string | null;
  /** Opens the metrics to other machines; null keeps them on this one. */
  readonly metricsToken: string | null;
  readonly failpoint: FailpointSetting | null;
  /** By the name of the variable, see `sourceSecretVariable` and `webhookSecretVariable`. */
  readonly sourceSecrets: ReadonlyMap<string, string>;
  /** Host names, addresses and ranges that sources may be read from although they are not public. */
  readonly allowedPrivateHosts: readonly string[];
  /** Of {@link MACHINE_VARIABLES} those that are set. */
  readonly machine: Readonly<Record<string, string>>;
}

/** What programs that Deskhand runs are found by, and find keys and certificates by: the machine's business, and no setting. */
const MACHINE_VARIABLES = [
  "PATH",
  "HOME",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
];

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/iu;

function isHost(text: string): boolean {
  return isIP(text) !== 0 || HOST_NAME.test(text);
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.pathname === "/" && url.search === "" && url.hash === "";
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ["postgres:", "postgresql:"].includes(new URL(text).protocol);
}

function wholeNumber(lowest: number, highest: number) {
  const rule = `must be a whole number from ${lowest} to ${highest}`;
  return z
    .string()
    .regex(/^\d{1,9}$/u, rule)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest, rule);
}

const filled = z.string().min(1, "is empty: set it or remove it");

/** One entry for each variable that Deskhand reads. */
const environmentSchema = z.object({
  ...serviceVariables,
  HOST: filled.refine(isHost, "must be a host name or an IP address").default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(3000),
  DESKHAND_DIR: filled.default(".deskhand"),
  DESKHAND_SETTINGS: filled.optional(),
  DATABASE_URL: filled.refine(isPostgresUrl, "must be a postgres:// or postgresql:// address").optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
  DESKHAND_ALLOW_PLAINTEXT_DATABASE: z.enum(["true", "false"], "must be true or false").default("false"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "must be debug, info, warn, error or silent")
    .default("info"),
  DESKHAND_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  DESKHAND_PUBLIC_URL: filled
    .refine(isOrigin, "must be an http:// or https:// address without a path or a user name")
    .transform((text) => (URL.canParse(text) ? new URL(text).origin : text))
    .optional(),
  DESKHAND_METRICS_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
  DESKHAND_ALLOWED_PRIVATE_HOSTS: z
    .string()
    .transform((text) => text.split(/[\s,]+/u).filter((part) => part !== ""))
    .default([]),
  FAILPOINT: filled
    .transform((text) => parseFailpointSetting(text))
    .refine((setting) => setting !== null, "must be name:kill|throw|hang[:nth] with the name of a failpoint")
    .optional(),
});

type Environment = z.infer<typeof environmentSchema>;

/** The names of all variables that Deskhand reads. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(environmentSchema.shape);

const SOURCE_SECRET = /^SOURCE_[A-Z0-9_]+_SECRET$/u;

/**
 * Reads the configuration; pure, so that the caller decides which environment.
 * @throws {ConfigError} with every problem at once. A wrong value is a problem and never becomes the default.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): EnvironmentConfig {
  const parsed = environmentSchema.safeParse(env);
  const unknown = unknownVariables(env);
  if (!parsed.success) throw new ConfigError([...parsed.error.issues.map(describeIssue), ...unknown]);
  const secrets = Object.entries(env).filter(([name]) => SOURCE_SECRET.test(name));
  const empty = secrets.filter(([, value]) => value === "").map(([name]) => `${name}: is empty: set it or remove it`);
  const problems = [...unknown, ...empty, ...insecureCombinations(parsed.data)];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...toConfig(parsed.data),
    sourceSecrets: new Map(secrets.map(([name, value = ""]) => [name, value])),
    machine: machineOf(env),
  };
}

function machineOf(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    MACHINE_VARIABLES.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function toConfig(data: Environment): Omit<EnvironmentConfig, "sourceSecrets" | "machine"> {
  return {
    ...toServiceConfig(data),
    allowedPrivateHosts: data.DESKHAND_ALLOWED_PRIVATE_HOSTS,
    host: data.HOST,
    port: data.PORT,
    directory: data.DESKHAND_DIR,
    settingsFile: data.DESKHAND_SETTINGS ?? null,
    databaseUrl: data.DATABASE_URL ?? null,
    databasePoolSize: data.DATABASE_POOL_SIZE,
    logLevel: data.LOG_LEVEL,
    secret: data.DESKHAND_SECRET ?? null,
    publicUrl: data.DESKHAND_PUBLIC_URL ?? null,
    metricsToken: data.DESKHAND_METRICS_TOKEN ?? null,
    failpoint: data.FAILPOINT ?? null,
  };
}

function describeIssue(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return `${issue.path.map(String).join(".")}: ${issue.message}`;
}

function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("DESKHAND_") && !ENVIRONMENT_VARIABLES.includes(name))
    .sort()
    .map((name) => `${name}: is not a variable of Deskhand`);
}

function insecureCombinations(data: Environment): readonly string[] {
  return [...exposureProblems(data), ...databaseProblems(data), ...serviceProblems(data)];
}

function exposureProblems(data: Environment): readonly string[] {
  if (isLoopback(data.HOST)) return [];
  const problems: string[] = [];
  if (data.DESKHAND_SECRET === undefined) {
    problems.push("DESKHAND_SECRET: is required when HOST is not a loopback address (make one: openssl rand -hex 32)");
  }
  if (data.DESKHAND_PUBLIC_URL?.startsWith("https://") !== true) {
    problems.push("DESKHAND_PUBLIC_URL: must be an https:// address when HOST is not a loopback address");
  }
  if (data.FAILPOINT !== undefined) {
    problems.push("FAILPOINT: is for tests and is refused when HOST is not a loopback address");
  }
  if (data.TEAMS_EMULATOR_URL !== undefined) {
    problems.push("TEAMS_EMULATOR_URL: is for tests and is refused when HOST is not a loopback address");
  }
  return problems;
}

/** pg connects in the clear unless `sslmode` asks for encryption. */
function databaseProblems(data: Environment): readonly string[] {
  if (data.DATABASE_URL === undefined || data.DESKHAND_ALLOW_PLAINTEXT_DATABASE === "true") return [];
  const url = new URL(data.DATABASE_URL);
  const host = url.searchParams.get("host") ?? url.hostname;
  if (host === "" || host.startsWith("/") || isLoopback(host)) return [];
  if (["require", "verify-ca", "verify-full"].includes(url.searchParams.get("sslmode") ?? "")) return [];
  return [
    "DATABASE_URL: must ask for encryption (add sslmode=verify-full) when the database is on another machine, " +
      "or set DESKHAND_ALLOW_PLAINTEXT_DATABASE=true on a network you trust",
  ];
}
