import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { objectAt, objectsAt, textAt } from "../../fakes/slack/json.js";
import { rawCall } from "./raw-call.js";

let fake: FakeSlack;
beforeEach(async () => {
  fake = await FakeSlack.start();
});
afterEach(() => fake[Symbol.asyncDispose]());

it("a deleted message with answers leaves a tombstone without its words", async () => {
  const asked = fake.say("Anna", "general", "When do you open?");
  fake.say("Ben", "general", "At nine", { thread: asked.ts });
  fake.people.removeRoot("Anna", asked);
  const { body } = await rawCall(fake, "conversations.history", { channel: "C0GENERAL" });
  expect(objectsAt(body, "messages")).toMatchObject([
    { subtype: "tombstone", user: "USLACKBOT", text: "This message was deleted.", thread_ts: asked.ts, reply_count: 1 },
  ]);
});

it("a reaction that was taken back is gone", async () => {
  const asked = fake.say("Anna", "general", "When do you open?");
  fake.people.react("Ben", asked, "eyes");
  fake.people.react("Carla", asked, "eyes");
  fake.people.unreact("Ben", asked, "eyes");
  const shown = async () =>
    objectsAt((await rawCall(fake, "conversations.history", { channel: "C0GENERAL" })).body, "messages");
  expect((await shown())[0]?.["reactions"]).toEqual([{ name: "eyes", users: ["U0CARLA"], count: 1 }]);
  fake.people.unreact("Carla", asked, "eyes");
  expect((await shown())[0]?.["reactions"]).toBeUndefined();
});

it("methods that read are answered to GET with a query, by the same rules", async () => {
  const asked = fake.say("Anna", "general", "When do you open?");
  const get = async (query: string, token = fake.botToken()) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${fake.apiUrl}conversations.history?${query}`, { headers })).json() as Promise<object>;
  };
  expect(await get("channel=C0GENERAL&limit=1")).toMatchObject({ ok: true, messages: [{ ts: asked.ts }] });
  expect(await get("channel=C0GENERAL&nonsense=1")).toMatchObject({ ok: false, error: "invalid_arguments" });
  expect(await get("channel=C0GENERAL", "xoxb-wrong")).toMatchObject({ ok: false, error: "invalid_auth" });
});

it("pages are as short as Slack likes, whatever was asked for", async () => {
  for (const text of ["one", "two", "three"]) fake.say("Anna", "general", text);
  fake.paging.mostInOnePage = 2;
  const first = await rawCall(fake, "conversations.history", { channel: "C0GENERAL", limit: 200 });
  const cursor = textAt(objectAt(first.body, "response_metadata") ?? {}, "next_cursor");
  const second = await rawCall(fake, "conversations.history", { channel: "C0GENERAL", limit: 200, cursor });
  expect(objectsAt(first.body, "messages").map((message) => message["text"])).toEqual(["three", "two"]);
  expect(objectsAt(second.body, "messages").map((message) => message["text"])).toEqual(["one"]);
});
