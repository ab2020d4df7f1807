import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { scanWithProgram } from "../../../infra/files/scan-with-program.js";

const program = (script: string) => scanWithProgram([process.execPath, "-e", script]);
const file = (text = "clean"): Readable => Readable.from([Buffer.from(text)]);
const soon = (): AbortSignal => AbortSignal.timeout(10_000);

it("is clean when the program has read it and ends with 0", async () => {
  const reads = `let n = 0; process.stdin.on("data", (d) => n += d.length).on("end", () => process.exit(n === 5 ? 0 : 1));`;
  await expect(program(reads)(file(), soon())).resolves.toBe("clean");
});

it("is held back by any other end, also of a program that reads nothing of a large file", async () => {
  const large = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(100_000)));
  await expect(program("process.exit(2)")(large, soon())).resolves.toBe("held-back");
  await expect(program(`process.kill(process.pid, "SIGKILL")`)(file(), soon())).resolves.toBe("held-back");
});

it("rejects for a program that is not there, and kills one that takes too long", async () => {
  await expect(scanWithProgram(["/no/such/program"])(file(), soon())).rejects.toThrow();
  const started = performance.now();
  await expect(program("setInterval(() => {}, 1000)")(file(), AbortSignal.timeout(300))).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(5_000);
});

it("finds nothing of ours in its environment", async () => {
  process.env["DESKHAND_TEST_SECRET"] = "secret";
  const looks = `process.stdin.resume().on("end", () => process.exit(process.env.DESKHAND_TEST_SECRET ? 1 : 0));`;
  await expect(program(looks)(file(), soon())).resolves.toBe("clean");
  delete process.env["DESKHAND_TEST_SECRET"];
});
