import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isRunning, startTimeOf } from "../process-identity.js";

const NAME = "server.json";

const serverSchema = z.object({ address: z.url(), token: z.string().min(32), pid: z.int().positive() });
const fileSchema = serverSchema.extend({ startedAt: z.string().nullable() });

/** Where a running server takes commands, and the token that opens it. Readable by its owner only. */
export type RunningServer = z.infer<typeof serverSchema>;

export function createControlToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Leaves the server's address and token for commands. A reader sees the whole file or none. */
export async function writeServerFile(directory: string, server: RunningServer): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `${NAME}.${server.pid}.draft`);
  await rm(draft, { force: true });
  const content: z.infer<typeof fileSchema> = { ...server, startedAt: await startTimeOf(server.pid) };
  await writeFile(draft, JSON.stringify(content), { mode: 0o600, flag: "wx" });
  await rename(draft, join(directory, NAME));
}

/** The server that left its address and still runs, or null. */
export async function findRunningServer(directory: string): Promise<RunningServer | null> {
  const file = await readServerFile(directory);
  if (file === null || !(await isRunning(file))) return null;
  const { address, token, pid } = file;
  return { address, token, pid };
}

/** Takes the address away again, unless another server has written its own meanwhile. */
export async function removeServerFile(directory: string, token: string): Promise<void> {
  const server = await readServerFile(directory);
  if (server?.token === token) await rm(join(directory, NAME), { force: true });
}

async function readServerFile(directory: string): Promise<z.infer<typeof fileSchema> | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(join(directory, NAME), "utf8")));
  } catch {
    return null; // not there, or not written by a server
  }
}
