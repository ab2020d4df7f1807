import { expect, it } from "vitest";
import { createFileUploads } from "../../../../src/handoff/files/upload-file.js";
import { DEFAULT_TENANT, newId } from "../../../../src/ports/ids.js";
import { openTestDatabase } from "../../../support/database.js";
import { messageFrom, cora } from "../../../support/events.js";
import { ANY_FILES } from "../../../support/handoff-rules.js";

const HOUR_MS = 3_600_000;
const FILE = { name: "a.png", mediaType: "image/png", sizeBytes: 1 };

it("takes twenty files without a message, says why it takes no more, and deletes them an hour later", async () => {
  await using database = await openTestDatabase();
  const { id: installationId } = await database.coordination.ensureInstallation(DEFAULT_TENANT, "web", newId());
  let now = new Date();
  const uploads = createFileUploads({
    ...{ withStores: database.withStores, newId, rules: ANY_FILES },
    clock: { now: () => now },
  });
  const begin = (key: string) =>
    uploads.begin({ tenantId: DEFAULT_TENANT, conversation: { installationId, key } }, FILE);
  for (let count = 0; count < 20; count += 1) await begin("c");
  await begin("with-message");
  await database.coordination.acceptEvent(messageFrom(cora, { installationId, key: "with-message" }, "Look"));
  await expect(begin("c")).rejects.toThrow(/^a\.png: 20 files were put here and not sent/u);

  now = new Date(now.getTime() + HOUR_MS + 60_000);
  await begin("c");
  const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
    db.query<{ key: string }>(
      `select conversation.key from relayed_file join conversation on conversation.id = relayed_file.conversation_id
        where relayed_file.tenant_id = current_tenant() order by key`,
    ),
  );
  // One whose message nobody has come to yet stays.
  expect(rows.map(({ key }) => key)).toEqual(["c", "with-message"]);
});
