import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DeskhandError } from "../../src/ports/errors.js";
import { packageRoot } from "../package-root.js";

class BenchProcessError extends DeskhandError {
  override readonly name = "BenchProcessError";
  readonly code = "bench-process";
  readonly isRetryable = false;
}

const STOP_MS = 10_000;
const START_MS = 60_000;

/** Starts a module of this folder as a process of its own, from the build, with this environment alone. @throws when there is no build. */
export function forkModule(name: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  return fork(built("infra", "bench", `${name}.js`), { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

/** Sends one message and resolves with the next one that comes back. @throws when the process ends instead. */
export async function ask<Answer>(child: ChildProcess, message: object, signal: AbortSignal): Promise<Answer> {
  const ended = new AbortController();
  const waiting = AbortSignal.any([signal, ended.signal]);
  const onExit = () => {
    ended.abort(new BenchProcessError("a process of the benchmark ended before its work was done"));
  };
  child.once("exit", onExit);
  try {
    const answered = once(child, "message", { signal: waiting });
    child.send(message);
    const [answer] = (await answered) as [Answer];
    return answer;
  } finally {
    child.removeListener("exit", onExit);
  }
}

/** Starts `deskhand start --role web` from the build and resolves once it is ready. */
export async function startWeb(
  directory: string,
  port: number,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [built("infra", "main.js"), "start", "--role", "web"], {
    cwd: directory,
    env: { ...env, HOST: "127.0.0.1", PORT: String(port), LOG_LEVEL: "error" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const deadline = performance.now() + START_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new BenchProcessError(`the server ended with ${child.exitCode}: see above`);
    if (performance.now() > deadline || signal.aborted) {
      await stopProcess(child);
      signal.throwIfAborted();
      throw new BenchProcessError("the server did not get ready");
    }
    await pause(100);
  }
  return child;
}

/** Asks it to end, and makes it end. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(late);
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new BenchProcessError("the system gave no port");
  return address.port;
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

function built(...path: readonly string[]): string {
  const file = join(packageRoot(), "dist", ...path);
  if (!existsSync(file)) throw new BenchProcessError("Deskhand is not built. Run `npm run build:server`.");
  return file;
}
