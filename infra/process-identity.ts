import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A process as it can be written down for other processes: a pid alone is given out again after its process has ended. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Tells a process from a later one with the same pid; null where the system does not say. */
  readonly startedAt: string | null;
}

/** Whether it is still that process. Where the system does not tell when one started, a later one may pass for it. */
export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any other refusal (EPERM) means that the process is there and belongs to somebody else.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const now = await startTimeOf(pid);
  return now === null || startedAt === null || now === startedAt;
}

/** Something that differs between two processes with the same pid; null where the system does not tell. */
export async function startTimeOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") return linuxStartTime(pid);
  if (process.platform === "win32") return null;
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    return stdout.trim();
  } catch {
    return null;
  }
}

async function linuxStartTime(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // The command's name comes second, in brackets, and may hold spaces; what is counted here follows it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    if (state === "Z" || state === "X") return "ended";
    return `${boot.trim()}/${fields[19] ?? ""}`;
  } catch {
    return null;
  }
}
