import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";
import { describe, expect, it } from "vitest";
import { startTimeLimit } from "../../../src/ports/time-limit.js";

setFlagsFromString("--expose-gc");
const collectGarbage = z.function({ output: z.void() }).parse(runInNewContext("gc"));

describe("a time limit", () => {
  it("aborts after its time although nobody but a listener holds it and garbage is collected", async () => {
    const isOver = await new Promise<boolean>((resolve) => {
      startTimeLimit(new AbortController().signal, 60).signal.addEventListener("abort", () => {
        resolve(true);
      });
      void sleep(20).then(() => {
        collectGarbage();
      });
      void sleep(500).then(() => {
        resolve(false);
      });
    });
    expect(isOver).toBe(true);
  });

  it("says that it was the time", async () => {
    using limit = startTimeLimit(new AbortController().signal, 5);
    await sleep(30);
    expect(limit.signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("aborts with the signal that it follows, for that one's reason", () => {
    const followed = new AbortController();
    using limit = startTimeLimit(followed.signal, 10_000);
    followed.abort("stopped");
    expect(limit.signal.reason).toBe("stopped");
  });

  it("does not abort any more once it is disposed of", async () => {
    const limit = startTimeLimit(new AbortController().signal, 5);
    limit[Symbol.dispose]();
    await sleep(30);
    expect(limit.signal.aborted).toBe(false);
  });
});
