import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { prepareKnowledge, refreshKnowledge } from "../../infra/prepare-knowledge.js";
import type { KnowledgePreparation } from "../../infra/prepare-knowledge.js";
import { createKnowledgeReader } from "../../kb/reader/knowledge-reader.js";
import { createKnowledgeSearch } from "../../kb/search/knowledge-search.js";
import { systemClock, type Clock } from "../../src/ports/clock.js";
import { errorCode, NotFoundError } from "../../src/ports/errors.js";
import type { KnowledgeAdmin, Passage } from "../../src/ports/knowledge.js";
import { countingEmbeddings } from "../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge, testLifecycle } from "../support/knowledge.js";
import type { TestFolder } from "../support/knowledge.js";

type Listed = KnowledgePreparation["settings"]["sources"][number];

const PUBLIC = "---\naudience: public\n---\n";
const STAFF = "---\naudience: staff\n---\n";

const LAST_BEAT = `
  update sync_run set state = 'running', finished_at = null, heartbeat_at = clock_timestamp() - make_interval(secs => $2::int)
   where tenant_id = $1 and source_id = (select id from source where tenant_id = $1 and name = 'docs')`;

const ENDED_WELL = `
  update sync_run set state = 'done', finished_at = clock_timestamp()
   where tenant_id = $1 and source_id = (select id from source where tenant_id = $1 and name = 'docs')`;

const DOCS_ARE_ENTRIES = "update source set kind = 'entries' where tenant_id = $1 and name = 'docs'";

const unaborted = new AbortController().signal;

const DAY_MS = 86_400_000;
const tomorrow: Clock = { now: () => new Date(Date.now() + DAY_MS) };

describeEachDatabase("the knowledge at start", (open) => {
  let database: OpenDatabase;
  let tenantId: string;
  let knowledge: KnowledgeAdmin;
  let logged: string[];
  let count = 0;
  const embeddings = countingEmbeddings();

  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    count += 1;
    tenantId = `tenant-${count}`;
    knowledge = testKnowledge(database, embeddings);
    logged = [];
    await database.coordination.ensureInstallation(tenantId, "web", `console-${count}`);
  });

  function preparation(sources: readonly Listed[]): KnowledgePreparation {
    const note = (event: string) => void logged.push(event);
    const logger = { info: note, warn: note, error: note };
    const settings = { demo: false, sources: [...sources] };
    return { tenantId, knowledge, lifecycle: lifecycle(), settings, logger };
  }

  const lifecycle = () => testLifecycle(database);

  async function start(sources: readonly Listed[], changes: Partial<KnowledgePreparation> = {}): Promise<void> {
    await prepareKnowledge({ ...preparation(sources), ...changes }, unaborted);
  }

  async function addDemo(name = "demo"): Promise<void> {
    using demo = testFolder({ "demo.md": "Reset the router." });
    await knowledge.addSource(tenantId, folderSource(demo.location, { name, isDemo: true }));
    await syncToEnd(knowledge, name, { tenantId });
  }

  /** A process has died in a sync of `docs` and was last heard of so many seconds ago. */
  async function diedInSync(secondsAgo: number): Promise<void> {
    await database.withTenant(tenantId, (transaction) => transaction.query(LAST_BEAT, [tenantId, secondsAgo]));
  }

  async function passagesFor(audience: readonly string[]): Promise<readonly Passage[]> {
    const search = createKnowledgeSearch({ database, embeddings });
    const { passages } = await search.search({ tenantId, text: "reset the router", audience, limit: 10 }, unaborted);
    return passages;
  }

  async function found(...audience: string[]): Promise<readonly string[]> {
    return (await passagesFor(audience)).map((passage) => passage.externalId).sort();
  }

  it("closes the documents of a source that was narrowed, and keeps those open that name their readers", async () => {
    using folder = testFolder({ "a.md": "Reset the router.", "b.md": `${PUBLIC}Reset the router.` });
    await start([{ name: "docs", path: folder.location, audience: ["public"] }]);
    const before = await found("public");

    await start([{ name: "docs", path: folder.location, audience: ["staff"] }]);

    expect(before).toEqual(["a.md", "b.md"]);
    await expect(found("public")).resolves.toEqual(["b.md"]);
    await expect(found("public", "staff")).resolves.toEqual(["a.md", "b.md"]);
  });

  it("keeps how often a source is synced and who owns it, and reads nothing again when only that changes", async () => {
    using folder = testFolder({ "a.md": "Reset the router." });
    const listed = { name: "docs", path: folder.location, audience: ["public"] };
    await start([listed]);
    const before = embeddings.texts.length;
    const [first] = await knowledge.status(tenantId);

    await start([{ ...listed, every: "6h", owner: "carla@example.com" }]);

    const [second] = await knowledge.status(tenantId);
    expect(second).toMatchObject({ everyMinutes: 360, owner: "carla@example.com", lastRun: first?.lastRun });
    expect(embeddings.texts.length).toBe(before);
  });

  it("tells a repository and a website by their addresses", async () => {
    const noted: unknown[] = [];
    const recording: KnowledgeAdmin = {
      ...knowledge,
      as: () => ({
        ...recording,
        addSource: (_tenant, source) => (noted.push(source), knowledge.addSource(tenantId, source)),
      }),
    };
    await start(
      [
        { name: "code", url: "https://github.com/acme/docs", audience: ["public"] },
        { name: "site", url: "https://help.example", audience: ["public"], options: { depth: 2 } },
      ],
      { knowledge: recording },
    );
    expect(noted).toMatchObject([
      { name: "code", kind: "git", location: "https://github.com/acme/docs" },
      { name: "site", kind: "web", location: "https://help.example", options: { depth: 2 } },
    ]);
  });

  it("passes over a paused source, at a start and after", async () => {
    using folder = testFolder({ "a.md": "Reset the router." });
    await start([{ name: "docs", path: folder.location, audience: ["public"] }]);
    await lifecycle().setPaused(tenantId, "docs", true, "terminal");
    folder.write("b.md", "Reset the modem.");

    await refreshKnowledge(preparation([]), tomorrow, unaborted);
    const whilePaused = await found("public");
    await lifecycle().setPaused(tenantId, "docs", false, "terminal");
    await refreshKnowledge(preparation([]), tomorrow, unaborted);

    expect(whilePaused).toEqual(["a.md"]);
    await expect(found("public")).resolves.toEqual(["a.md", "b.md"]);
  });

  it.each([
    ["not at all when it was synced a minute before", undefined, 1, []],
    ["when that was long ago", undefined, 16, ["source synced"]],
    ["not before its interval is over", 60, 59, []],
    ["when its interval is over", 60, 61, ["source synced"]],
  ])("looks at a source at start %s", async (_name, everyMinutes, minutesLater, events) => {
    using folder = testFolder({ "a.md": "Reset the router." });
    await knowledge.addSource(tenantId, folderSource(folder.location, { everyMinutes: everyMinutes ?? null }));
    await syncToEnd(knowledge, "docs", { tenantId });
    const later: Clock = { now: () => new Date(Date.now() + minutesLater * 60_000) };
    await refreshKnowledge(preparation([]), later, unaborted);
    expect(logged).toEqual(events);
  });

  it("looks at a source that was never synced, and at one whose last sync failed", async () => {
    const folder = testFolder({ "a.md": "Reset the router." });
    await knowledge.addSource(tenantId, folderSource(folder.location));
    folder[Symbol.dispose]();
    for (let run = 0; run < 2; run += 1) await refreshKnowledge(preparation([]), systemClock, unaborted);
    expect(logged).toEqual(["source synced", "source synced"]);
  });

  it("closes them also when they cannot be read any more, and what was cited of them", async () => {
    const folder = testFolder({ "a.md": "Reset the router." });
    await start([{ name: "docs", path: folder.location, audience: ["public"] }]);
    const [cited] = await passagesFor(["public"]);
    folder[Symbol.dispose]();

    await start([{ name: "docs", path: folder.location, audience: ["staff"] }]);

    await expect(found("public")).resolves.toEqual([]);
    await expect(found("public", "staff")).resolves.toEqual(["a.md"]);
    const opened = createKnowledgeReader(database).openPassage(tenantId, ["public"], cited!.chunkId);
    await expect(opened).rejects.toThrow(NotFoundError);
  });

  it("opens documents to new readers only once they were read again", async () => {
    using folder = testFolder({ "a.md": "Reset the router.", "b.md": `${STAFF}Reset the router.` });
    await start([{ name: "docs", path: folder.location, audience: ["staff"] }]);
    await knowledge.updateSource(tenantId, folderSource(folder.location, { acl: ["partners"] }));
    const between = [await found("public", "partners"), await found("public", "staff")];

    await syncToEnd(knowledge, "docs", { tenantId });

    expect(between).toEqual([[], []]);
    await expect(found("public", "partners")).resolves.toEqual(["a.md"]);
    await expect(found("public", "staff")).resolves.toEqual(["b.md"]);
  });

  it("opens again what was narrowed and widened without a sync between", async () => {
    using folder = testFolder({ "a.md": "Reset the router." });
    await start([{ name: "docs", path: folder.location, audience: ["public"] }]);
    await knowledge.updateSource(tenantId, folderSource(folder.location, { acl: ["staff"] }));

    await start([{ name: "docs", path: folder.location, audience: ["public"] }]);

    await expect(found("public")).resolves.toEqual(["a.md"]);
  });

  it("ends a sync that runs when its source is narrowed", async () => {
    using folder = testFolder(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.md`, `Reset the router ${index}.`])),
    );
    await knowledge.addSource(tenantId, folderSource(folder.location));
    const run = knowledge.sync(tenantId, "docs", { confirmRemovals: false }, unaborted)[Symbol.asyncIterator]();
    await run.next();
    await run.next();

    await knowledge.updateSource(tenantId, folderSource(folder.location, { acl: ["staff"] }));

    const toEnd = async () => {
      for (let step = await run.next(); step.done !== true; step = await run.next());
    };
    // Whether it had something left to write depends on how far ahead of its reader it was.
    await toEnd().catch((error: unknown) => expect(errorCode(error)).toBe("sync-taken-over"));
    await expect(knowledge.lastDiff(tenantId, "docs")).resolves.toMatchObject({ state: "failed" });
    await expect(found("public")).resolves.toEqual([]);
  });

  it("answers from the listed path when it has changed", async () => {
    using before = testFolder({ "a.md": "Reset the router." });
    using after = testFolder({ "b.md": "Reset the router." });
    await start([{ name: "docs", path: before.location, audience: ["public"] }]);

    await start([{ name: "docs", path: after.location, audience: ["public"] }]);

    await expect(found("public")).resolves.toEqual(["b.md"]);
  });

  it("answers from the listed path also when the process that changed it died before its sync, which is done once", async () => {
    using before = testFolder({ "a.md": "Reset the router." });
    using after = testFolder({ "b.md": "Reset the router." });
    await start([{ name: "docs", path: before.location, audience: ["public"] }]);
    await knowledge.updateSource(tenantId, folderSource(after.location));
    const between = await found("public");

    for (let run = 0; run < 2; run += 1) await start([{ name: "docs", path: after.location, audience: ["public"] }]);

    expect(between).toEqual(["a.md"]);
    await expect(found("public")).resolves.toEqual(["b.md"]);
    expect(logged).toEqual(["source synced", "source synced"]);
  });

  it("reads nothing again when nothing has changed", async () => {
    using folder = testFolder({ "a.md": "Reset the router." });
    const listed = [{ name: "docs", path: folder.location, audience: ["public", "staff"] }];
    await start(listed);
    const [first] = await knowledge.status(tenantId);

    await start(listed);

    await expect(knowledge.status(tenantId)).resolves.toEqual([first]);
  });

  it("goes on without a source whose folder is missing", async () => {
    using folder = testFolder({ "a.md": "Reset the router." });

    await start([
      { name: "gone", path: "/not/there", audience: ["public"] },
      { name: "corpus", path: "/not/there.jsonl", audience: ["public"] },
      { name: "docs", path: folder.location, audience: ["public"] },
    ]);

    await expect(found("public")).resolves.toEqual(["a.md"]);
    expect(logged).toEqual(["source could not be added", "source could not be added", "source synced"]);
  });

  it("takes a source that another process has just added for added", async () => {
    using folder = testFolder({ "a.md": "Reset the router." });
    const slower: KnowledgeAdmin = {
      ...knowledge,
      async addSource(...source) {
        await knowledge.addSource(...source);
        return knowledge.addSource(...source);
      },
    };

    await start([{ name: "docs", path: folder.location, audience: ["public"] }], { knowledge: slower });

    await expect(found("public")).resolves.toEqual(["a.md"]);
    expect(logged).toEqual(["source synced"]);
  });

  it("puts a source of one's own that is called demo in the place of the demo documents", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    await addDemo();

    await start([{ name: "demo", path: own.location, audience: ["public"] }]);

    await expect(found("public")).resolves.toEqual(["own.md"]);
  });

  it("goes on with the demo documents while the listed source cannot be added or has no document", async () => {
    using own = testFolder({});
    await addDemo();

    await start([
      { name: "demo", path: "/not/there", audience: ["public"] },
      { name: "docs", path: own.location, audience: ["public"] },
    ]);

    await expect(found("public")).resolves.toEqual(["demo.md"]);
    expect(logged).toEqual(["source could not be added", "source synced"]);
  });

  describe("once the demo documents have stepped aside", () => {
    const settings = { demo: true, sources: [] };
    const names = async () => (await knowledge.status(tenantId)).map(({ name }) => name);
    let own: TestFolder;
    let demo: TestFolder;

    beforeEach(async () => {
      own = testFolder({ "own.md": "Reset the router." });
      demo = testFolder({ "demo.md": "Reset the router." });
      await knowledge.addSource(tenantId, folderSource(demo.location, { name: "demo", isDemo: true }));
      await syncToEnd(knowledge, "demo", { tenantId });
      await knowledge.addSource(tenantId, folderSource(own.location));
      await syncToEnd(knowledge, "docs", { tenantId });
    });
    afterEach(() => {
      own[Symbol.dispose]();
      demo[Symbol.dispose]();
    });

    /** As if it had been for entries, which earlier versions let it. */
    async function wasForEntries(): Promise<void> {
      await database.withTenant(tenantId, (transaction) => transaction.query(DOCS_ARE_ENTRIES, [tenantId]));
    }

    it("has them back where that was for entries, unless they are not wanted or somebody has removed them", async () => {
      await wasForEntries();
      await start([], { settings: { ...settings, demo: false } });
      const unwanted = await names();
      await start([], { settings });
      const back = [await found("public"), await names()];
      await knowledge.removeSource(tenantId, "demo");
      await start([], { settings });

      expect(unwanted).toEqual(["docs"]);
      expect(back).toEqual([expect.arrayContaining(["demo.md"]), ["docs", "demo"]]);
      await expect(names()).resolves.toEqual(["docs"]);
    });

    it("answers from nothing where somebody has removed the only source of their own", async () => {
      await knowledge.addSource(tenantId, { name: "learned", kind: "entries", location: "learned", acl: ["public"] });
      await knowledge.removeSource(tenantId, "docs");
      await start([], { settings });
      await expect(names()).resolves.toEqual(["learned"]);
      await expect(found("public")).resolves.toEqual([]);
    });

    it("leaves them away where a source of one's own came after the entries, and was removed", async () => {
      await wasForEntries();
      await knowledge.addSource(tenantId, folderSource(own.location, { name: "more" }));
      await start([], { settings });
      const beside = await names();
      await knowledge.removeSource(tenantId, "more");
      await start([], { settings });
      expect(beside).toEqual(["docs", "more"]);
      await expect(names()).resolves.toEqual(["docs"]);
    });
  });

  it("finishes at start what a process that died had left: its sync, and that the demo documents step aside", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    await addDemo();
    await knowledge.addSource(tenantId, folderSource(own.location));
    own.remove("own.md");
    await syncToEnd(knowledge, "docs", { tenantId });
    own.write("own.md", "Reset the router.");
    await diedInSync(600);
    const before = await found("public");

    await start([]);

    expect(before).toEqual(["demo.md"]);
    await expect(found("public")).resolves.toEqual(["own.md"]);
    expect(logged).toEqual(["source synced"]);
  });

  it("waits for a sync that another process seems to be at, and takes it over when that one is dead", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    await knowledge.addSource(tenantId, folderSource(own.location));
    await syncToEnd(knowledge, "docs", { tenantId });
    own.write("own.md", "Reset the router now.");
    await diedInSync(58);
    await start([]);
    const [meanwhile] = await knowledge.status(tenantId);

    await refreshKnowledge(preparation([]), tomorrow, unaborted);

    expect(meanwhile).toMatchObject({ lastRun: { state: "running" } });
    await expect(knowledge.status(tenantId)).resolves.toMatchObject([{ lastRun: { state: "done" } }]);
    expect(logged).toEqual(["source synced"]);
  });

  it("leaves alone what another process's sync has brought up to date while it waited for that", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    await knowledge.addSource(tenantId, folderSource(own.location));
    await syncToEnd(knowledge, "docs", { tenantId });
    await diedInSync(0);
    let tries = 0;
    const sync: KnowledgeAdmin["sync"] = async function* (...asked) {
      tries += 1;
      try {
        yield* knowledge.sync(...asked);
      } finally {
        await database.withTenant(tenantId, (transaction) => transaction.query(ENDED_WELL, [tenantId]));
      }
    };

    await refreshKnowledge({ ...preparation([]), knowledge: { ...knowledge, sync } }, systemClock, unaborted);

    expect({ tries, logged }).toEqual({ tries: 1, logged: [] });
  });

  it("does not wait for another process's sync once it is told to stop", async () => {
    using own = testFolder({ "own.md": "Reset the router." });
    await knowledge.addSource(tenantId, folderSource(own.location));
    await syncToEnd(knowledge, "docs", { tenantId });
    await diedInSync(0);
    const stop = new AbortController();

    const refreshed = refreshKnowledge(preparation([]), tomorrow, stop.signal);
    stop.abort();

    await expect(refreshed).resolves.toBeUndefined();
  });
});
