import type { ManagedCommand } from "../../src/commands/command.js";
import type { Managed } from "../../src/commands/manage-knowledge.js";
import type { ChatUpdate, DoctorReport, Operations, SourceSyncProgress } from "../../src/commands/operations.js";
import type { WebMessage } from "../../src/ports/console.js";
import { DeskhandError, NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { NewSource, SearchResult, SourceStatus, SyncDiff } from "../../src/ports/knowledge.js";
import type { RemovedSource } from "../../src/ports/source-lifecycle.js";
import type { StoredAnswer } from "../../src/ports/stores.js";
import { CONTROL_PATH, type ControlLine, type OperationInput, type OperationName } from "../http/control-protocol.js";

/** The running server could not be asked, or failed. */
export class ServerError extends DeskhandError {
  override readonly name = "ServerError";
  readonly code: string;
  readonly isRetryable = true;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** A JSON value as it crossed the wire: its dates are texts. */
type Wire<T> = T extends Date ? string : T extends object ? { readonly [Key in keyof T]: Wire<T[Key]> } : T;

/**
 * The operations of a running server, over its control address. Every operation rejects with what the server's own
 * would, and with {@link ServerError} when the server cannot be reached.
 */
export function createRemoteOperations(server: { readonly address: string; readonly token: string }): Operations {
  const call = createCaller(server);
  const once = <Result>(...request: Parameters<typeof call>) => lastOf<Result>(call(...request));
  return {
    say: (message, signal) => once("say", message, signal),
    follow: (conversationKey, afterMessageId, signal) =>
      updates(call("follow", { conversationKey, afterMessageId }, signal), signal),
    addSource: (source) => once<SourceStatus>("addSource", toWire(source), null),
    removeSource: async (name, sourceId) => {
      await once("removeSource", { name, sourceId }, null);
    },
    manage: (command, signal) => once<Managed>("manage", toWritable(command), signal),
    sync: (name, { confirmRemovals, sourceIds }, signal) =>
      eventsOf<SourceSyncProgress>(
        call("sync", { name, confirmRemovals, sourceIds: sourceIds && [...sourceIds] }, signal),
      ),
    status: () => once<readonly SourceStatus[]>("status", {}, null),
    removed: () => once<readonly RemovedSource[]>("removed", {}, null),
    lastDiff: (name) => once<SyncDiff | null>("lastDiff", { name }, null),
    search: (text, audience, limit, signal) =>
      once<SearchResult>("search", { text, audience: [...audience], limit }, signal),
    explain: async (answerId) => toAnswer(await once<Wire<StoredAnswer>>("explain", { answerId }, null)),
    explainNewest: async (place) => toAnswer(await once<Wire<StoredAnswer>>("explainNewest", { ...place }, null)),
    doctor: (signal) => once<DoctorReport>("doctor", {}, signal),
  };
}

function toWire({ options = {}, acl, ...source }: NewSource): OperationInput<"addSource"> {
  // Options are JSON wherever they come from: a settings file, or the command line.
  return { ...source, options: options as OperationInput<"addSource">["options"], acl: [...acl] };
}

function toWritable(command: ManagedCommand): OperationInput<"manage"> {
  return command.kind === "kb-write" ? { ...command, variants: [...command.variants] } : command;
}

function createCaller(server: { readonly address: string; readonly token: string }) {
  return async function* call<Name extends OperationName>(
    name: Name,
    input: OperationInput<Name>,
    signal: AbortSignal | null,
  ): AsyncGenerator<ControlLine> {
    const response = await send(`${server.address}${CONTROL_PATH}/${name}`, server.token, input, signal);
    if (response.body === null) throw new ServerError("no-answer", "The running server sent nothing.");
    try {
      // The lines come from this package's own server, behind its token: their shape is not checked again.
      for await (const line of linesOf(response.body)) yield JSON.parse(line) as ControlLine;
    } catch (error) {
      throw signal?.aborted === true ? error : unreachable(error);
    }
  };
}

async function send(url: string, token: string, input: object, signal: AbortSignal | null): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(input),
      signal,
    });
  } catch (error) {
    throw signal?.aborted === true ? error : unreachable(error);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 413) throw new UsageError("That is too long for one command.");
  if (response.status === 503) throw new ServerError("unavailable", "The running server is shutting down. Try again.");
  throw new ServerError(
    "refused",
    `The running server refused this command (${response.status}). Restart it if Deskhand was updated: deskhand start`,
  );
}

/** Splits at line feeds only: a text inside a JSON value may hold any other separator. */
async function* linesOf(body: NonNullable<Response["body"]>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function unreachable(cause: unknown): ServerError {
  return new ServerError(
    "unreachable",
    "The running server does not answer. Look at its output, or stop it and run the command again.",
    { cause },
  );
}

/** A draining server ends what it was sending in good order. */
function stopped(): ServerError {
  return new ServerError("stopped", "The running server has stopped. Run the command again, or: deskhand start");
}

async function lastOf<Result>(lines: AsyncIterable<ControlLine>): Promise<Result> {
  for await (const line of lines) {
    if ("error" in line) throw toError(line.error);
    if ("result" in line) return line.result as Result;
  }
  throw stopped();
}

async function* eventsOf<Event>(lines: AsyncIterable<ControlLine>): AsyncGenerator<Event> {
  for await (const line of lines) {
    if ("error" in line) throw toError(line.error);
    if ("result" in line) return;
    if ("event" in line) yield line.event as Event;
  }
  throw stopped();
}

async function* updates(lines: AsyncIterable<ControlLine>, signal: AbortSignal): AsyncGenerator<ChatUpdate> {
  try {
    for await (const update of eventsOf<Wire<ChatUpdate>>(lines)) yield toUpdate(update);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function toError({ code, message }: { readonly code: string; readonly message: string }): DeskhandError {
  if (code === "usage") return new UsageError(message);
  if (code === "not-found") return new NotFoundError(message);
  return new ServerError(code, message);
}

function toUpdate(update: Wire<ChatUpdate>): ChatUpdate {
  return update.kind === "message" ? { kind: "message", message: toMessage(update.message) } : update;
}

function toMessage(message: Wire<WebMessage>): WebMessage {
  const { createdAt, editedAt, ...rest } = message;
  return { ...rest, createdAt: new Date(createdAt), editedAt: editedAt === null ? null : new Date(editedAt) };
}

function toAnswer({ createdAt, ...rest }: Wire<StoredAnswer>): StoredAnswer {
  return { ...rest, createdAt: new Date(createdAt) };
}
