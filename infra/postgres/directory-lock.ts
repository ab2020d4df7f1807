import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { DeskhandError } from "../../src/ports/errors.js";
import { isRunning, startTimeOf } from "../process-identity.js";

/** Another process works with this directory. */
export class DirectoryInUseError extends DeskhandError {
  override readonly name = "DirectoryInUseError";
  readonly code = "directory-in-use";
  readonly isRetryable = true;
  readonly holder: LockHolder;

  constructor(directory: string, holder: LockHolder) {
    const where = holder.address === null ? "" : ` and answers at ${holder.address}`;
    super(`${directory} is in use: Deskhand runs already, as process ${holder.pid}${where}. Stop it first (Ctrl-C).`);
    this.holder = holder;
  }

  get pid(): number {
    return this.holder.pid;
  }
}

/** Who holds a directory, and where that process can be spoken to once it has announced it. */
export interface LockHolder {
  readonly pid: number;
  readonly address: string | null;
}

export interface DirectoryLock {
  /** Writes down where the holder can be spoken to, for commands from a second terminal. */
  announce(address: string | null): Promise<void>;
  release(): Promise<void>;
}

const claimSchema = z.object({
  pid: z.number().int().positive(),
  /** Tells a process from a later one with the same pid; null where the system does not say. */
  startedAt: z.string().nullable(),
  address: z.string().nullable(),
});
type Claim = z.infer<typeof claimSchema>;

interface PlacedClaim extends Claim {
  readonly file: string;
}

const CLAIM_FILE = /^lock-[0-9a-f-]+\.json$/u;
const MAX_ATTEMPTS = 5;

/**
 * Takes a directory for this process. Every contender first writes a claim of its own and then looks for others that
 * are alive: of two, the one that wrote later always sees the other and steps back, so that two never hold it together.
 * A holder that was killed leaves a claim behind that counts for nothing.
 * @throws {DirectoryInUseError}
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const claim: Claim = { pid: process.pid, startedAt: await startTimeOf(process.pid), address: null };
  for (let attempt = 1; ; attempt += 1) {
    const file = join(directory, `lock-${randomUUID()}.json`);
    await placeClaim(file, claim);
    const [other] = (await livingClaims(directory)).filter((found) => found.file !== file);
    if (other === undefined) return heldLock(file, claim);
    await rm(file, { force: true });
    if (attempt === MAX_ATTEMPTS) throw new DirectoryInUseError(directory, other);
    // Two that start in the same instant both step back; a real holder is still there after a few short waits.
    await delay(20 + Math.random() * 60);
  }
}

/** The process that holds the directory, or null. */
export async function findLockHolder(directory: string): Promise<LockHolder | null> {
  const [claim] = await livingClaims(directory);
  return claim === undefined ? null : { pid: claim.pid, address: claim.address };
}

function heldLock(file: string, claim: Claim): DirectoryLock {
  return {
    announce: (address) => placeClaim(file, { ...claim, address }),
    release: () => rm(file, { force: true }),
  };
}

/** A reader sees the whole claim or none: it is written aside and moved into its place. */
async function placeClaim(file: string, claim: Claim): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify(claim), { mode: 0o600 });
  await rename(draft, file);
}

async function livingClaims(directory: string): Promise<readonly PlacedClaim[]> {
  const living: PlacedClaim[] = [];
  for (const name of await namesIn(directory)) {
    if (!CLAIM_FILE.test(name)) continue;
    const file = join(directory, name);
    const claim = await readClaim(file);
    if (claim !== null && (await isRunning(claim))) living.push({ ...claim, file });
    else await rm(file, { force: true });
  }
  return living;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch {
    return [];
  }
}

async function readClaim(file: string): Promise<Claim | null> {
  try {
    return claimSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null; // removed by its owner in this moment, or cut off by a full disk
  }
}
