import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ScanFile } from "../../src/ports/files.js";

/** What the program may find in its environment: nothing of ours. */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SystemRoot", "TEMP", "TMP"] as const;

/**
 * Gives each file to a program on its standard input: 0 is clean, everything else, also a program that cannot be run, is
 * not. What it writes is read by nobody. It is killed when the signal aborts.
 */
export function scanWithProgram([program = "", ...args]: readonly string[]): ScanFile {
  return async (content, signal) => {
    const env = Object.fromEntries(
      PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"], env, signal, killSignal: "SIGKILL" });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    // A program may have seen enough before the end: how it ends is what counts.
    const feeding = pipeline(Readable.from(content, { objectMode: false }), child.stdin).catch(() => undefined);
    const [code] = await Promise.all([ended, feeding]);
    return code === 0 ? "clean" : "held-back";
  };
}
