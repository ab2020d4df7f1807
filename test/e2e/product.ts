import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/infra/main.js", import.meta.url));
const READY_WITHIN_MS = 90_000;
const LINK = /https?:\/\/\S+\/signin\?token=\S+/u;

/** The real product in a process of its own, with a fresh directory and the demo knowledge base. */
export class Product {
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #output: string[] = [];
  signInLink = "";

  private constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.#directory = directory;
    this.#child = spawn(process.execPath, [MAIN, "start"], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...bareEnvironment(), ...env, PORT: "0", DESKHAND_DIR: join(directory, ".deskhand") },
    });
  }

  /** @param files by name, beside which it is started: `deskhand.yaml`, and what that names */
  static async start(
    files: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<Product> {
    const directory = await mkdtemp(join(tmpdir(), "deskhand-browser-"));
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
    const product = new Product(directory, env);
    await product.#ready();
    return product;
  }

  /** A terminal in which somebody runs `deskhand chat` beside the running product. */
  chat(name: string): Terminal {
    const child = spawn(process.execPath, [MAIN, "chat", "--name", name], {
      cwd: this.#directory,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...bareEnvironment(), DESKHAND_DIR: join(this.#directory, ".deskhand") },
    });
    return new Terminal(child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await ended;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const linked = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#failure("printed no sign-in link")), READY_WITHIN_MS);
      this.#child.once("exit", () => reject(this.#failure("ended")));
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on("line", (line) => {
          this.#output.push(line);
          const link = LINK.exec(line)?.[0];
          if (link === undefined) return;
          clearTimeout(timer);
          resolve(link);
        });
      }
    });
    this.signInLink = await linked;
  }

  #failure(what: string): Error {
    return new Error(`deskhand start ${what}:\n${this.#output.slice(-30).join("\n")}`);
  }
}

/** A program that reads lines and prints. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  printed = "";

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => (this.printed += String(chunk)));
    }
  }

  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Ends the input, as Ctrl-D does. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.stdin.end();
    await ended;
  }
}

/** No key, no database, no Redis of whoever runs the suite. */
function bareEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG };
}
