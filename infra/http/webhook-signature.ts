import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A webhook as it came: its headers and its body, byte for byte. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** How far the sender's clock may be from ours, either way. */
const WINDOW_SECONDS = 300;

/**
 * Whether whoever sent it has the secret: by GitHub's signature, by GitLab's token, or by a signature with a time,
 * `t=SECONDS,v1=HMAC` over `SECONDS.BODY`. Each of them is enough.
 */
export function isFromHolder({ headers, body }: SignedRequest, secret: string, now: Date): boolean {
  const github = headers["x-hub-signature-256"];
  const gitlab = headers["x-gitlab-token"];
  const timed = headers["x-deskhand-signature"];
  return (
    (github !== undefined && isSame(github, `sha256=${hmac(secret, body)}`)) ||
    (gitlab !== undefined && isSame(gitlab, secret)) ||
    (timed !== undefined && isTimely(timed, body, secret, now))
  );
}

const TIMED = /^t=(?<seconds>\d{1,12}),v1=(?<signature>[0-9a-f]{64})$/u;

function isTimely(header: string, body: Buffer, secret: string, now: Date): boolean {
  const { seconds = "", signature = "" } = TIMED.exec(header)?.groups ?? {};
  if (seconds === "" || Math.abs(now.getTime() / 1_000 - Number(seconds)) > WINDOW_SECONDS) return false;
  return isSame(signature, hmac(secret, Buffer.concat([Buffer.from(`${seconds}.`), body])));
}

function hmac(secret: string, body: Buffer): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** Compares digests, which are of one length whatever was sent. */
function isSame(sent: string, expected: string): boolean {
  return timingSafeEqual(digest(sent), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
