import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../../dist/infra/main.js", import.meta.url));
const execute = promisify(execFile);

/** Something that can be killed, and comes back when it is told to. */
export interface Machine {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A `deskhand start` of one role in a process of its own. */
export class DeskhandProcess implements Machine {
  readonly name: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #role: "web" | "worker";
  readonly #port: number;
  #child: ChildProcess | null = null;
  /** What it wrote to its log, over all its lives. */
  log = "";
  /** What it said to whoever started it, over all its lives. */
  said = "";

  constructor(role: "web" | "worker", port: number, env: Readonly<Record<string, string>>) {
    this.name = `${role}:${port}`;
    this.#role = role;
    this.#port = port;
    const { PATH, HOME } = process.env;
    this.#env = { PATH, HOME, LOG_LEVEL: "warn", ...env, PORT: String(port) };
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves when it is ready. One that ends while it starts (its database is down) is started again. */
  async start(): Promise<void> {
    for (;;) {
      if (this.#child === null || this.#child.exitCode !== null) this.#spawn();
      if (await isReady(this.origin)) return;
      await sleep(100);
    }
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  #spawn(): void {
    const child = spawn(process.execPath, [MAIN, "start", "--role", this.#role], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk) => {
      this.said += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      this.log = (this.log + String(chunk)).slice(-100_000);
    });
    this.#child = child;
  }
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(1_500) })).ok;
  } catch {
    return false;
  }
}

/** PostgreSQL or Redis, by a program that is called with a verb and the service's name. */
export function service(control: string, name: "postgres" | "redis"): Machine {
  const call = async (verb: string) => {
    await execute(control, [verb, name], { timeout: 60_000 });
  };
  return { name, kill: () => call("kill"), start: () => call("start") };
}
