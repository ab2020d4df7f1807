import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { NewFile } from "../../../src/ports/files.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { openTestDatabase } from "../../support/database.js";
import { leasedEvent } from "../../support/stores.js";

const KEEP_UNTIL = new Date("2030-01-01T00:00:00Z");

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function newFile(place: "of-event" | "waiting"): Promise<NewFile> {
  const { lease, inboxId } = await leasedEvent(database);
  const of = place === "waiting" ? null : { inboxId, ordinal: 0 };
  const about = { name: "a.txt", mediaType: "text/plain", keepUntil: KEEP_UNTIL };
  return { fileId: newId(), conversationId: lease.conversationId, of, ...about };
}

const stores: OpenDatabase["withStores"] = (tenantId, work) => database.withStores(tenantId, work);

it("keeps what was received, once for its place, and begins anew what was broken off", async () => {
  const first = await newFile("of-event");
  const second = { ...first, fileId: newId() };
  const place = first.of!;
  await stores(DEFAULT_TENANT, async ({ files }) => {
    await files.begin(first);
    await files.append(first.fileId, 0, Buffer.from("half"));
  });
  expect(await stores(DEFAULT_TENANT, ({ files }) => files.keptAt(place))).toBeNull();
  await stores(DEFAULT_TENANT, async ({ files }) => {
    await files.begin(second);
    await files.append(second.fileId, 0, Buffer.from("who"));
    await files.append(second.fileId, 1, Buffer.from("le"));
    await files.keep(second.fileId, 5);
  });
  // The first receiver is late: nothing of it gets in.
  await expect(
    stores(DEFAULT_TENANT, ({ files }) => files.append(first.fileId, 1, Buffer.from("x"))),
  ).rejects.toThrow();
  const kept = await stores(DEFAULT_TENANT, ({ files }) => files.keptAt(place));
  expect(kept).toMatchObject({ fileId: second.fileId, sizeBytes: 5, uploadId: null, keepUntil: KEEP_UNTIL });
  const piece = await stores(DEFAULT_TENANT, ({ files }) => files.piece(second.fileId, 1));
  expect(Buffer.from(piece ?? []).toString()).toBe("le");
});

it("adds nothing to a file that is kept, and gives it to one message alone", async () => {
  const file = await newFile("waiting");
  const { lease, inboxId } = await leasedEvent(database);
  await stores(DEFAULT_TENANT, async ({ files }) => {
    await files.begin(file);
    await files.appendOnce(file.fileId, 0, Buffer.from("all"));
    await files.appendOnce(file.fileId, 0, Buffer.from("all"));
    expect(await files.unfinished(file.fileId, file.conversationId)).toEqual({ name: "a.txt", pieces: 1, bytes: 3 });
  });
  await expect(stores(DEFAULT_TENANT, ({ files }) => files.keep(file.fileId, 2))).rejects.toThrow();
  await stores(DEFAULT_TENANT, ({ files }) => files.keep(file.fileId, 3));
  await expect(
    stores(DEFAULT_TENANT, ({ files }) => files.appendOnce(file.fileId, 1, Buffer.from("x"))),
  ).rejects.toThrow();
  await stores(DEFAULT_TENANT, async ({ files }) => {
    expect(await files.adopt(file.fileId, lease.conversationId, { inboxId, ordinal: 0 })).toBeNull();
  });
});

it("deletes on its last day, and shows no other tenant anything", async () => {
  const file = await newFile("of-event");
  await stores(DEFAULT_TENANT, async ({ files }) => {
    await files.begin(file);
    await files.append(file.fileId, 0, Buffer.from("x"));
    await files.keep(file.fileId, 1);
  });
  await database.coordination.ensureInstallation("other", "web", newId());
  await stores("other", async ({ files }) => {
    expect(await files.find(file.fileId)).toBeNull();
    expect(await files.piece(file.fileId, 0)).toBeNull();
    expect(await files.purge(KEEP_UNTIL)).toBe(0);
  });
  await stores(DEFAULT_TENANT, async ({ files }) => {
    expect(await files.purge(new Date(KEEP_UNTIL.getTime() - 1))).toBe(0);
    expect(await files.purge(KEEP_UNTIL)).toBeGreaterThan(0);
    expect(await files.piece(file.fileId, 0)).toBeNull();
  });
});
