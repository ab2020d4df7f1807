import { describe, expect, it } from "vitest";
import { abortable } from "../../../adapters/slack/abortable.js";

const never = new Promise<string>(() => undefined);

describe("work that may be given up", () => {
  it("settles as it would by itself while nobody aborts", async () => {
    const { signal } = new AbortController();

    await expect(abortable(Promise.resolve("done"), signal)).resolves.toBe("done");
    await expect(abortable(Promise.reject(new Error("refused")), signal)).rejects.toThrow("refused");
  });

  it("ends with the signal's reason, also when that came first", async () => {
    const stopping = new AbortController();
    const reason = new Error("SIGTERM");
    const waiting = abortable(never, stopping.signal);
    stopping.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    await expect(abortable(never, stopping.signal)).rejects.toBe(reason);
  });

  it("ends with an unknown outcome when the reason is no error", async () => {
    await expect(abortable(never, AbortSignal.abort("enough"))).rejects.toMatchObject({
      code: "chat-platform",
      failure: "unreachable",
      cause: "enough",
    });
  });
});
