import { expect, it } from "vitest";
import { createHashedEmbeddings } from "../../../infra/models/local/hashed-embeddings.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { openTestDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { answeredThread, fetchOfSlack } from "../../support/slack-place.js";

const signal = new AbortController().signal;

it("a channel that is made private is answered from for its members alone after the next sync", async () => {
  await using fake = await FakeSlack.start();
  await using database = await openTestDatabase();
  const thread = answeredThread(fake, "Where do quokkas live?", "On Rottnest Island.");
  const embeddings = createHashedEmbeddings();
  const services = { fetch: fetchOfSlack(fake), secretOf: () => fake.botToken() };
  const admin = testKnowledge(database, embeddings, services);
  const options = { requestsPerMinute: 600 };
  await admin.addSource(DEFAULT_TENANT, {
    name: "talk",
    kind: "slack",
    location: "C0GENERAL",
    options,
    acl: ["public"],
  });
  const search = createKnowledgeSearch({ database, embeddings });
  const found = async (audience: readonly string[]): Promise<readonly string[]> => {
    const query = { tenantId: DEFAULT_TENANT, text: "where do quokkas live", audience, limit: 3 };
    return (await search.search(query, signal)).passages.map(({ externalId }) => externalId);
  };

  await syncToEnd(admin, "talk");
  const before = await found(["public"]);
  const channel = fake.workspace.channel("general");
  fake.workspace.channels.set(channel.id, { ...channel, kind: "private" });
  const second = await syncToEnd(admin, "talk");
  const third = await syncToEnd(admin, "talk");

  expect(before).toEqual([thread.id]);
  expect(second).toMatchObject({ changed: [thread.id], removed: [], failed: [{ code: "private-channel" }] });
  await expect(found(["public"])).resolves.toEqual([]);
  await expect(found(["slack:channel:C0GENERAL"])).resolves.toEqual([thread.id]);
  expect(third).toMatchObject({ changed: [], removed: [], failed: [{ code: "private-channel" }] });
});
