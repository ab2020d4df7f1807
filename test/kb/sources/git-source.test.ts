import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baseEnvironment } from "../../../kb/sources/git-environment.js";
import { readGitPlace } from "../../../kb/sources/git-options.js";
import { createGitSource } from "../../../kb/sources/git-source.js";
import type { GitSourceSettings } from "../../../kb/sources/git-source.js";
import { createAddressPolicy } from "../../../kb/sources/http/address-policy.js";
import type { FetchedItem, Source, SourceListing } from "../../../kb/sources/source.js";
import { testRepository } from "../../support/git-repository.js";
import type { TestRepository } from "../../support/git-repository.js";

const signal = new AbortController().signal;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "deskhand-clone-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function sourceOf(
  location: string,
  options: Record<string, unknown> = {},
  settings: Partial<GitSourceSettings> = {},
): Source {
  return createGitSource(readGitPlace({ name: "docs", kind: "git", location, options }), {
    directory: path.join(directory, "clone"),
    secret: null,
    environment: baseEnvironment(process.env),
    policy: createAddressPolicy(["127.0.0.1"]),
    ...settings,
  });
}

async function fetched(source: Source, externalId: string): Promise<FetchedItem> {
  const item = await source.fetch({ externalId, revision: null, known: null }, signal);
  if (item === "unchanged") throw new Error("it was never read");
  return item;
}

const textOf = async (source: Source, externalId: string): Promise<string> =>
  Buffer.from((await fetched(source, externalId)).bytes).toString("utf8");

const idsOf = ({ items }: SourceListing): readonly string[] => items.map(({ externalId }) => externalId);

describe("a git source", () => {
  it("lists the text files of the repository's own branch, and reads them as they were committed", async () => {
    using repository = testRepository({
      "readme.md": "# Read me",
      "docs/a.HTML": "<p>A",
      ".github/x.md": "hidden",
      "node_modules/x/readme.md": "hidden",
      "logo.png": "x",
    });
    repository.write("readme.md", "not committed");
    const source = sourceOf(repository.location);

    const listing = await source.list(null, signal);

    expect(listing).toMatchObject({ scope: "whole", failures: [], isComplete: true });
    expect(idsOf(listing)).toEqual(["docs/a.HTML", "readme.md"]);
    expect(listing.skipped.map(({ externalId, code }) => [externalId, code])).toEqual([
      ["logo.png", "unsupported-kind"],
    ]);
    await expect(textOf(source, "readme.md")).resolves.toBe("# Read me");
    await expect(fetched(source, "docs/a.HTML")).resolves.toMatchObject({ mediaType: "text/html" });
  });

  it("lists what changed since the cursor: a change, a removal, a renamed file and a new one", async () => {
    using repository = testRepository({ "a.md": "A", "b.md": "B", "c.md": "C", "d.md": "D" });
    const first = await sourceOf(repository.location).list(null, signal);
    repository.write("a.md", "A two");
    repository.git("rm", "-q", "b.md");
    repository.git("mv", "c.md", "sub.md");
    repository.write("e.md", "E");
    repository.commit();
    const source = sourceOf(repository.location);

    const listing = await source.list(first.cursor, signal);

    expect(listing.scope).toBe("changes");
    expect(idsOf(listing)).toEqual(["a.md", "e.md", "sub.md"]);
    expect(listing.removed).toEqual(["b.md", "c.md"]);
    await expect(textOf(source, "a.md")).resolves.toBe("A two");
  });

  it("lists nothing when nothing was committed", async () => {
    using repository = testRepository({ "a.md": "A" });
    const first = await sourceOf(repository.location).list(null, signal);
    const second = await sourceOf(repository.location).list(first.cursor, signal);
    expect(second).toMatchObject({ scope: "changes", items: [], removed: [], cursor: first.cursor });
  });

  it("keeps the revision of a file that others change around it", async () => {
    using repository = testRepository({ "a.md": "A" });
    const first = await sourceOf(repository.location).list(null, signal);
    repository.write("b.md", "B");
    repository.commit();
    const second = await sourceOf(repository.location).list(null, signal);
    expect(second.items[0]).toEqual(first.items[0]);
  });

  it("lists all again after a forced push, another branch and other options", async () => {
    using repository = testRepository({ "a.md": "A", "docs/b.md": "B" });
    repository.write("a.md", "A two");
    repository.commit();
    const { cursor } = await sourceOf(repository.location).list(null, signal);
    repository.git("reset", "-q", "--hard", "HEAD~1");
    repository.write("c.md", "C");
    repository.commit();

    const afterPush = await sourceOf(repository.location).list(cursor, signal);
    const folder = await sourceOf(repository.location, { path: "docs" }).list(afterPush.cursor, signal);
    repository.git("branch", "-m", "main", "trunk");
    const renamed = await sourceOf(repository.location).list(afterPush.cursor, signal);

    expect([afterPush.scope, ...idsOf(afterPush)]).toEqual(["whole", "a.md", "c.md", "docs/b.md"]);
    expect([folder.scope, ...idsOf(folder)]).toEqual(["whole", "docs/b.md"]);
    expect(idsOf(renamed)).toEqual([]);
    expect(renamed.scope).toBe("changes");
  });

  it("reads the branch and the folder that it is told, and what the globs let through", async () => {
    using repository = testRepository({ "docs/a.md": "A", "docs/old/b.md": "B", "docs/c.txt": "C", "d.md": "D" });
    repository.git("checkout", "-q", "-b", "release/1.0");
    repository.write("docs/e.md", "E");
    repository.commit();
    repository.git("checkout", "-q", "main");
    const options = { branch: "release/1.0", path: "/docs/", include: ["**/*.md"], exclude: "old/**" };
    await expect(sourceOf(repository.location, options).list(null, signal).then(idsOf)).resolves.toEqual([
      "docs/a.md",
      "docs/e.md",
    ]);
  });

  it("knows who changed a file last and when, also behind a merge", async () => {
    using repository = testRepository({ "a.md": "A", "b.md": "B" });
    repository.git("checkout", "-q", "-b", "side");
    repository.write("b.md", "B two");
    repository.commit("On the side", "Bea");
    const date = repository.git("log", "-1", "--format=%cI").trim();
    repository.git("checkout", "-q", "main");
    repository.write("a.md", "A two");
    repository.commit("On main", "Ann");
    repository.git("merge", "-q", "--no-ff", "-m", "Together", "side");
    const source = sourceOf(repository.location);
    await source.list(null, signal);

    await expect(fetched(source, "a.md")).resolves.toMatchObject({ facts: { editedBy: "Ann" } });
    await expect(fetched(source, "b.md")).resolves.toMatchObject({
      facts: { editedBy: "Bea", updatedAt: new Date(date).toISOString(), url: null, title: null, acl: null },
    });
  });

  it("with a depth knows only what the commits that it has tell", async () => {
    using repository = testRepository({ "a.md": "A", "b.md": "B" });
    repository.write("b.md", "B two");
    repository.commit("Second", "Bea");
    repository.write("c.md", "C");
    repository.commit("Third", "Cid");
    const source = sourceOf(repository.location, { depth: "2" });
    await source.list(null, signal);

    await expect(fetched(source, "c.md")).resolves.toMatchObject({ facts: { editedBy: "Cid" } });
    await expect(fetched(source, "a.md")).resolves.toMatchObject({ facts: { editedBy: null, updatedAt: null } });
    await expect(textOf(source, "b.md")).resolves.toBe("B two");
  });

  it("follows no symbolic link and no submodule, and says so", async () => {
    using other = testRepository({ "x.md": "X" });
    using repository = testRepository({ "a.md": "A" });
    symlinkSync("/etc/passwd", path.join(repository.location, "passwd.md"));
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.location, "module");
    repository.commit();
    const source = sourceOf(repository.location);

    const listing = await source.list(null, signal);

    expect(idsOf(listing)).toEqual(["a.md"]);
    expect(listing.skipped.map(({ externalId, code }) => [externalId, code])).toEqual([
      ["./module", "submodule"],
      ["./passwd.md", "symlink"],
    ]);
    await expect(fetched(source, "passwd.md")).rejects.toMatchObject({ code: "not-listed" });
  });

  it("takes a file for gone that becomes a symbolic link or a submodule", async () => {
    using other = testRepository({ "x.md": "X" });
    using repository = testRepository({ "a.md": "A", "b.md": "B", "c.md": "C" });
    const { cursor } = await sourceOf(repository.location).list(null, signal);
    repository.git("rm", "-q", "a.md", "b.md");
    symlinkSync("c.md", path.join(repository.location, "a.md"));
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.location, "b.md");
    repository.commit();

    const changes = await sourceOf(repository.location).list(cursor, signal);
    const whole = await sourceOf(repository.location).list(null, signal);

    expect(changes).toMatchObject({ scope: "changes", items: [], removed: [".gitmodules", "a.md", "b.md"] });
    expect([whole.scope, idsOf(whole)]).toEqual(["whole", ["c.md"]]);
    // What is known of an id is kept while that id is told as skipped.
    for (const { skipped } of [changes, whole]) {
      expect(skipped.map(({ externalId }) => externalId)).toEqual(["./a.md", "./b.md"]);
    }
  });

  it("refuses a file that is too large and goes on with the others", async () => {
    using repository = testRepository({ "a.md": "A", "z.md": "Z" });
    repository.write("huge.md", "");
    truncateSync(path.join(repository.location, "huge.md"), 50_000_000);
    repository.commit();
    const source = sourceOf(repository.location);
    const listing = await source.list(null, signal);

    const outcomes = await Promise.allSettled(idsOf(listing).map((id) => textOf(source, id)));

    expect(outcomes).toEqual([
      { status: "fulfilled", value: "A" },
      { status: "rejected", reason: expect.objectContaining({ code: "too-large" }) as unknown },
      { status: "fulfilled", value: "Z" },
    ]);
  });

  it("gives binary content as it is, an empty file, and says of a pointer to LFS what it is", async () => {
    using repository = testRepository({
      "empty.md": "",
      "lfs.md": "version https://git-lfs.github.com/spec/v1\noid x",
    });
    const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
    repository.write("binary.txt", bytes);
    repository.commit();
    const source = sourceOf(repository.location);
    await source.list(null, signal);

    expect((await fetched(source, "binary.txt")).bytes).toEqual(Buffer.from(bytes));
    await expect(textOf(source, "empty.md")).resolves.toBe("");
    await expect(fetched(source, "lfs.md")).rejects.toMatchObject({ code: "lfs-pointer" });
  });

  it("takes any name that is UTF-8, and reports one that is not", async () => {
    using repository = testRepository({ "ümläut – 日本.md": "U", "-rf $(id).md": "dash", "a\nb.md": "line" });
    const latin = Buffer.from(`${repository.location}/caf\u00e9.md`, "latin1");
    writeFileSync(latin, "C");
    repository.commit();
    const source = sourceOf(repository.location);

    const listing = await source.list(null, signal);

    expect(idsOf(listing)).toEqual(["-rf $(id).md", "ümläut – 日本.md"]);
    expect(listing.failures.map(({ externalId, code }) => [externalId, code])).toEqual([
      ["a\u{fffd}b.md", "bad-name"],
      ["caf\u{fffd}.md", "bad-name"],
    ]);
    await expect(textOf(source, "ümläut – 日本.md")).resolves.toBe("U");
  });

  it("lists an empty repository as empty", async () => {
    using repository = testRepository();
    for (const options of [{}, { branch: "main" }]) {
      const listing = await sourceOf(repository.location, options).list(null, signal);
      expect(listing).toMatchObject({ scope: "whole", items: [], cursor: null });
    }
  });

  it("makes a damaged clone anew", async () => {
    using repository = testRepository({ "a.md": "A" });
    const first = await sourceOf(repository.location).list(null, signal);
    const clone = path.join(directory, "clone");
    repository.write("b.md", "B");
    repository.commit();

    for (const damage of [damageObjects, damageHead]) {
      damage(clone);
      const source = sourceOf(repository.location);
      const listing = await source.list(first.cursor, signal);
      expect(idsOf(listing)).toContain("b.md");
      await expect(textOf(source, "b.md")).resolves.toBe("B");
    }
  });

  it("makes the clone of another location anew", async () => {
    using one = testRepository({ "a.md": "A" });
    using two = testRepository({ "b.md": "B" });
    const { cursor } = await sourceOf(one.location).list(null, signal);
    const listing = await sourceOf(two.location).list(cursor, signal);
    expect([listing.scope, ...idsOf(listing)]).toEqual(["whole", "b.md"]);
  });
});

function damageObjects(clone: string): void {
  const packs = path.join(clone, "objects/pack");
  for (const name of readdirSync(packs)) rmSync(path.join(packs, name), { force: true });
}

function damageHead(clone: string): void {
  writeFileSync(path.join(clone, "HEAD"), "\0\0\0");
}

describe("a git source that cannot be read", () => {
  const refusal = (repository: TestRepository, options: Record<string, unknown>, settings = {}) =>
    sourceOf(repository.location, options, settings).list(null, signal);

  it.each([
    [{ branch: "gone" }, "There is no branch gone. Set the option branch to one of: main."],
    [{ path: "gone" }, "There is no folder gone in the repository, so nothing was removed. Correct the option path."],
    [{ path: "a.md" }, "a.md is no folder in the repository, so nothing was removed. Correct the option path."],
  ])("says what to do about %j", async (options, message) => {
    using repository = testRepository({ "a.md": "A" });
    await expect(refusal(repository, options)).rejects.toMatchObject({ code: "source-unavailable", message });
  });

  it("says so when the folder is gone after a sync", async () => {
    using repository = testRepository({ "docs/a.md": "A", "b.md": "B" });
    const { cursor } = await refusal(repository, { path: "docs" });
    repository.git("rm", "-q", "-r", "docs");
    repository.commit();
    await expect(sourceOf(repository.location, { path: "docs" }).list(cursor, signal)).rejects.toMatchObject({
      message: expect.stringContaining("There is no folder docs") as string,
    });
  });

  it("says that there is no repository, and that git is not installed", async () => {
    using repository = testRepository({ "a.md": "A" });
    rmSync(path.join(repository.location, ".git"), { recursive: true });
    await expect(refusal(repository, {})).rejects.toMatchObject({
      message: expect.stringContaining("There is no repository there") as string,
    });
    await expect(refusal(repository, {}, { environment: { PATH: "/nowhere" } })).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("Install git") as string,
    });
  });

  it("takes a repository of another object format for no empty one", async () => {
    using repository = testRepository();
    rmSync(path.join(repository.location, ".git"), { recursive: true });
    repository.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256");
    repository.write("a.md", "A");
    repository.commit();
    await expect(refusal(repository, {})).rejects.toThrow("SHA-256");
  });

  it("stops at the limit of a clone's size", async () => {
    using repository = testRepository({ "a.md": "A".repeat(5_000) });
    await expect(refusal(repository, {}, { limits: { maxCloneBytes: 100 } })).rejects.toMatchObject({
      message: expect.stringContaining("Set the option depth") as string,
    });
  });

  it("ends when it is told to", async () => {
    using repository = testRepository({ "a.md": "A" });
    await expect(sourceOf(repository.location).list(null, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("a git source at a path with a shell's words", () => {
  it("hands them on as they are: nothing is run", async () => {
    using repository = testRepository(
      { "$(touch a).md": "A" },
      { inside: "sync $(touch pwned) `touch pwned` ; touch pwned && x" },
    );
    const source = sourceOf(repository.location);
    await expect(source.list(null, signal).then(idsOf)).resolves.toEqual(["$(touch a).md"]);
    await expect(textOf(source, "$(touch a).md")).resolves.toBe("A");
    const found = execFileSync("find", [path.dirname(repository.location), directory, "-name", "pwned*"]);
    expect(found.toString()).toBe("");
    expect(existsSync("pwned")).toBe(false);
  });
});
