import { isIP } from "node:net";
import { UsageError } from "../../src/ports/errors.js";
import type { AddressPolicy } from "./http/address-policy.js";
import { isPublicAddress } from "./http/public-address.js";
import { refusePrivateHost } from "./http/safe-connection.js";
import type { ResolveHost } from "./http/safe-connection.js";
import type { GitRemote } from "./git-location.js";
import type { GitEnvironment } from "./git-program.js";
import { SourceError } from "./source.js";

/** What git is given of this process's environment: where programs, keys and certificates are, and nothing else. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"];

/** Of the repository's own settings, the machine's and the user's none counts. */
const ALONE: GitEnvironment = {
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LFS_SKIP_SMUDGE: "1",
};

type Setting = readonly [name: string, value: string];

const SETTINGS: readonly Setting[] = [
  // A redirect could lead to an address that was not checked, and would be sent the credential.
  ["http.followRedirects", "false"],
  ["http.proxy", ""],
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "60"],
  ["credential.helper", ""],
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["gc.autoDetach", "false"],
  ["maintenance.autoDetach", "false"],
];

/** The environment for commands that ask nobody: the program's version, a repository that is here. */
export function baseEnvironment(machine: Readonly<Record<string, string | undefined>>): GitEnvironment {
  const inherited = INHERITED.flatMap((name) => {
    const value = machine[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...ALONE };
}

export interface RemoteAccess {
  readonly remote: GitRemote;
  readonly secret: string | null;
  readonly policy: AddressPolicy;
  readonly resolve: ResolveHost;
}

/**
 * The environment for commands that may ask the remote: with its credential, and with the addresses that were checked, so
 * that git connects to these and asks no name server itself. @throws {SourceError} for a host that may not be asked.
 */
export async function remoteEnvironment(base: GitEnvironment, access: RemoteAccess): Promise<GitEnvironment> {
  const { remote, secret } = access;
  const addresses = await checkedAddresses(access);
  const settings = [
    ...SETTINGS,
    ...(addresses.length > 0 && remote.protocol !== "ssh" ? [pinnedBy(remote, addresses)] : []),
    ...(secret === null || !takesSecret(remote) ? [] : [credentialFor(remote, secret)]),
  ];
  return {
    ...base,
    GIT_ALLOW_PROTOCOL: remote.protocol,
    ...(remote.protocol === "ssh" ? sshProgram(remote, addresses[0]) : {}),
    ...asEnvironment(settings),
  };
}

function asEnvironment(settings: readonly Setting[]): GitEnvironment {
  const pairs = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...(Object.fromEntries(pairs) as Record<string, string>) };
}

async function checkedAddresses({ remote, policy, resolve }: RemoteAccess): Promise<readonly string[]> {
  const { host, protocol } = remote;
  if (host === null) return [];
  try {
    refusePrivateHost(policy, host);
  } catch (error) {
    throw blocked(host, error);
  }
  const addresses = isIP(host) !== 0 ? [host] : await resolved(host, resolve);
  if (addresses.some((address) => isIP(address) === 0 || !policy.mayConnect(host, address))) throw blocked(host);
  if (protocol === "http" && addresses.some(isPublicAddress)) throw inTheClear(host);
  return addresses;
}

function inTheClear(host: string): SourceError {
  return new SourceError(`Over http anybody on the way could read and change what ${host} sends. Write https.`);
}

async function resolved(host: string, resolve: ResolveHost): Promise<readonly string[]> {
  const addresses = await resolve(host).catch((error: unknown) => {
    throw unknownHost(host, error);
  });
  if (addresses.length === 0) throw unknownHost(host);
  return addresses;
}

function unknownHost(host: string, cause?: unknown): SourceError {
  return new SourceError(
    `${host} does not resolve: no name server knows an address of it. Check the location, and this machine's network.`,
    cause,
  );
}

function blocked(host: string, cause?: unknown): SourceError {
  const advice = "If it is a place of your own, add it to the allowed private hosts (DESKHAND_ALLOWED_PRIVATE_HOSTS).";
  return new SourceError(`${host} is not on the public internet, and nothing was asked of it. ${advice}`, cause);
}

function pinnedBy({ host, port }: GitRemote, addresses: readonly string[]): Setting {
  const bare = addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address));
  return ["http.curloptResolve", `${host ?? ""}:${port ?? ""}:${bare.join(",")}`];
}

/** Sent to this origin alone, and never seen in a list of processes. */
function credentialFor({ url, host }: GitRemote, secret: string): Setting {
  const [user, password] = secret.includes(":") ? splitOnce(secret) : [tokenUser(host), secret];
  const credential = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
  return [`http.${new URL(url).origin}/.extraHeader`, `Authorization: Basic ${credential}`];
}

function splitOnce(secret: string): readonly [string, string] {
  const colon = secret.indexOf(":");
  return [secret.slice(0, colon), secret.slice(colon + 1)];
}

/** Most hosts take a token from any user name; this one looks at it. */
function tokenUser(host: string | null): string {
  return host === "bitbucket.org" ? "x-token-auth" : "x-access-token";
}

const SSH = "ssh -oBatchMode=yes -oConnectTimeout=20 -oClearAllForwardings=yes -oPermitLocalCommand=no";

/** The host's key is looked up by its name all the same. Address and name are made of letters, digits, dots and colons. */
function sshProgram({ host, port }: GitRemote, address: string | undefined): GitEnvironment {
  if (host === null || address === undefined) return {};
  const alias = port === 22 ? host : `[${host}]:${port ?? ""}`;
  return { GIT_SSH_COMMAND: `${SSH} -oHostName=${address} '-oHostKeyAlias=${alias}'`, GIT_SSH_VARIANT: "ssh" };
}

/** Over ssh there are keys, and on this machine nothing is asked for. */
function takesSecret({ protocol }: GitRemote): boolean {
  return protocol === "https" || protocol === "http";
}

/** @throws {UsageError} for a secret that this remote cannot be sent */
export function checkSecret(remote: GitRemote, secret: string | null): void {
  if (secret === null || !takesSecret(remote) || /^[\x21-\x7e]{1,4000}$/u.test(secret)) return;
  throw new UsageError("The source's secret must be a token, or user:password, without spaces.");
}
