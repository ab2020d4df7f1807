import { Readable } from "node:stream";
import type { Operations } from "../../src/commands/operations.js";
import { DeskhandError, errorCode } from "../../src/ports/errors.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import { newId } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import { bringsToken } from "./bearer-token.js";
import {
  CONTROL_PATH,
  operationInputs as inputs,
  parseInput,
  type ControlLine,
  type OperationName,
} from "./control-protocol.js";

export interface ControlRoutesDependencies {
  readonly operations: Operations;
  readonly token: string;
  readonly logger: Logger;
  /** Keeps a quiet answer from being taken for a dead one. */
  readonly heartbeatMs?: number;
}

/** Serves {@link Operations} to commands in another process, to whoever has the token. */
export function createControlRoutes(deps: ControlRoutesDependencies): readonly HttpRoute[] {
  return [
    {
      method: "POST",
      path: `${CONTROL_PATH}/:operation`,
      bodyLimit: 64 * 1024,
      handle: (request) => Promise.resolve(handle(deps, request)),
    },
  ];
}

function handle(deps: ControlRoutesDependencies, request: HttpRequest): HttpResponse {
  if (!bringsToken(request.headers["authorization"], deps.token))
    return { status: 401, body: JSON.stringify({ error: "unauthorized" }) };
  const name = request.params["operation"];
  if (!isOperation(name)) return { status: 404, body: JSON.stringify({ error: "not-found" }) };
  const lines = answerLines(deps, name, request);
  return { status: 200, headers: { "content-type": "application/x-ndjson" }, body: Readable.from(lines) };
}

function isOperation(name: string | undefined): name is OperationName {
  return name !== undefined && Object.hasOwn(inputs, name);
}

async function* answerLines(
  deps: ControlRoutesDependencies,
  name: OperationName,
  request: HttpRequest,
): AsyncGenerator<string> {
  const lines = operationLines(deps.operations, name, request.body, request.signal);
  try {
    for await (const line of withHeartbeat(lines, deps.heartbeatMs ?? 15_000)) yield `${JSON.stringify(line)}\n`;
  } catch (error) {
    if (request.signal.aborted) return;
    yield `${JSON.stringify(errorLine(error, name, deps.logger))}\n`;
  }
}

/** What Deskhand says on purpose is for whoever runs commands; anything else stays in the log, under a reference. */
function errorLine(error: unknown, operation: string, logger: Logger): ControlLine {
  if (error instanceof DeskhandError) return { error: { code: error.code, message: error.message } };
  const reference = newId();
  logger.error("control request failed", { reference, route: operation, code: errorCode(error) });
  return { error: { code: "internal", message: `The server failed. Its log has more under ${reference}.` } };
}

async function* operationLines(
  operations: Operations,
  name: OperationName,
  body: Buffer,
  signal: AbortSignal,
): AsyncGenerator<ControlLine> {
  if (name === "follow") {
    const input = parseInput(inputs.follow, body);
    yield* events(operations.follow(input.conversationKey, input.afterMessageId, signal));
  } else if (name === "sync") {
    const { name: source, ...options } = parseInput(inputs.sync, body);
    yield* events(operations.sync(source, options, signal));
  } else {
    yield { result: (await callOnce(operations, name, body, signal)) ?? null };
  }
}

async function* events(source: AsyncIterable<unknown>): AsyncGenerator<ControlLine> {
  for await (const event of source) yield { event };
  yield { result: null };
}

function callOnce(
  operations: Operations,
  name: Exclude<OperationName, "follow" | "sync">,
  body: Buffer,
  signal: AbortSignal,
): Promise<unknown> {
  switch (name) {
    case "say":
      return operations.say(parseInput(inputs.say, body), signal);
    case "addSource":
      return operations.addSource(parseInput(inputs.addSource, body));
    case "removeSource": {
      const { name: source, sourceId } = parseInput(inputs.removeSource, body);
      return operations.removeSource(source, sourceId);
    }
    case "manage":
      return operations.manage(parseInput(inputs.manage, body), signal);
    case "status":
      return operations.status();
    case "removed":
      return operations.removed();
    case "lastDiff":
      return operations.lastDiff(parseInput(inputs.lastDiff, body).name);
    case "search": {
      const input = parseInput(inputs.search, body);
      return operations.search(input.text, input.audience, input.limit, signal);
    }
    case "explain":
      return operations.explain(parseInput(inputs.explain, body).answerId);
    case "explainNewest":
      return operations.explainNewest(parseInput(inputs.explainNewest, body));
    case "doctor":
      return operations.doctor(signal);
  }
}

async function* withHeartbeat(lines: AsyncGenerator<ControlLine>, everyMs: number): AsyncGenerator<ControlLine> {
  try {
    let next = lines.next();
    for (;;) {
      const result = await within(next, everyMs);
      if (result === null) {
        yield { ping: true };
        continue;
      }
      if (result.done === true) return;
      yield result.value;
      next = lines.next();
    }
  } finally {
    await lines.return(undefined);
  }
}

/** Null when it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
