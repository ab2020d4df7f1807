import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DirectoryInUseError, findLockHolder, lockDirectory } from "../../../infra/postgres/directory-lock.js";

describe("directory lock", () => {
  let directory: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "deskhand-lock-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  /** A process that does nothing, with the claim it would have written. */
  async function otherHolder(startedAt: string | null = null): Promise<ChildProcess & { pid: number }> {
    const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000); console.log('up')"]);
    children.push(child);
    await once(child.stdout, "data");
    await writeFile(
      join(directory, "lock-00000000-0000-4000-8000-000000000000.json"),
      JSON.stringify({ pid: child.pid, startedAt, address: "http://127.0.0.1:3000" }),
    );
    return Object.assign(child, { pid: child.pid! });
  }

  it("refuses a directory that a living process holds, and says which and where", async () => {
    const holder = await otherHolder();
    const refused = lockDirectory(directory);
    await expect(refused).rejects.toThrow(DirectoryInUseError);
    await expect(refused).rejects.toMatchObject({
      code: "directory-in-use",
      pid: holder.pid,
      holder: { pid: holder.pid, address: "http://127.0.0.1:3000" },
    });
  });

  it("takes the directory of a process that was killed", async () => {
    const holder = await otherHolder();
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const lock = await lockDirectory(directory);
    await expect(findLockHolder(directory)).resolves.toEqual({ pid: process.pid, address: null });
    await lock.release();
  });

  it.runIf(process.platform === "linux")(
    "takes the directory when the pid belongs to a later process (Linux)",
    async () => {
      await otherHolder("an-earlier-start");
      const lock = await lockDirectory(directory);
      await expect(findLockHolder(directory)).resolves.toEqual({ pid: process.pid, address: null });
      await lock.release();
    },
  );

  it("gives a directory to at most one of several that ask at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));
    expect(results.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
    expect(await readdir(directory)).toHaveLength(results.filter(({ status }) => status === "fulfilled").length);
  });

  it("ignores a claim that was cut off", async () => {
    await writeFile(join(directory, "lock-00000000-0000-4000-8000-000000000001.json"), '{"pid":');
    const lock = await lockDirectory(directory);
    await lock.release();
  });

  it("announces where the holder can be spoken to, until it is released", async () => {
    const lock = await lockDirectory(directory);
    await lock.announce("http://127.0.0.1:3000");
    await expect(findLockHolder(directory)).resolves.toEqual({ pid: process.pid, address: "http://127.0.0.1:3000" });
    await lock.release();
    await expect(findLockHolder(directory)).resolves.toBeNull();
  });
});
