import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { vectorOfText } from "./text-vector.js";

/**
 * An endpoint for embeddings in a process of its own, so that its work is nobody else's: OpenAI's form, a fixed delay, and
 * the same vector for the same text. The first message says how; every later one is answered with what it was asked for.
 */
export interface EndpointSettings {
  readonly delayMs: number;
}

/** What it was asked for since the last time that this was asked. */
export interface EndpointUse {
  readonly port: number;
  readonly requests: number;
  readonly inputs: number;
  readonly rssMb: number;
}

const requestSchema = z.looseObject({ input: z.array(z.string()), dimensions: z.number() });

const use = { requests: 0, inputs: 0 };
let port = 0;

async function embed(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) body += String(piece);
  const { input, dimensions } = requestSchema.parse(JSON.parse(body));
  use.requests += 1;
  use.inputs += input.length;
  const data = input.map((text, index) => {
    const vector = vectorOfText(text, dimensions);
    return { object: "embedding", index, embedding: Buffer.from(vector.buffer).toString("base64") };
  });
  return JSON.stringify({ object: "list", model: "bench", data, usage: { prompt_tokens: 1, total_tokens: 1 } });
}

function listen({ delayMs }: EndpointSettings): void {
  const server = createServer((request, response) => {
    void Promise.all([embed(request), pause(delayMs)]).then(([body]) => {
      response.setHeader("content-type", "application/json").end(body);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    ({ port } = server.address() as AddressInfo);
    tell();
  });
}

function tell(): void {
  const told: EndpointUse = { port, ...use, rssMb: Math.round(process.memoryUsage.rss() / 1e6) };
  use.requests = 0;
  use.inputs = 0;
  process.send?.(told);
}

process.on("message", (settings: EndpointSettings) => {
  if (port === 0) listen(settings);
  else tell();
});
