import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ANSWER_LIMITS, answerInTime } from "../../../adapters/teams/answer-in-time.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => undefined);

/** The core's second door: looks every 50 ms, and says how far it came once its signal aborts. */
function lookEvery50Ms(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const looking = setInterval(() => {
      if (!signal.aborted) return;
      clearInterval(looking);
      resolve("on its way");
    }, 50);
  });
}

describe("answering in time", () => {
  it("lets work that stops when it is told to still give its answer", async () => {
    const answering = answerInTime(lookEvery50Ms, () => "late", ANSWER_LIMITS);
    await vi.advanceTimersByTimeAsync(2_500);

    await expect(answering).resolves.toBe("on its way");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("answers within two and a half seconds for work that hangs, which was told to stop before", async () => {
    const stopped: number[] = [];
    const begun = Date.now();
    const hang = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => stopped.push(Date.now() - begun));
      return never;
    };
    const answering = answerInTime(hang, () => Date.now() - begun, ANSWER_LIMITS);
    await vi.advanceTimersByTimeAsync(2_500);

    await expect(answering).resolves.toBe(2_450);
    expect(stopped).toEqual([2_300]);
  });

  it("gives a result or a failure that comes at once, and keeps no timer", async () => {
    await expect(
      answerInTime(
        () => Promise.resolve("done"),
        () => "late",
        ANSWER_LIMITS,
      ),
    ).resolves.toBe("done");
    const failing = answerInTime(
      () => Promise.reject(new Error("no database")),
      () => "late",
      ANSWER_LIMITS,
    );
    await expect(failing).rejects.toThrow("no database");
    expect(vi.getTimerCount()).toBe(0);
  });
});
