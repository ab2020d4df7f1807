import { isIP } from "node:net";
import { fileURLToPath } from "node:url";

/** Where a repository is, checked so far that git takes it for nothing else than that. */
export interface GitRemote {
  /** As git is given it: never with a user's password, never one of git's transports that run programs. */
  readonly url: string;
  /** The only protocol that git may use for it. */
  readonly protocol: "https" | "http" | "ssh" | "file";
  /** Null for a repository on this machine. An IPv6 address is without its brackets. */
  readonly host: string | null;
  readonly port: number | null;
}

const FORMS = "Write https://host/path, ssh://git@host/path, git@host:path, file:///path or an absolute path";
const MAX_LENGTH = 2_000;
const CONTROL = /\p{Cc}/u;
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu;
const USER = /^[a-z0-9_][a-z0-9_.-]*$/iu;
const SCP_FORM = /^(?<user>[^@:/]+)@(?<host>[^@:/]+):(?<path>(?!:)[^:].*)$/u;
const DEFAULT_PORTS = { https: 443, http: 80, ssh: 22 } as const;

/** What is wrong with the location, or where it leads to. */
export function readGitLocation(location: string): GitRemote | { readonly problem: string } {
  if (location.length > MAX_LENGTH || CONTROL.test(location)) {
    return { problem: `location: has control characters or more than ${MAX_LENGTH} characters` };
  }
  if (location.startsWith("/")) return onThisMachine(location);
  const scp = SCP_FORM.exec(location)?.groups;
  if (scp !== undefined) return scpForm(location, scp["user"] ?? "", scp["host"] ?? "");
  if (!URL.canParse(location)) return { problem: `location: is no address of a repository. ${FORMS}` };
  return fromUrl(new URL(location));
}

function onThisMachine(path: string): GitRemote {
  return { url: path, protocol: "file", host: null, port: null };
}

function scpForm(location: string, user: string, host: string): GitRemote | { readonly problem: string } {
  if (!USER.test(user) || !HOST.test(host)) return { problem: `location: has no usable user or host. ${FORMS}` };
  return { url: location, protocol: "ssh", host: host.toLowerCase(), port: DEFAULT_PORTS.ssh };
}

function fromUrl(url: URL): GitRemote | { readonly problem: string } {
  const protocol = url.protocol.slice(0, -1);
  if (protocol === "file") return fromFileUrl(url);
  if (protocol !== "https" && protocol !== "http" && protocol !== "ssh") {
    return { problem: `location: ${url.protocol} is not read. ${FORMS}` };
  }
  if (url.password !== "" || (protocol !== "ssh" && url.username !== "")) {
    return { problem: "location: holds a user name or password. Take them out and give the source's secret instead" };
  }
  if (url.search !== "" || url.hash !== "" || url.pathname.length < 2) {
    return { problem: `location: names no repository, or has a ? or #. ${FORMS}` };
  }
  const host = url.hostname.replace(/^\[|\]$/gu, "").replace(/\.$/u, "");
  const isUsable = (isIP(host) !== 0 || HOST.test(host)) && (url.username === "" || USER.test(url.username));
  if (!isUsable) return { problem: `location: has no usable user or host. ${FORMS}` };
  return { url: url.href, protocol, host, port: url.port === "" ? DEFAULT_PORTS[protocol] : Number(url.port) };
}

function fromFileUrl(url: URL): GitRemote | { readonly problem: string } {
  if (url.host !== "" || url.search !== "" || url.hash !== "" || /%00|%2f/iu.test(url.pathname)) {
    return { problem: "location: write file:/// and the absolute path of the repository" };
  }
  const path = fileURLToPath(url);
  return CONTROL.test(path) ? { problem: "location: has control characters" } : onThisMachine(path);
}
