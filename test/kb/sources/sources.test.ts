import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, renameSync, symlinkSync, truncateSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createFolderSource } from "../../../kb/sources/folder-source.js";
import { createJsonlSource } from "../../../kb/sources/jsonl-source.js";
import { openSource } from "../../../kb/sources/open-source.js";
import type { Source } from "../../../kb/sources/source.js";
import { testFolder } from "../../support/knowledge.js";
import { silentLogger } from "../../support/silent-logger.js";

const signal = new AbortController().signal;

const item = (externalId: string) => ({ externalId, revision: null, known: null });

async function bytesOf(source: Source, externalId: string): Promise<string> {
  const fetched = await source.fetch(item(externalId), signal);
  if (fetched === "unchanged") throw new Error("it was never read");
  return Buffer.from(fetched.bytes).toString("utf8");
}

// Node makes no pipes itself.
const PIPE_MAKER = "mkfifo";

function makePipe(file: string): void {
  execFileSync(PIPE_MAKER, [file]);
}

describe("a folder source", () => {
  it("lists the files it can read, below hidden folders and node_modules none", async () => {
    using folder = testFolder({
      "b.md": "B",
      "sub/a.HTML": "A",
      ".git/x.md": "X",
      ".hidden.md": "X",
      "node_modules/x/readme.md": "X",
      "photo.png": "X",
      "faq/x.yaml": "X",
    });
    const listing = await createFolderSource(folder.location).list(null, signal);
    expect(listing.items.map((item) => item.externalId)).toEqual(["b.md", "faq/x.yaml", "sub/a.HTML"]);
    expect(listing.failures).toEqual([]);
    expect(listing.skipped.map((item) => item.externalId)).toEqual(["photo.png"]);
  });

  it("says of kinds that texts are kept in what to do, and of others only that they are not read", async () => {
    using folder = testFolder({
      "a.DOC": "",
      "b.ods": "",
      "c.png": "",
      LICENSE: "",
      "d.rst": "",
      "e.ppt": "",
      "f.pdf": "",
    });
    const { items, skipped } = await createFolderSource(folder.location).list(null, signal);
    expect(items.map((item) => item.externalId)).toEqual(["f.pdf"]);
    expect(skipped.map(({ externalId, message }) => `${externalId}: ${message}`)).toEqual([
      "LICENSE: The name has no ending that tells what it is. Add one, for example .md or .txt.",
      "a.DOC: Files of the kind .doc are not read. Save the text as .docx or .pdf.",
      "b.ods: Files of the kind .ods are not read. Save the sheets as .xlsx or .csv.",
      "c.png: Files of the kind .png are not read.",
      "d.rst: Files of the kind .rst are not read. Save the text as .md, .html or .txt.",
      "e.ppt: Files of the kind .ppt are not read. Save the slides as .pptx or .pdf.",
    ]);
  });

  it("says so when there is nothing to read, and which kinds there are", async () => {
    using empty = testFolder({ "photo.png": "X" });
    using full = testFolder({ "a.md": "A" });
    const { remarks } = await createFolderSource(empty.location).list(null, signal);
    expect(remarks).toMatchObject([{ code: "no-readable-files" }]);
    expect(remarks?.[0]?.message).toMatch(
      /^0 documents: the folder has no readable files \(kinds: \.md, .*\.xlsx\)\.$/u,
    );
    expect((await createFolderSource(full.location).list(null, signal)).remarks).toEqual([]);
  });

  it("gives the bytes and the type of a file", async () => {
    using folder = testFolder({ "sub/a.htm": "<p>A" });
    await expect(createFolderSource(folder.location).fetch(item("sub/a.htm"), signal)).resolves.toEqual({
      externalId: "sub/a.htm",
      mediaType: "text/html",
      bytes: Buffer.from("<p>A"),
    });
  });

  it("reports links, pipes and links to folders, and follows none", async () => {
    using outside = testFolder({ "secret.md": "root:x:0" });
    using folder = testFolder({ "a.md": "A" });
    symlinkSync(path.join(outside.location, "secret.md"), path.join(folder.location, "notes.md"));
    symlinkSync(folder.location, path.join(folder.location, "loop"));
    makePipe(path.join(folder.location, "pipe.md"));
    const source = createFolderSource(folder.location);

    const listing = await source.list(null, signal);

    expect(listing.items.map((item) => item.externalId)).toEqual(["a.md"]);
    expect(listing.failures.map(({ externalId, code }) => [externalId, code]).sort()).toEqual([
      ["loop", "symlink"],
      ["notes.md", "symlink"],
      ["pipe.md", "not-a-file"],
    ]);
    for (const name of ["notes.md", "loop/a.md", "pipe.md", "../secret.md"]) {
      await expect(source.fetch(item(name), signal)).rejects.toMatchObject({ name: "ItemError" });
    }
  });

  it("does not follow a folder that became a link after the listing", async () => {
    using outside = testFolder({ "a.md": "secret" });
    using folder = testFolder({ "sub/a.md": "A" });
    const source = createFolderSource(folder.location);
    await source.list(null, signal);
    renameSync(path.join(folder.location, "sub"), path.join(folder.location, "old"));
    symlinkSync(outside.location, path.join(folder.location, "sub"));

    await expect(source.fetch(item("sub/a.md"), signal)).rejects.toMatchObject({ code: "outside" });
  });

  it("refuses a file of gigabytes before it reads it, and names the limit", async () => {
    using folder = testFolder({ "faq.md": "" });
    truncateSync(path.join(folder.location, "faq.md"), 5_000_000_000);
    await expect(createFolderSource(folder.location).fetch(item("faq.md"), signal)).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining("10.0 MB") as string,
    });
  });

  it("reads a file under each of its names", async () => {
    using folder = testFolder({ "a.md": "A" });
    linkSync(path.join(folder.location, "a.md"), path.join(folder.location, "b.md"));
    const { items } = await createFolderSource(folder.location).list(null, signal);
    expect(items).toHaveLength(2);
  });

  it("cannot be listed when it is gone, too deep or too large", async () => {
    using folder = testFolder({ "a.md": "A", "b.md": "B" });
    mkdirSync(path.join(folder.location, "1/2/3"), { recursive: true });
    const limits = { maxFileBytes: 10, maxDepth: 40, maxFiles: 10 };

    for (const source of [
      createFolderSource(path.join(folder.location, "gone")),
      createFolderSource(folder.location, { ...limits, maxDepth: 2 }),
      createFolderSource(folder.location, { ...limits, maxFiles: 1 }),
    ]) {
      await expect(source.list(null, signal)).rejects.toMatchObject({ code: "source-unavailable" });
    }
  });
});

describe("a corpus in JSON lines", () => {
  const nowhere = {
    tenantId: "default",
    sourceId: "",
    secretOf: () => null,
    workDirectory: "/none",
    fetch: () => Promise.reject(new Error("no network is needed")),
    allowedPrivateHosts: [],
    machine: {},
    database: { withTenant: () => Promise.reject(new Error("no database is needed")) },
    logger: silentLogger,
  };

  it("is read a line at a time, in any order", async () => {
    using folder = testFolder({ "c.jsonl": '{"id":"ä","text":"Ünï"}\n\n{"id":2,"text":"B"}\r\n{"id":"c"}' });
    const source = createJsonlSource(path.join(folder.location, "c.jsonl"));

    const { items } = await source.list(null, signal);
    const fetched = await Promise.all(items.map(({ externalId }) => bytesOf(source, externalId)));

    expect(items.map((item) => item.externalId)).toEqual(["ä", "2", "c"]);
    expect(fetched.map((text) => JSON.parse(text) as unknown)).toEqual([
      { id: "ä", text: "Ünï" },
      { id: 2, text: "B" },
      { id: "c" },
    ]);
  });

  it("reports lines that are no JSON, have no id, or have one twice, by their numbers", async () => {
    using folder = testFolder({ "c.jsonl": '{"id":"a"}\n{bad\n{"text":"x"}\n{"id":"a"}\n{"id":"\\u0000"}\n' });
    const listing = await createJsonlSource(path.join(folder.location, "c.jsonl")).list(null, signal);
    expect(listing.items.map(({ externalId }) => externalId)).toEqual(["a"]);
    expect(listing.isComplete).toBe(false);
    expect(listing.failures.map(({ externalId, code }) => [externalId, code])).toEqual([
      ["line 2", "bad-syntax"],
      ["line 3", "no-id"],
      ["a (line 4)", "duplicate-id"],
      ["line 5", "no-id"],
    ]);
  });

  it("is what a folder with a corpus.jsonl is understood as", async () => {
    using folder = testFolder({ "corpus.jsonl": '{"id":"a"}', "other.md": "Text" });
    const source = await openSource({ name: "docs", kind: "folder", location: folder.location }, nowhere);
    await expect(source.list(null, signal)).resolves.toMatchObject({ items: [{ externalId: "a" }] });
  });
});
