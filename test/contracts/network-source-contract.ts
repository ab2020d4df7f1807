import { describe, expect, it } from "vitest";
import { createHashedEmbeddings } from "../../infra/models/local/hashed-embeddings.js";
import { createKnowledgeSearch } from "../../kb/search/knowledge-search.js";
import { checkSourceRecord, openSource } from "../../kb/sources/open-source.js";
import type { SourceServices } from "../../kb/sources/source-kind.js";
import type { FetchedItem, Source, SourceListing } from "../../kb/sources/source.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import type { NewSource } from "../../src/ports/knowledge.js";
import { openTestDatabase } from "../support/database.js";
import { syncToEnd, testKnowledge } from "../support/knowledge.js";
import { silentLogger } from "../support/silent-logger.js";
import type { VendorServer } from "../support/vendor-server.js";

/** A place on the network with a few documents in it, as one vendor serves it. */
export interface NetworkPlace extends AsyncDisposable {
  readonly server: Pick<VendorServer, "fetch" | "requests" | "waitsMs" | "limitOnce" | "fault">;
  readonly record: Pick<NewSource, "kind" | "location" | "options">;
  readonly secret: string;
  /** For sources that keep something on disk. */
  readonly workDirectory: string;
  /** Ids of the documents as the source names them, in order: at least four, more than one page of a listing. */
  readonly documents: readonly string[];
  /** How requests look, by path and query, that ask for the text of one document. */
  readonly asksForDocument: RegExp;
  /** Gives a document this text, as its vendor would on an edit. */
  change(externalId: string, text: string): void;
  /** Takes a document away, as its vendor would. */
  remove(externalId: string): void;
  /** Lets only some read a document, and says the access tokens it has then; null where the vendor tells no permissions. */
  readonly narrow: ((externalId: string) => readonly string[]) | null;
}

const signal = new AbortController().signal;
const NAME = "place";

/** What holds for every kind of source that reads from the network. */
export function networkSourceContract(kind: string, openPlace: () => Promise<NetworkPlace>): void {
  describe(`the source ${kind}`, () => {
    listsAndReads(openPlace);
    survivesFaults(openPlace);
    syncs(openPlace);
  });
}

function listsAndReads(openPlace: () => Promise<NetworkPlace>): void {
  it("lists the whole place over all its pages, and reads every document", async () => {
    await using place = await openPlace();
    const run = await runOnce(place, NOTHING_KNOWN);
    expect(run.listing).toMatchObject({ scope: "whole", isComplete: true, failures: [] });
    expect(run.listing.items.map(({ externalId }) => externalId).sort()).toEqual([...place.documents].sort());
    expect(run.fetched.map(({ externalId }) => externalId).sort()).toEqual([...place.documents].sort());
    for (const { facts } of run.fetched) expect(facts?.title ?? "").not.toBe("");
  });

  it("asks for no document when nothing has changed", async () => {
    await using place = await openPlace();
    const first = await runOnce(place, NOTHING_KNOWN);
    const before = place.server.requests.length;
    const second = await runOnce(place, first.after);
    expect(second.fetched).toEqual([]);
    expect(second.gone).toEqual([]);
    expect(place.server.requests.slice(before).filter((request) => place.asksForDocument.test(request))).toEqual([]);
  });

  it("reads the one document that changed, and sees the one that is gone", async () => {
    await using place = await openPlace();
    const [changed = "", removed = ""] = place.documents;
    const first = await runOnce(place, NOTHING_KNOWN);
    place.change(changed, "Quokkas are served at noon.");
    const second = await runOnce(place, first.after);
    place.remove(removed);
    const third = await runOnce(place, second.after);
    expect(second.fetched.map(({ externalId }) => externalId)).toEqual([changed]);
    expect(Buffer.from(second.fetched[0]?.bytes ?? []).toString()).toContain("Quokkas are served at noon.");
    expect(second.gone).toEqual([]);
    expect(third.fetched).toEqual([]);
    expect(third.gone).toEqual([removed]);
  });

  it("hands on who may read a document", async ({ skip }) => {
    await using place = await openPlace();
    if (place.narrow === null) return skip("the vendor tells no permissions");
    const [closed = ""] = place.documents;
    const first = await runOnce(place, NOTHING_KNOWN);
    const acl = place.narrow(closed);
    const second = await runOnce(place, first.after);
    expect(second.fetched.map(({ externalId, facts }) => [externalId, facts?.acl])).toEqual([[closed, acl]]);
  });
}

function survivesFaults(openPlace: () => Promise<NetworkPlace>): void {
  it("waits as long as the vendor asks for, and goes on", async () => {
    await using place = await openPlace();
    place.server.limitOnce(7);
    const { listing } = await runOnce(place, NOTHING_KNOWN);
    expect(place.server.waitsMs).toEqual([7_000]);
    expect(listing.items).toHaveLength(place.documents.length);
  });

  it.each([
    ["unauthorized", /401.*secret/su],
    ["login-page", /no data.*sign in/su],
  ] as const)("lists nothing when the answer is %s, and says what to do", async (fault, message) => {
    await using place = await openPlace();
    const first = await runOnce(place, NOTHING_KNOWN);
    place.server.fault = fault;
    const source = await openAt(place);
    await expect(source.list(first.after.cursor, signal)).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringMatching(message) as string,
    });
    await expect(source.list(null, signal)).rejects.not.toThrow(place.secret);
  });

  it("stops when the next page is one that was read", async () => {
    await using place = await openPlace();
    place.server.fault = "repeating-cursor";
    const source = await openAt(place);
    await expect(source.list(null, signal)).rejects.toThrow("again and again");
  });

  it("is not set up without its secret, and names that with everything else that is wrong", async () => {
    await using place = await openPlace();
    await expect(checkAt(place, { options: { nonsense: 1 }, secret: null })).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(/nonsense.*SOURCE_PLACE_SECRET/su) as string,
    });
    await expect(checkAt(place, {})).resolves.toBeUndefined();
    expect(place.server.requests).toEqual([]);
  });
}

function syncs(openPlace: () => Promise<NetworkPlace>): void {
  it("keeps a knowledge base as the place is: changed, narrowed, out of reach, removed", async () => {
    await using place = await openPlace();
    await using database = await openTestDatabase();
    const embeddings = createHashedEmbeddings();
    const admin = testKnowledge(database, embeddings, servicesOf(place));
    await admin.addSource(DEFAULT_TENANT, { ...place.record, name: NAME, acl: ["public"] });
    const search = createKnowledgeSearch({ database, embeddings });
    const found = async (text: string, audience: readonly string[]): Promise<readonly string[]> => {
      const { passages } = await search.search({ tenantId: DEFAULT_TENANT, text, audience, limit: 3 }, signal);
      return passages.map(({ externalId }) => externalId);
    };
    const [changed = "", removed = ""] = place.documents;

    const first = await syncToEnd(admin, NAME);
    place.change(changed, "Quokkas are served at noon.");
    const second = await syncToEnd(admin, NAME);
    const open = await found("quokkas served at noon", ["public"]);
    const acl = place.narrow?.(changed) ?? ["public"];
    const third = await syncToEnd(admin, NAME);
    const closed = await found("quokkas served at noon", ["public"]);
    const allowed = await found("quokkas served at noon", acl);
    place.server.fault = "login-page";
    const failed = await syncToEnd(admin, NAME);
    place.server.fault = "none";
    place.remove(removed);
    const last = await syncToEnd(admin, NAME);

    expect(first).toMatchObject({ state: "done", failed: [], removed: [] });
    expect([...first.added].sort()).toEqual([...place.documents].sort());
    expect(second).toMatchObject({ state: "done", added: [], changed: [changed], removed: [] });
    expect(open).toContain(changed);
    expect(third).toMatchObject({
      state: "done",
      removed: [],
      failed: [],
      changed: place.narrow === null ? [] : [changed],
    });
    expect(closed.includes(changed)).toBe(place.narrow === null);
    expect(allowed).toContain(changed);
    expect(failed).toMatchObject({ state: "failed", changed: [], removed: [] });
    expect(last).toMatchObject({ state: "done", failed: [], removed: [removed] });
  }, 60_000);
}

interface Known {
  readonly cursor: string | null;
  readonly revisions: ReadonlyMap<string, string | null>;
}

interface Run {
  readonly listing: SourceListing;
  readonly fetched: readonly FetchedItem[];
  readonly gone: readonly string[];
  readonly after: Known;
}

const NOTHING_KNOWN: Known = { cursor: null, revisions: new Map() };

/** As a sync does it, in a process of its own: lists, reads what is of another revision, sees what is gone. */
async function runOnce(place: NetworkPlace, known: Known): Promise<Run> {
  const source = await openAt(place);
  const listing = await source.list(known.cursor, signal);
  const revisions = new Map(known.revisions);
  const fetched: FetchedItem[] = [];
  for (const item of listing.items) {
    const last = known.revisions.get(item.externalId) ?? null;
    revisions.set(item.externalId, item.revision);
    if (last !== null && last === item.revision) continue;
    const read = await source.fetch({ ...item, known: last }, signal);
    if (read === "unchanged") continue;
    revisions.set(item.externalId, read.revision ?? item.revision);
    fetched.push(read);
  }
  const listed = new Set(listing.items.map(({ externalId }) => externalId));
  const missing = [...known.revisions.keys()].filter((externalId) => !listed.has(externalId));
  const gone = listing.scope === "whole" ? missing : listing.removed;
  for (const externalId of gone) revisions.delete(externalId);
  return { listing, fetched, gone, after: { cursor: listing.cursor, revisions } };
}

function servicesOf(place: NetworkPlace): Omit<SourceServices, "database"> {
  return {
    secretOf: (name) => (name === NAME ? place.secret : null),
    workDirectory: place.workDirectory,
    fetch: place.server.fetch,
    allowedPrivateHosts: [],
    machine: {},
    logger: silentLogger,
  };
}

const noDatabase: SourceServices["database"] = {
  withTenant: () => Promise.reject(new Error("no database is needed")),
};

function openAt(place: NetworkPlace): Promise<Source> {
  const services = { ...servicesOf(place), database: noDatabase };
  return openSource({ ...place.record, name: NAME }, { ...services, tenantId: DEFAULT_TENANT, sourceId: "1" });
}

function checkAt(place: NetworkPlace, changes: { readonly options?: object; readonly secret?: null }): Promise<void> {
  const record = { ...place.record, name: NAME, options: { ...place.record.options, ...changes.options } };
  const services = { ...servicesOf(place), database: noDatabase };
  return checkSourceRecord(record, changes.secret === null ? { ...services, secretOf: () => null } : services);
}
