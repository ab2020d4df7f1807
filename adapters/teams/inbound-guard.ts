import type { InboundActivity } from "./inbound-activity.js";

/** Hosts that Microsoft serves Bot Connector from; each with all of its subdomains. */
export const MICROSOFT_SERVICE_HOSTS: readonly string[] = [
  "botframework.com",
  "smba.trafficmanager.net",
  "teams.microsoft.com",
  "teams.microsoft.us",
];

export interface GuardSettings {
  readonly tokenIssuer: string;
  readonly allowedServiceHosts: readonly string[];
  /** Whether addresses of this machine may be spoken to, and without https: for tests alone. */
  readonly allowLoopback: boolean;
  /** Lower case. */
  readonly allowedTenants: ReadonlySet<string>;
}

/** Whether the bot's own token may be sent to an address. */
export function mayCall(serviceUrl: string, { allowedServiceHosts, allowLoopback }: GuardSettings): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, username, password } = new URL(serviceUrl);
  if (username !== "" || password !== "") return false;
  if (allowLoopback && hostname === "127.0.0.1") return protocol === "http:" || protocol === "https:";
  return (
    protocol === "https:" && allowedServiceHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
  );
}

/**
 * Whether a token claims to be from Bot Connector. Nothing is verified here: it keeps the library's other doors, for
 * emulators and for other bots, shut before it sees the token.
 */
export function claimsIssuer(authorization: string, issuer: string): boolean {
  const payload = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/u.exec(authorization)?.[1];
  if (payload === undefined) return false;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as unknown;
    return typeof claims === "object" && claims !== null && Reflect.get(claims, "iss") === issuer;
  } catch {
    return false;
  }
}

/** The Microsoft 365 tenant an activity is from, when it is on the list; null when it names none, two, or another. */
export function allowedTenantOf(
  { conversation, channelData }: InboundActivity,
  settings: GuardSettings,
): string | null {
  const named = [conversation?.tenantId, channelData?.tenant?.id]
    .filter((id) => id !== null && id !== undefined && id !== "")
    .map((id) => String(id).toLowerCase());
  const [tenantId, ...others] = new Set(named);
  if (tenantId === undefined || others.length > 0) return null;
  return settings.allowedTenants.has(tenantId) ? tenantId : null;
}
