import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { FinishedEvent, Operations, SaidMessage } from "../../src/commands/operations.js";
import { createCommandRunner } from "../../src/commands/run-command.js";
import { assertNever } from "../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import { createChatPrinter, type ChatPrinter } from "./chat-printer.js";
import { createMemoryConfirmations } from "./memory-confirmations.js";
import { createOutcomeWaiters, type OutcomeWaiters } from "./outcome-waiters.js";
import type { ProgramDependencies } from "./program-dependencies.js";
import { render } from "./terminal.js";

export interface ChatSessionOptions {
  readonly conversationKey: string;
  readonly displayName: string;
}

/** Talks until the input ends or `deps.signal` aborts. Resolves with whether a person was asked for an answer. */
export async function runChatSession(
  deps: ProgramDependencies,
  operations: Operations,
  options: ChatSessionOptions,
): Promise<{ readonly isHandedOff: boolean }> {
  const ending = new AbortController();
  const signal = AbortSignal.any([deps.signal, ending.signal]);
  const isInteractive = deps.stdin.isTTY === true && deps.stdout.isTTY === true;
  const input = createInterface({
    input: deps.stdin,
    ...(isInteractive ? { output: deps.stdout, prompt: "> " } : { terminal: false }),
  });
  // Listens from now on: a line that comes before the loop below starts is kept.
  const lines = input[Symbol.asyncIterator]();
  const stop = () => {
    ending.abort();
    input.close();
  };
  input.on("SIGINT", stop);
  signal.addEventListener("abort", stop, { once: true });

  const own = new Set<string>();
  const waiters = createOutcomeWaiters();
  const printer = createChatPrinter(deps, {
    clear: () => {
      if (isInteractive) deps.stdout.write("\r\u001b[K");
    },
    restore: () => {
      if (isInteractive) input.prompt(true);
    },
  });
  const following = follow({ operations, options, own, waiters, printer }, signal).catch((error: unknown) => {
    waiters.fail(error);
    stop();
  });
  try {
    const prompt = () => {
      if (isInteractive) input.prompt();
    };
    prompt();
    const runCommand = commandRunnerOn(operations);
    const isHandedOff = await talk({ deps, operations, options, own, waiters, runCommand, prompt }, lines, signal);
    waiters.throwIfFailed();
    return { isHandedOff };
  } finally {
    ending.abort();
    input.close();
    await following;
  }
}

interface Following {
  readonly operations: Operations;
  readonly options: ChatSessionOptions;
  readonly own: ReadonlySet<string>;
  readonly waiters: OutcomeWaiters;
  readonly printer: ChatPrinter;
}

async function follow(session: Following, signal: AbortSignal): Promise<void> {
  const { operations, options, own, waiters, printer } = session;
  for await (const update of operations.follow(options.conversationKey, null, signal)) {
    if (update.kind === "outcome") waiters.settle(update);
    else if (!own.has(update.message.messageId)) printer.show(update.message);
  }
}

interface Talking {
  readonly deps: ProgramDependencies;
  readonly operations: Operations;
  readonly options: ChatSessionOptions;
  readonly own: Set<string>;
  readonly waiters: OutcomeWaiters;
  readonly runCommand: ReturnType<typeof createCommandRunner>;
  readonly prompt: () => void;
}

/** Here folders may be added from anywhere, and nothing is refused. */
function commandRunnerOn(operations: Operations): Talking["runCommand"] {
  return createCommandRunner({
    operationsFor: () => operations,
    confirmations: createMemoryConfirmations(newId),
    recordRefusal: () => Promise.resolve(),
    folderBelowRoots: (path) => Promise.resolve(resolve(path)),
    hasSecret: () => false,
  });
}

async function talk(session: Talking, lines: AsyncIterable<string>, signal: AbortSignal): Promise<boolean> {
  const { deps, options, own, prompt } = session;
  let isHandedOff = false;
  for await (const line of lines) {
    const text = line.trim();
    if (signal.aborted || text === "/quit" || text === "/exit") break;
    if (text.startsWith("/")) await runSlashCommand(session, text.slice(1), signal);
    else if (text !== "") {
      const messageId = newId();
      own.add(messageId);
      const said = { conversationKey: options.conversationKey, messageId, text, displayName: options.displayName };
      const finished = await sayAndWait(session, said, signal);
      if (finished === null) break;
      isHandedOff ||= finished.outcome.kind === "handed-off";
      deps.stdout.write(noteOn(finished));
    }
    prompt();
  }
  return isHandedOff;
}

/** Null when the chat is ended meanwhile. */
async function sayAndWait(
  { operations, waiters }: Talking,
  said: SaidMessage,
  signal: AbortSignal,
): Promise<FinishedEvent | null> {
  try {
    const { inboxId } = await operations.say(said, signal);
    return await waiters.wait(inboxId, signal);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** Whoever sits at this machine may run every command. */
async function runSlashCommand(
  { deps, options, runCommand }: Talking,
  line: string,
  signal: AbortSignal,
): Promise<void> {
  const author = { id: "terminal", displayName: "Terminal", role: "admin", isBot: false } as const;
  const { conversationKey } = options;
  const place = { tenantId: DEFAULT_TENANT, installationId: null, platform: "terminal", conversationKey } as const;
  const reply = await runCommand(
    { ...place, isAmongTeam: true, author, line, audience: ["public"], eventId: null },
    signal,
  );
  deps.stdout.write(`${render(deps, reply)}\n\n`);
}

/** What the messages themselves do not say. */
function noteOn({ outcome, confidence, answerId }: FinishedEvent): string {
  switch (outcome.kind) {
    case "relayed":
      return "(Sent to the person who has this conversation.)\n\n";
    case "ignored":
      return `(Nothing to answer: ${outcome.reason}.)\n\n`;
    case "answered":
    case "clarified":
    case "handed-off": {
      if (answerId === null || confidence === null) return "";
      const isSmallTalk = confidence === 0 && outcome.kind !== "handed-off";
      return isSmallTalk ? "" : `(Confidence ${Math.round(confidence * 100)} %. /explain shows why.)\n\n`;
    }
    case "commanded":
    case "recorded":
    case "failed":
      return "";
    default:
      return assertNever(outcome.kind);
  }
}
