import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../../src/ports/clock.js";
import type { NewId } from "../../../src/ports/ids.js";

const LINK_LIFETIME_MS = 10 * 60 * 1_000;
const SESSION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1_000;

/** What a sign-in link lets its bearer do: everything on this console, or only ask and read what they asked. */
export type SessionRole = "admin" | "customer";

/** A browser that opened a sign-in link. Who sits in front of it is not known: whoever has the link is let in. */
export interface Session {
  readonly id: string;
  readonly role: SessionRole;
  readonly expiresAt: Date;
}

/** Sign-in links and the cookies they are exchanged for. */
export interface Sessions {
  /** The origin of the page where a proxy changes the host; null when it is the host that was asked for. */
  readonly publicOrigin: string | null;
  /** Makes a token that opens one session within ten minutes. It is kept only as a hash, in this process. */
  createToken(role: SessionRole, isSecure: boolean): string;
  /**
   * The value of a `Set-Cookie` header, or null for a token that is unknown, used or too old. A browser that is still
   * signed in with the same role goes on with its session, and so with its conversations.
   */
  redeem(token: string, cookieHeader: string | undefined): string | null;
  /** The session a `Cookie` header carries, or null when there is none, it ran out, or it was not signed here. */
  read(cookieHeader: string | undefined): Session | null;
}

export interface SessionDeps {
  readonly secret: Buffer;
  readonly installationId: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly publicOrigin: string | null;
}

const payloadSchema = z.object({ id: z.uuid(), role: z.enum(["admin", "customer"]), expiresAt: z.number() });

interface Link {
  readonly role: SessionRole;
  readonly expiresAt: number;
  readonly isSecure: boolean;
}

export function createSessions(deps: SessionDeps): Sessions {
  const links = new Map<string, Link>();
  // Cookies are shared by all ports of a host, so the name tells two installations on one machine apart.
  const cookieName = `deskhand_${hash(deps.installationId).slice(0, 8)}`;
  const sign = (text: string): string =>
    createHmac("sha256", deps.secret).update(`console-session:${deps.installationId}:${text}`).digest("base64url");

  const read = (cookieHeader: string | undefined): Session | null => {
    const [payload, signature, ...rest] = cookieValue(cookieHeader, cookieName)?.split(".") ?? [];
    if (payload === undefined || signature === undefined || rest.length > 0) return null;
    if (!isSame(signature, sign(payload))) return null;
    const session = decode(payload);
    return session !== null && session.expiresAt > deps.clock.now() ? session : null;
  };

  return {
    publicOrigin: deps.publicOrigin,
    read,
    createToken(role, isSecure) {
      const now = deps.clock.now().getTime();
      for (const [key, link] of links) if (link.expiresAt <= now) links.delete(key);
      const token = randomBytes(32).toString("base64url");
      links.set(hash(token), { role, expiresAt: now + LINK_LIFETIME_MS, isSecure });
      return token;
    },
    redeem(token, cookieHeader) {
      const link = links.get(hash(token));
      links.delete(hash(token));
      const now = deps.clock.now().getTime();
      if (link === undefined || link.expiresAt <= now) return null;
      const current = read(cookieHeader);
      const id = current?.role === link.role ? current.id : deps.newId();
      const payload = encode({ id, role: link.role, expiresAt: now + SESSION_LIFETIME_MS });
      const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_LIFETIME_MS / 1_000}`;
      return `${cookieName}=${payload}.${sign(payload)}; ${attributes}${link.isSecure ? "; Secure" : ""}`;
    },
  };
}

function encode(payload: z.infer<typeof payloadSchema>): string {
  return Buffer.from(JSON.stringify(payload)).toString("base64url");
}

function decode(payload: string): Session | null {
  try {
    const parsed = payloadSchema.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return { ...parsed, expiresAt: new Date(parsed.expiresAt) };
  } catch {
    return null;
  }
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(hash(left), "hex"), Buffer.from(hash(right), "hex"));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
