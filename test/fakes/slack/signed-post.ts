import { createHmac } from "node:crypto";
import { request, type Agent, type IncomingHttpHeaders } from "node:http";

export interface SignedPost {
  readonly secret: string;
  readonly body: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Whose connections to use; null for a connection of its own. */
  readonly agent: Agent | null;
}

export type PostAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly kind: "failed"; readonly reason: "http_timeout" | "connection_failed" };

/** The headers by which an app knows that a body is from Slack. `atMs` is the time that is signed. */
export function signatureHeaders(secret: string, body: string, atMs: number): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${digest}` };
}

/** Never rejects: what went wrong is the answer. */
export function postSigned(url: string, post: SignedPost): Promise<PostAnswer> {
  return new Promise((resolve) => {
    const outgoing = request(url, {
      method: "POST",
      agent: post.agent ?? false,
      headers: {
        "content-type": post.contentType,
        "content-length": Buffer.byteLength(post.body),
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        ...signatureHeaders(post.secret, post.body, Date.now()),
        ...post.headers,
      },
    });
    const timer = setTimeout(() => fail("http_timeout"), post.timeoutMs);
    const stop = (): void => fail("connection_failed");
    post.signal.addEventListener("abort", stop, { once: true });
    function finish(answer: PostAnswer): void {
      clearTimeout(timer);
      post.signal.removeEventListener("abort", stop);
      resolve(answer);
    }
    function fail(reason: "http_timeout" | "connection_failed"): void {
      finish({ kind: "failed", reason });
      outgoing.destroy();
    }
    outgoing.on("error", () => fail("connection_failed"));
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => fail("connection_failed"));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        finish({ kind: "answered", status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    outgoing.end(post.body);
  });
}
