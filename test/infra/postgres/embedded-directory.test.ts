import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../../infra/postgres/open-database.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { embeddedSnapshot } from "../../support/embedded-snapshot.js";
import { silentLogger } from "../../support/silent-logger.js";
import { installationOf, leasedEvent, messageFrom } from "../../support/stores.js";

describe("embedded database in a directory", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "deskhand-embedded-"));
  });
  afterAll(async () => rm(directory, { recursive: true, force: true }));

  const open = async (snapshot = false) =>
    openDatabase(
      { kind: "embedded", directory, ...(snapshot ? { snapshot: await embeddedSnapshot() } : {}) },
      silentLogger,
    );

  it("keeps what was stored when it is opened again, and is refused while it is open", async () => {
    const first = await open(true);
    const { inboxId, lease } = await leasedEvent(first);
    await first.withStores(DEFAULT_TENANT, (stores) =>
      stores.inbox.finish(lease, inboxId, { kind: "ignored", reason: "own-message" }),
    );
    await first.announce("http://127.0.0.1:3000");
    await expect(open()).rejects.toMatchObject({
      code: "directory-in-use",
      holder: { pid: process.pid, address: "http://127.0.0.1:3000" },
    });
    await first[Symbol.asyncDispose]();

    await using second = await open(true);
    await expect(second.outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toMatchObject({
      outcome: { kind: "ignored", reason: "own-message" },
    });
    const accepted = await second.coordination.acceptEvent(messageFrom(await installationOf(second)));
    expect(accepted.duplicate).toBe(false);
  });

  it("starts over after a first start that was killed half-way, and keeps what that left behind", async () => {
    const halfWay = join(directory, "half-way");
    await mkdir(join(halfWay, "database"), { recursive: true });
    await writeFile(join(halfWay, "database", "PG_VERSION"), "18\n");
    const snapshot = await embeddedSnapshot();
    await using database = await openDatabase({ kind: "embedded", directory: halfWay, snapshot }, silentLogger);
    await expect(database.ping()).resolves.toBeUndefined();
    const aside = (await readdir(halfWay)).filter((name) => name.startsWith("database-unfinished-"));
    expect(aside).toHaveLength(1);
    await expect(readdir(join(halfWay, aside[0]!))).resolves.toEqual(["PG_VERSION"]);
  });
});
