import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { InboundEvent } from "../../src/ports/chat.js";
import type { ChildSettings } from "./child-settings.js";
import { eventually, factsSchema, type Facts } from "./outcomes.js";

const script = fileURLToPath(new URL("../../dist/faults/test/faults/child.js", import.meta.url));
const readySchema = z.object({ port: z.number(), installationId: z.string() });

/** A core in a process of its own. */
export class CoreProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #port = 0;
  installationId = "";

  constructor(settings: ChildSettings) {
    this.#child = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "inherit"] });
    this.#ended = once(this.#child, "exit").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  /** Resolves when it listens. */
  async ready(): Promise<void> {
    if (this.#child.stdout === null) throw new Error("unreachable: stdout is a pipe");
    const lines = createInterface({ input: this.#child.stdout });
    const first = await Promise.race([once(lines, "line"), this.#ended]);
    if (!Array.isArray(first)) throw new Error(`the core ended before it was ready: ${JSON.stringify(first)}`);
    const ready = readySchema.parse(JSON.parse(String(first[0])));
    this.#port = ready.port;
    this.installationId = ready.installationId;
  }

  /** True when the event was acknowledged, as a platform would see it. */
  async deliver(event: InboundEvent): Promise<boolean> {
    return this.#post("/events", JSON.stringify(event));
  }

  async startWorking(): Promise<void> {
    await this.#post("/start", "");
  }

  /** Arms a failpoint: `name:kill`, `name:kill:nth`. Calls are counted from now on. */
  async arm(failpoint: string): Promise<void> {
    await this.#post("/arm", failpoint);
  }

  /** Whether every stored event has its outcome and every delivery has ended. */
  isQuiet(): Promise<boolean> {
    return this.#post("/quiet", "");
  }

  /** Resolves when it is quiet, or when the process is dead. */
  async untilQuiet(): Promise<void> {
    await eventually(
      async () => !this.isRunning || (await this.isQuiet()),
      (isQuiet) => isQuiet,
    );
  }

  /** What the database holds about one conversation. */
  async facts(conversationKey: string): Promise<Facts> {
    return factsSchema.parse(await (await this.#fetch("/facts", conversationKey)).json());
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #post(path: string, body: string): Promise<boolean> {
    try {
      return (await this.#fetch(path, body)).ok;
    } catch {
      return false;
    }
  }

  #fetch(path: string, body: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#port}${path}`, { method: "POST", body });
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has ended, with the signal that ended it. */
  async ended(): Promise<NodeJS.Signals | null> {
    return (await this.#ended).signal;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGCONT");
    this.#child.kill("SIGTERM");
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(killer);
  }
}
