import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Bull from "bull";
import { freePort } from "../../infra/bench/bench-process.js";

/** The Redis server to test on; undefined when there is none. */
export const testRedisUrl = process.env["TEST_REDIS_URL"];

/** Whether tests can start a Redis server of their own. */
export const hasRedisServer = spawnSync("redis-server", ["--version"]).status === 0;

/** A connection for tests to look at a server with. */
export class RedisProbe implements AsyncDisposable {
  readonly #queue: Bull.Queue;

  constructor(url: string) {
    this.#queue = new Bull("probe", url);
  }

  keys(pattern: string): Promise<string[]> {
    return this.#queue.client.keys(pattern);
  }

  hash(key: string): Promise<Record<string, string>> {
    return this.#queue.client.hgetall(key);
  }

  async delete(pattern: string): Promise<void> {
    const keys = await this.keys(pattern);
    if (keys.length > 0) await this.#queue.client.del(...keys);
  }

  async flush(): Promise<void> {
    await this.#queue.client.flushall();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#queue.close();
  }
}

/** A Redis server of one's own, to be killed, frozen and started again at the same address. */
export class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  #child: ChildProcess | null = null;

  private constructor(port: number, directory: string) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#port = port;
    this.#directory = directory;
  }

  /** Chooses the address; the server is down until {@link start}. */
  static async prepare(): Promise<RedisServer> {
    return new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), "deskhand-redis-")));
  }

  async start(): Promise<void> {
    const options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "always"];
    const child = spawn("redis-server", ["--port", String(this.#port), "--dir", this.#directory, ...options], {
      stdio: "ignore",
    });
    this.#child = child;
    await using probe = new RedisProbe(this.url);
    while (!(await answers(probe))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await pause(20);
    }
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** As a crash would end it. Its data stay, unless they are forgotten. */
  async kill({ forgetData = false } = {}): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    if (forgetData) await rm(join(this.#directory, "appendonlydir"), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function answers(probe: RedisProbe): Promise<boolean> {
  try {
    await probe.keys("nothing");
    return true;
  } catch {
    return false;
  }
}
