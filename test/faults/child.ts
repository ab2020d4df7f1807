/** A whole core in a process of its own, to be killed. Configured by one JSON argument; controlled over HTTP. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { parseFailpointSetting } from "../../infra/config/failpoint-setting.js";
import { createCore, type Core } from "../../infra/core.js";
import { createFailpoint } from "../../infra/failpoints.js";
import { openDatabase, type OpenDatabase } from "../../infra/postgres/open-database.js";
import { parseInboundEvent } from "../../infra/postgres/inbound-event-codec.js";
import { InProcessQueue } from "../../infra/queue/in-process-queue.js";
import { NO_LIMITS } from "../../src/ports/budgets.js";
import { systemClock } from "../../src/ports/clock.js";
import { noFailpoint, type Failpoint } from "../../src/ports/failpoints.js";
import { newId } from "../../src/ports/ids.js";
import { plainReply } from "../../src/ports/reply.js";
import { createMessagePlatformAdapter } from "../fakes/message-platform-adapter.js";
import { MemorySearch } from "../fakes/memory-search.js";
import { ScriptedAnswering } from "../fakes/scripted-answering.js";
import { ANY_FILES, NO_TIMERS } from "../support/handoff-rules.js";
import { silentLogger } from "../support/silent-logger.js";
import { childSettingsSchema, type ChildSettings } from "./child-settings.js";
import { isQuiet, readFacts } from "./outcomes.js";

/** The failpoint can be armed while the core runs, so that the way to the step under test is not killed. */
let failpoint: Failpoint = noFailpoint;

function arm(setting: string | null): void {
  failpoint = createFailpoint(setting === null ? null : parseFailpointSetting(setting));
}

async function main(): Promise<void> {
  const settings = childSettingsSchema.parse(JSON.parse(process.argv[2] ?? "{}"));
  const database = await openDatabase(databaseSettings(settings), silentLogger);
  arm(settings.failpoint);
  const installation = await database.coordination.ensureInstallation("default", "slack", "T1");
  const core = composeCore(settings, database, installation.id);
  const server = createServer((request, response) => {
    respond(core, database, request).then(
      ({ status, body }) => response.writeHead(status).end(body),
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  if (settings.startAtOnce) core.start();
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, installationId: installation.id })}\n`);
  await new Promise((resolve) => process.once("SIGTERM", resolve));
  server.close();
  await core.stop(2_000);
  await database[Symbol.asyncDispose]();
}

function databaseSettings({ database }: ChildSettings): Parameters<typeof openDatabase>[0] {
  return database.kind === "embedded"
    ? { kind: "embedded", directory: database.directory }
    : { kind: "postgres", url: database.url, poolSize: 5, statementTimeoutMs: 5_000, connectionTimeoutMs: 5_000 };
}

function composeCore(settings: ChildSettings, database: OpenDatabase, installationId: string): Core {
  const silent = () => undefined;
  return createCore({
    coordination: database.coordination,
    withStores: database.withStores,
    outcomeOf: database.outcomeOf,
    adapters: [createMessagePlatformAdapter({ baseUrl: settings.platformUrl, canReconcile: settings.canReconcile })],
    answering: new ScriptedAnswering({ pauseMs: settings.answerMs }),
    search: new MemorySearch([]),
    budget: NO_LIMITS,
    runCommand: () => Promise.resolve(plainReply("done")),
    agentsChannel: () => ({ installationId, key: "agents" }),
    queue: new InProcessQueue(silentLogger),
    logger: silentLogger,
    metrics: {
      eventAccepted: silent,
      eventFinished: silent,
      deliveryEnded: silent,
      answerStage: silent,
      budgetSpent: silent,
      firstReply: silent,
      targetMissed: silent,
    },
    failpoint: (name) => failpoint(name),
    clock: systemClock,
    newId,
    botName: "Deskhand",
    owner: `child-${process.pid}`,
    timings: {
      conversationLeaseMs: settings.leaseMs,
      deliveryLeaseMs: settings.leaseMs,
      timersMs: 50,
      learningMs: 50,
      sweepMs: 100,
      eventRetryMs: [100, 100, 100, 100],
      concurrency: 8,
    },
    burstMs: settings.burstMs,
    handoff: { ...NO_TIMERS, files: ANY_FILES },
  });
}

const pathSchema = z.enum(["/events", "/start", "/arm", "/quiet", "/facts"]);

async function respond(
  core: Core,
  database: OpenDatabase,
  request: IncomingMessage,
): Promise<{ status: number; body: string }> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  switch (pathSchema.parse(request.url)) {
    case "/quiet":
      return { status: (await isQuiet(database)) ? 200 : 409, body: "" };
    case "/facts":
      return { status: 200, body: JSON.stringify(await readFacts(database, body)) };
    case "/start":
      core.start();
      break;
    case "/arm":
      arm(body);
      break;
    case "/events":
      await core.sink.accept(parseInboundEvent(JSON.parse(body)));
  }
  return { status: 200, body: "" };
}

await main();
