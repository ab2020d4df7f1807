import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../src/ports/errors.js";

const BYTES = 32;

/**
 * What signs the sessions of the page: the configured secret, or else one that is made once and kept in Deskhand's
 * directory, readable by its owner only, so that a restart signs nobody out.
 */
export async function sessionSecret(configured: string | null, directory: string): Promise<Buffer> {
  if (configured !== null) return Buffer.from(configured);
  const file = join(directory, "session-secret");
  const kept = await readKept(file);
  if (kept !== null) return kept;
  const made = randomBytes(BYTES);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(file, made.toString("hex"), { mode: 0o600 });
  return made;
}

/** Null when there is none, or when it is not what this program wrote. */
async function readKept(file: string): Promise<Buffer | null> {
  try {
    const kept = Buffer.from((await readFile(file, "utf8")).trim(), "hex");
    return kept.length === BYTES ? kept : null;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
