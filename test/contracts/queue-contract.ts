import { afterEach, describe, expect, it } from "vitest";
import type { JobHandlers, Queue } from "../../src/ports/queue.js";

const id = (conversationId: string) => ({ conversationId });

/** What every queue promises, whatever it stands on. */
export function queueContract(name: string, createQueue: () => Queue): void {
  describe(`${name} keeps the queue contract`, () => {
    const queues: Queue[] = [];
    const open = () => {
      const queue = createQueue();
      queues.push(queue);
      return queue;
    };
    afterEach(async () => {
      await Promise.all(queues.splice(0).map((queue) => queue.stop(0)));
    });

    it("runs a job that was added before it started, and one added after", async () => {
      const queue = open();
      const recorder = new Recorder();
      await queue.enqueue("conversation.work", "a", id("a"));
      queue.start(recorder.handlers, 2);
      await queue.enqueue("conversation.send", "b", id("b"));

      await recorder.until(2);
      expect(recorder.ran.toSorted()).toEqual(["send b", "work a"]);
    });

    it("adds a waiting job once for its key", async () => {
      const queue = open();
      const recorder = new Recorder();
      await queue.enqueue("conversation.work", "a", id("a"));
      await queue.enqueue("conversation.work", "a", id("a"));
      await queue.enqueue("conversation.work", "b", id("b"));
      queue.start(recorder.handlers, 1);

      await recorder.until(2);
      expect(recorder.ran).toEqual(["work a", "work b"]);
    });

    it("takes a job again while one with its key runs, so that no ring is lost", async () => {
      const queue = open();
      const recorder = new Recorder();
      const gate = recorder.holdNext();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"));
      await recorder.until(1);
      await queue.enqueue("conversation.work", "a", id("a"));
      gate.open();

      await recorder.until(2);
      expect(recorder.ran).toEqual(["work a", "work a"]);
    });

    it("runs no more at once than it was told", async () => {
      const queue = open();
      const recorder = new Recorder();
      const gate = recorder.holdNext();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"));
      await queue.enqueue("conversation.work", "b", id("b"));
      await recorder.until(1);

      expect(recorder.ran).toEqual(["work a"]);
      gate.open();
      await recorder.until(2);
    });

    it("goes on after a job that fails", async () => {
      const queue = open();
      const recorder = new Recorder();
      recorder.failNext();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"));
      await queue.enqueue("conversation.work", "b", id("b"));

      await recorder.until(2);
      expect(recorder.ran).toEqual(["work a", "work b"]);
    });

    it("runs a delayed job after one without a delay", async () => {
      const queue = open();
      const recorder = new Recorder();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "later", id("later"), 50);
      await queue.enqueue("conversation.work", "now", id("now"));

      await recorder.until(2);
      expect(recorder.ran).toEqual(["work now", "work later"]);
    });

    it("runs a job once more for any number of rings while it runs", async () => {
      const queue = open();
      const recorder = new Recorder();
      const gate = recorder.holdNext();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"));
      await recorder.until(1);
      for (let ring = 0; ring < 3; ring += 1) await queue.enqueue("conversation.work", "a", id("a"));
      await queue.enqueue("conversation.work", "last", id("last"));
      gate.open();

      await recorder.until(3);
      expect(recorder.ran).toEqual(["work a", "work a", "work last"]);
    });

    it("takes a job again after it has run", async () => {
      const queue = open();
      const recorder = new Recorder();
      queue.start(recorder.handlers, 1);
      for (const round of [1, 2, 3]) {
        await queue.enqueue("conversation.work", "a", id("a"));
        await recorder.until(round);
      }
      expect(recorder.ran).toEqual(["work a", "work a", "work a"]);
    });

    it("tells jobs of different names with one key apart, and hands over their payloads", async () => {
      const queue = open();
      const recorder = new Recorder();
      await queue.enqueue("conversation.work", "key", id("first"));
      await queue.enqueue("conversation.send", "key", id("second"));
      queue.start(recorder.handlers, 1);

      await recorder.until(2);
      expect(recorder.ran).toEqual(["work first", "send second"]);
    });

    it("does not let a ring for now wait for a delayed one with its key", async () => {
      const queue = open();
      const recorder = new Recorder();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"), 600_000);
      await queue.enqueue("conversation.work", "a", id("a"));

      await recorder.until(1);
      expect(recorder.ran).toEqual(["work a"]);
    });

    it("runs at the earliest of the times that a key was delayed to", async () => {
      const queue = open();
      const recorder = new Recorder();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"), 600_000);
      await queue.enqueue("conversation.work", "a", id("a"), 50);
      await queue.enqueue("conversation.work", "a", id("a"), 600_000);

      await recorder.until(1);
      expect(recorder.ran).toEqual(["work a"]);
    });

    it("takes no more jobs, and throws nothing, once it has stopped", async () => {
      const queue = open();
      const recorder = new Recorder();
      queue.start(recorder.handlers, 1);
      await queue.stop(0);
      await queue.enqueue("conversation.work", "a", id("a"));

      expect(recorder.ran).toEqual([]);
    });

    it("waits for running jobs when it stops, and starts no others", async () => {
      const queue = open();
      const recorder = new Recorder();
      const gate = recorder.holdNext();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"));
      await queue.enqueue("conversation.work", "b", id("b"));
      await recorder.until(1);
      const stopped = queue.stop(60_000);
      gate.open();
      await stopped;

      expect(recorder.ended).toEqual(["work a"]);
      expect(recorder.ran).toEqual(["work a"]);
    });

    it("aborts a job that outlasts the grace", async () => {
      const queue = open();
      const recorder = new Recorder();
      recorder.holdUntilAborted();
      queue.start(recorder.handlers, 1);
      await queue.enqueue("conversation.work", "a", id("a"));
      await recorder.until(1);
      await queue.stop(10);

      expect(recorder.ended).toEqual(["work a"]);
    });
  });
}

/** Job handlers that write down what ran, and can be held or made to fail. */
class Recorder {
  readonly ran: string[] = [];
  readonly ended: string[] = [];
  #next: ((signal: AbortSignal) => Promise<void>)[] = [];
  #watchers: (() => void)[] = [];

  readonly handlers: JobHandlers = {
    "conversation.work": ({ conversationId }, signal) => this.#run(`work ${conversationId}`, signal),
    "conversation.send": ({ conversationId }, signal) => this.#run(`send ${conversationId}`, signal),
  };

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
