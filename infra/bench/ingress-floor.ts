import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import type { MessageEvent } from "../../src/ports/chat.js";
import type { Logger } from "../../src/ports/logger.js";
import { openPlainIntake } from "../postgres/open-database.js";

/**
 * What the ingress is compared with: a bare HTTP server that reads the same bodies, sends the same statement to the
 * same database, one for each event, and answers. It verifies nothing. Told what to work on over the channel to the process that forked it.
 */
export interface FloorSettings {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly installationId: string;
}

const deliverySchema = z.object({
  event: z.object({ user: z.string(), text: z.string(), ts: z.string(), channel: z.string() }),
});

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

function serve({ databaseUrl, poolSize, installationId }: FloorSettings): void {
  const intake = openPlainIntake(
    { url: databaseUrl, poolSize, statementTimeoutMs: 10_000, connectionTimeoutMs: 5_000 },
    quiet,
  );
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => intake.acceptEvent(toEvent(body, installationId)))
      .then(
        () => response.writeHead(200).end(),
        () => response.writeHead(500).end(),
      );
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address !== null) process.send?.({ port: address.port });
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function toEvent(body: string, installationId: string): MessageEvent {
  const { user, text, ts, channel } = deliverySchema.parse(JSON.parse(body)).event;
  return {
    kind: "message",
    eventId: `message:${channel}:${ts}`,
    conversation: { installationId, key: `${channel}:${ts}` },
    channelId: channel,
    messageId: ts,
    revision: 0,
    occurredAt: new Date(Number(ts) * 1_000),
    author: { id: user, displayName: "Bench", role: "customer", isBot: false },
    audience: ["public"],
    text,
    addressesBot: true,
  };
}

process.once("message", (settings: FloorSettings) => {
  serve(settings);
});
