import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sessionSecret } from "../../infra/session-secret.js";

describe("the session secret", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "deskhand-secret-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("is the configured one where there is one", async () => {
    expect((await sessionSecret("x".repeat(32), directory)).toString()).toBe("x".repeat(32));
  });

  it("is made once, and only its owner can read it", async () => {
    const made = await sessionSecret(null, directory);

    expect(await sessionSecret(null, directory)).toEqual(made);
    expect((await stat(join(directory, "session-secret"))).mode & 0o777).toBe(0o600);
  });

  it("is made anew when the file holds something else", async () => {
    await writeFile(join(directory, "session-secret"), "short");

    expect(await sessionSecret(null, directory)).toHaveLength(32);
  });
});
