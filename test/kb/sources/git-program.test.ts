import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkVersion, toSourceError } from "../../../kb/sources/git-errors.js";
import { createGit, GitFailure } from "../../../kb/sources/git-program.js";

const signal = new AbortController().signal;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "deskhand-program-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A `git` that does this instead. */
function gitThat(does: string) {
  writeFileSync(path.join(directory, "git"), `#!/bin/sh\n${does}\n`);
  chmodSync(path.join(directory, "git"), 0o755);
  return createGit(directory, { PATH: `${directory}:${process.env["PATH"] ?? ""}` });
}

describe("a run of git", () => {
  it("that takes too long is ended, also when it does not want to", async () => {
    const git = gitThat("trap '' TERM; while :; do sleep 0.1; done");
    await expect(git.run(["fetch"], { signal, timeoutMs: 200 })).rejects.toMatchObject({ reason: "timeout" });
  });

  it("that writes without end is ended", async () => {
    const git = gitThat("exec yes");
    const run = git.run(["ls-tree"], { signal, maxOutputBytes: 100_000 });
    await expect(run).rejects.toMatchObject({ reason: "too-much-output" });
  });

  it("that fills the disk is ended", async () => {
    const git = gitThat(`head -c 100000 /dev/zero > big; exec sleep 60`);
    await expect(git.run(["fetch"], { signal, maxCloneBytes: 10_000 })).rejects.toMatchObject({ reason: "too-large" });
  });

  it("ends with its signal", async () => {
    const git = gitThat("exec sleep 60");
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(git.run(["fetch"], { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("what git says", () => {
  const words = (said: string): unknown => {
    const error = toSourceError(new GitFailure("failed", "fetch", said), "https://git.example/x");
    return error instanceof Error ? error.message : error;
  };

  it.each([
    ["fatal: could not read Username for 'https://git.example': terminal prompts disabled", "refused access"],
    ["fatal: unable to access 'https://git.example/x/': The requested URL returned error: 403", "refused access"],
    ["git@git.example: Permission denied (publickey).", "refused access"],
    ["Host key verification failed.", "known_hosts"],
    ["remote: Repository not found.\nfatal: repository 'https://git.example/x/' not found", "no repository there"],
    ["fatal: unable to access 'https://git.example/x/': Could not resolve host: git.example", "cannot be reached"],
    ["fatal: unable to access 'https://git.example/x/': The requested URL returned error: 503", "cannot be reached"],
    ["fatal: unable to access 'https://git.example/x/': SSL certificate problem: self-signed", "not trusted"],
    ["fatal: detected dubious ownership in repository at '/srv/x'", "another user"],
    ["error: file write error: No space left on device", "disk is full"],
    ["fatal: something\u001b[31m new", "cannot be read: fatal: something [31m new"],
  ])("as %j is told with what to do", (said, told) => {
    expect(words(said)).toContain(told);
  });

  it("of its version is understood, and one that is too old refused", () => {
    expect(() => checkVersion("git version 2.39.5 (Apple Git-154)")).not.toThrow();
    expect(() => checkVersion("git version 3.0.0")).not.toThrow();
    expect(() => checkVersion("git version 2.36.9")).toThrow("Install git 2.37 or later");
    expect(() => checkVersion("hello")).toThrow("Install git 2.37 or later");
  });
});
