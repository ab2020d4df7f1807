import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LAST_PRIORITY, type JobHandlers, type Queue } from "../../src/ports/queue.js";

/** What every queue promises, whatever it stands on. */
export function queueContract(name: string, createQueue: () => Queue): void {
  describe(`${name} keeps the queue contract`, () => {
    let bell: Doorbell;
    beforeEach(() => {
      bell = new Doorbell(createQueue());
    });
    afterEach(() => bell.queue.stop(0));

    it("runs a job that was added before it started, and one added after", async () => {
      await bell.work("a");
      bell.start(2);
      await bell.send("b");

      await bell.until(2);
      expect(bell.ran.toSorted()).toEqual(["send b", "work a"]);
    });

    it("adds a waiting job once for its key", async () => {
      await bell.work("a");
      await bell.work("a");
      await bell.work("b");
      bell.start();

      await bell.until(2);
      expect(bell.ran).toEqual(["work a", "work b"]);
    });

    it("takes a job again while one with its key runs, so that no ring is lost", async () => {
      const gate = bell.holdNext();
      bell.start();
      await bell.work("a");
      await bell.until(1);
      await bell.work("a");
      gate.open();

      await bell.until(2);
      expect(bell.ran).toEqual(["work a", "work a"]);
    });

    it("runs no more at once than it was told", async () => {
      const gate = bell.holdNext();
      bell.start();
      await bell.work("a");
      await bell.work("b");
      await bell.until(1);

      expect(bell.ran).toEqual(["work a"]);
      gate.open();
      await bell.until(2);
    });

    it("goes on after a job that fails", async () => {
      bell.failNext();
      bell.start();
      await bell.work("a");
      await bell.work("b");

      await bell.until(2);
      expect(bell.ran).toEqual(["work a", "work b"]);
    });

    it("runs a delayed job after one without a delay", async () => {
      bell.start();
      await bell.work("later", { delayMs: 50 });
      await bell.work("now");

      await bell.until(2);
      expect(bell.ran).toEqual(["work now", "work later"]);
    });

    it("runs a job once more for any number of rings while it runs", async () => {
      const gate = bell.holdNext();
      bell.start();
      await bell.work("a");
      await bell.until(1);
      for (let ring = 0; ring < 3; ring += 1) await bell.work("a");
      await bell.work("last");
      gate.open();

      await bell.until(3);
      expect(bell.ran).toEqual(["work a", "work a", "work last"]);
    });

    it("runs what is urgent before what is not, and what is equally urgent in the order in which it came", async () => {
      await bell.work("later 1", { priority: LAST_PRIORITY });
      await bell.work("later 2", { priority: LAST_PRIORITY });
      await bell.work("soon", { priority: 2 });
      await bell.work("first 1");
      await bell.work("last", { priority: LAST_PRIORITY });
      await bell.work("first 2");
      bell.start();

      await bell.until(6);
      const inOrder = ["first 1", "first 2", "soon", "later 1", "later 2", "last"];
      expect(bell.ran).toEqual(inOrder.map((key) => `work ${key}`));
    });

    it("keeps the priority of a job that is delayed, and tells its handler", async () => {
      await bell.work("delayed", { priority: LAST_PRIORITY, delayMs: 20 });
      const gate = bell.holdNext();
      bell.start();
      await bell.work("running");
      await bell.until(1);
      await pause(150);
      await bell.work("first");
      gate.open();

      await bell.until(3);
      expect(bell.ran).toEqual(["work running", "work first", "work delayed"]);
      expect(bell.priorities).toEqual([undefined, undefined, LAST_PRIORITY]);
    });

    it("takes a job again after it has run", async () => {
      bell.start();
      for (const round of [1, 2, 3]) {
        await bell.work("a");
        await bell.until(round);
      }
      expect(bell.ran).toEqual(["work a", "work a", "work a"]);
    });

    it("tells jobs of different names with one key apart, and hands over their payloads", async () => {
      await bell.queue.enqueue("conversation.work", "key", { conversationId: "first" });
      await bell.queue.enqueue("conversation.send", "key", { conversationId: "second" });
      bell.start();

      await bell.until(2);
      expect(bell.ran).toEqual(["work first", "send second"]);
    });

    it("does not let a ring for now wait for a delayed one with its key", async () => {
      bell.start();
      await bell.work("a", { delayMs: 600_000 });
      await bell.work("a");

      await bell.until(1);
      expect(bell.ran).toEqual(["work a"]);
    });

    it("runs at the earliest of the times that a key was delayed to", async () => {
      bell.start();
      await bell.work("a", { delayMs: 600_000 });
      await bell.work("a", { delayMs: 50 });
      await bell.work("a", { delayMs: 600_000 });

      await bell.until(1);
      expect(bell.ran).toEqual(["work a"]);
    });

    it("takes no more jobs, and throws nothing, once it has stopped", async () => {
      bell.start();
      await bell.queue.stop(0);
      await bell.work("a");

      expect(bell.ran).toEqual([]);
    });

    it("waits for running jobs when it stops, and starts no others", async () => {
      const gate = bell.holdNext();
      bell.start();
      await bell.work("a");
      await bell.work("b");
      await bell.until(1);
      const stopped = bell.queue.stop(60_000);
      gate.open();
      await stopped;

      expect(bell.ended).toEqual(["work a"]);
      expect(bell.ran).toEqual(["work a"]);
    });

    it("aborts a job that outlasts the grace", async () => {
      bell.holdUntilAborted();
      bell.start();
      await bell.work("a");
      await bell.until(1);
      await bell.queue.stop(10);

      expect(bell.ended).toEqual(["work a"]);
    });
  });
}

/** A queue and its handlers, which write down what ran, and can be held or made to fail. */
class Doorbell {
  readonly queue: Queue;
  readonly ran: string[] = [];
  readonly ended: string[] = [];
  /** Of each work that ran. */
  readonly priorities: (number | undefined)[] = [];
  #next: ((signal: AbortSignal) => Promise<void>)[] = [];
  #watchers: (() => void)[] = [];

  readonly #handlers: JobHandlers = {
    "conversation.work": ({ conversationId, priority }, signal) => {
      this.priorities.push(priority);
      return this.#run(`work ${conversationId}`, signal);
    },
    "conversation.send": ({ conversationId }, signal) => this.#run(`send ${conversationId}`, signal),
  };

  constructor(queue: Queue) {
    this.queue = queue;
  }

  start(concurrency = 1): void {
    this.queue.start(this.#handlers, concurrency);
  }

  /** Rings for work in the conversation whose id is the key. */
  work(key: string, { delayMs, ...ring }: { delayMs?: number; priority?: number } = {}): Promise<void> {
    return this.queue.enqueue("conversation.work", key, { conversationId: key, ...ring }, delayMs);
  }

  send(key: string): Promise<void> {
    return this.queue.enqueue("conversation.send", key, { conversationId: key });
  }

  async #run(what: string, signal: AbortSignal): Promise<void> {
    this.ran.push(what);
    for (const watcher of this.#watchers.splice(0)) watcher();
    try {
      await this.#next.shift()?.(signal);
    } finally {
      this.ended.push(what);
    }
  }

  holdNext(): { open: () => void } {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#next.push(() => gate);
    return { open: () => open() };
  }

  holdUntilAborted(): void {
    this.#next.push((signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())));
  }

  failNext(): void {
    this.#next.push(() => Promise.reject(new Error("a job that fails")));
  }

  /** Resolves when so many jobs have begun. */
  async until(count: number): Promise<void> {
    while (this.ran.length < count) {
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }
}
