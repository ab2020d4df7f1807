import { describe, expect, it, vi } from "vitest";
import { orAbort } from "../../../src/ports/or-abort.js";

const never = new Promise<string>(() => undefined);

describe("work that may be given up", () => {
  it("settles as it would by itself while nobody aborts", async () => {
    const { signal } = new AbortController();

    await expect(orAbort(Promise.resolve("done"), signal)).resolves.toBe("done");
    await expect(orAbort(Promise.reject(new Error("refused")), signal)).rejects.toThrow("refused");
  });

  it("ends with the signal's reason, also when that came first", async () => {
    const stopping = new AbortController();
    const reason = new Error("SIGTERM");
    const waiting = orAbort(never, stopping.signal);
    stopping.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    await expect(orAbort(never, stopping.signal)).rejects.toBe(reason);
  });

  it("ends with a reason that is no error", async () => {
    await expect(orAbort(never, AbortSignal.abort("enough"))).rejects.toBe("enough");
  });

  it("keeps no listener behind", async () => {
    const { signal } = new AbortController();
    const listeners = vi.spyOn(signal, "removeEventListener");
    await orAbort(Promise.resolve("done"), signal);

    expect(listeners).toHaveBeenCalledOnce();
  });
});
