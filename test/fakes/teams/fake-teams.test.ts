import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeTeams, OUTGOING_TOKEN } from "./fake-teams.js";
import { cora, gus } from "./people.js";
import { TEAM_ID } from "./teams-state.js";

const tenantId = "99999999-0000-4000-8000-000000000000";
const chat = "a:29:cora";
const channel = "19:support@thread.tacv2";

let now: number;
let fake: FakeTeams;
beforeEach(async () => {
  now = 1_000_000;
  fake = await FakeTeams.start({ appId: "app", tenantId, now: () => now, enforceStreamRate: true });
  fake.chatWith(cora);
  fake.addConversation(channel, "channel", [cora, gus]);
});
afterEach(() => fake.stop());

interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly id: string;
}

async function call(method: string, path: string, body?: unknown, token = OUTGOING_TOKEN): Promise<Answer> {
  const response = await fetch(new URL(path, fake.serviceUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = (text === "" ? {} : JSON.parse(text)) as { id?: string; error?: { code: string } };
  return { status: response.status, code: answer.error?.code ?? null, id: answer.id ?? "" };
}

const get = (path: string) =>
  fetch(new URL(path, fake.serviceUrl), { headers: { authorization: `Bearer ${OUTGOING_TOKEN}` } });
const send = (activity: unknown, to = chat) =>
  call("POST", `v3/conversations/${encodeURIComponent(to)}/activities`, activity);
const membersOf = (conversation: string, id: string) =>
  `v3/conversations/${encodeURIComponent(conversation)}/members/${encodeURIComponent(id)}`;
const at = (id: string) => `v3/conversations/${encodeURIComponent(chat)}/activities/${id}`;

const message = { type: "message", text: "Hello [1]", textFormat: "markdown" };
const claim = {
  "@type": "Claim",
  position: 1,
  appearance: { "@type": "DigitalDocument", name: "Name", abstract: "About", url: "https://help.acme.example/" },
};
const root = {
  type: "https://schema.org/Message",
  "@type": "Message",
  "@context": "https://schema.org",
  citation: [claim],
};
const execute = { type: "Action.Execute", title: "Claim", verb: "claim", data: {} };
const card = (content: object) => ({
  ...message,
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.5",
        body: [{ type: "ActionSet", actions: [execute] }],
        ...content,
      },
    },
  ],
});
const cited = (appearance: object) => ({
  ...message,
  entities: [{ ...root, citation: [{ ...claim, appearance: { ...claim.appearance, ...appearance } }] }],
});
const positions = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const citing = (count: number) => ({
  ...message,
  text: positions(count)
    .map((position) => `[${position}]`)
    .join(" "),
  entities: [{ ...root, citation: positions(count).map((position) => ({ ...claim, position })) }],
});

describe("activities that Teams takes", () => {
  it.each([
    ["a message", message],
    ["twenty citations", citing(20)],
    ["a card with a button", card({})],
    ["a typing indicator", { type: "typing" }],
    [
      "a mention",
      {
        ...message,
        text: "<at>Cora</at>",
        entities: [{ type: "mention", text: "<at>Cora</at>", mentioned: { id: cora.id } }],
      },
    ],
  ])("takes %s", async (_what, activity) => {
    expect(await send(activity)).toMatchObject({ status: 201 });
  });
});

describe("activities that Teams refuses", () => {
  it.each<readonly [string, unknown, number]>([
    ["no JSON", "{", 400],
    ["an unknown type", { type: "event" }, 400],
    ["an unknown field", { ...message, unfurl: true }, 400],
    ["a text that is none", { ...message, text: 7 }, 400],
    ["a message without anything", { type: "message", text: " " }, 400],
    ["an unknown format", { ...message, textFormat: "html" }, 400],
    ["more than 100 KB as UTF-16", { ...message, text: "x".repeat(52_000) }, 413],
    ["an unknown entity", { ...message, entities: [{ type: "clientInfo" }] }, 400],
    ["an unknown field of an entity", { ...message, entities: [{ ...root, sources: [] }] }, 400],
    ["two root entities", { ...message, entities: [root, root] }, 400],
    ["twenty-one citations", citing(21), 400],
    ["a citation that the text does not mark", { ...cited({}), text: "Hello" }, 400],
    ["two citations of one position", { ...message, entities: [{ ...root, citation: [claim, claim] }] }, 400],
    ["a citation without an abstract", cited({ abstract: undefined }), 400],
    ["a long name", cited({ name: "x".repeat(81) }), 400],
    ["a long abstract", cited({ abstract: "x".repeat(161) }), 400],
    ["an address that is none of the web", cited({ url: "javascript:alert(1)" }), 400],
    ["another additional type", { ...message, entities: [{ ...root, additionalType: ["Other"] }] }, 400],
    [
      "a mention that is not in the text",
      { ...message, entities: [{ type: "mention", text: "<at>X</at>", mentioned: { id: "29:x" } }] },
      400,
    ],
    [
      "an attachment of another kind",
      { ...message, attachments: [{ contentType: "application/pdf", contentUrl: "https://x" }] },
      400,
    ],
    ["a card of a newer version", card({ version: "1.6" }), 400],
    ["a card without a body", card({ body: [] }), 400],
    ["a card with an element that we do not send", card({ body: [{ type: "Image", url: "https://x" }] }), 400],
    ["a card's action that opens an address", card({ actions: [{ type: "Action.OpenUrl", url: "https://x" }] }), 400],
    ["a button without a title", card({ actions: [{ ...execute, title: "" }] }), 400],
    ["seven buttons", card({ actions: Array.from({ length: 7 }, () => execute) }), 400],
    ["an unknown field of channel data", { ...message, channelData: { other: 1 } }, 400],
    ["text on a typing indicator", { type: "typing", text: "Hm" }, 400],
  ])("refuses %s", async (_what, activity, status) => {
    expect(await send(activity)).toMatchObject({ status });
    expect(fake.texts(chat)).toEqual([]);
  });

  it.each<readonly [string, string, string, unknown, number]>([
    ["an unknown conversation", "POST", "v3/conversations/a%3Anobody/activities", message, 404],
    ["an edit of nothing", "PUT", at("404"), message, 404],
    ["a deletion of nothing", "DELETE", at("404"), undefined, 404],
    ["an unknown operation", "PATCH", at("404"), message, 405],
    ["an unknown path", "GET", "v3/attachments", undefined, 405],
    [
      "a chat with somebody who has not installed the app",
      "POST",
      "v3/conversations",
      { members: [{ id: "29:x" }], tenantId },
      403,
    ],
    ["a chat without a tenant", "POST", "v3/conversations", { members: [{ id: cora.id }] }, 400],
    [
      "a chat with two people",
      "POST",
      "v3/conversations",
      { members: [{ id: "29:a" }, { id: "29:b" }], tenantId },
      400,
    ],
    ["an unknown member", "GET", membersOf(chat, "29:x"), undefined, 404],
    ["a member of an unknown conversation", "GET", membersOf("a:nobody", cora.id), undefined, 404],
    ["a member of a thread, which has no list", "GET", membersOf(`${channel};messageid=1`, cora.id), undefined, 404],
    ["somebody in another's chat", "GET", membersOf(chat, gus.id), undefined, 404],
    ["a list of members", "GET", membersOf(chat, ""), undefined, 405],
    ["a change of a member", "PUT", membersOf(chat, cora.id), {}, 405],
  ])("refuses %s", async (_what, method, path, body, status) => {
    expect(await call(method, path, body)).toMatchObject({ status });
  });

  it("refuses another token", async () => {
    expect(await call("POST", at(""), message, "other")).toMatchObject({ status: 401, code: "Unauthorized" });
    expect(await call("GET", membersOf(chat, cora.id), undefined, "other")).toMatchObject({ status: 401 });
  });

  it("refuses to change what a person wrote", async () => {
    fake.botUrl = fake.serviceUrl;
    await fake.direct(cora, "Mine");
    const [mine] = fake.transcript(chat);

    expect(await call("PUT", at(mine?.id ?? ""), message)).toMatchObject({ status: 403 });
    expect(await call("DELETE", at(mine?.id ?? ""))).toMatchObject({ status: 403 });
  });

  it("opens a chat with a member", async () => {
    expect(await call("POST", "v3/conversations", { members: [{ id: cora.id }], tenantId })).toMatchObject({
      id: chat,
    });
  });
});

describe("members", () => {
  it.each([chat, channel, TEAM_ID])(
    "are told by their id, their object id and their name for sign-in: %s",
    async (of) => {
      for (const id of [cora.id, cora.aadObjectId, "cora.customer@acme.example"]) {
        expect(await call("GET", membersOf(of, id))).toMatchObject({ status: 200, id: cora.id });
      }
    },
  );

  it("are told with what Teams tells of them", async () => {
    const told = async (id: string) => (await get(membersOf(TEAM_ID, id))).json();
    const anonymous = { ...gus, id: "29:anonymous", listed: { userRole: "anonymous" } };
    fake.addConversation("19:other@thread.tacv2", "channel", [anonymous]);

    expect(await told(cora.id)).toEqual({
      id: cora.id,
      name: "Cora Customer",
      objectId: cora.aadObjectId,
      aadObjectId: cora.aadObjectId,
      givenName: "Cora",
      surname: "Customer",
      email: "cora.customer@acme.example",
      userPrincipalName: "cora.customer@acme.example",
      tenantId,
      userRole: "user",
    });
    expect(await told(gus.id)).toMatchObject({
      userRole: "user",
      userPrincipalName: "gus.guest_partner.example#EXT#@acme.onmicrosoft.example",
    });
    expect(await told(anonymous.id)).toEqual({ id: anonymous.id, name: gus.name, tenantId, userRole: "anonymous" });
  });
});

const info = (fields: object) => [{ type: "streaminfo", ...fields }];
const typing = (text: string, fields: object) => ({ type: "typing", text, entities: info(fields) });
const opening = typing("Looking", { streamType: "informative", streamSequence: 1 });
const next = (text: string, streamId: string, streamSequence: number) =>
  typing(text, { streamType: "streaming", streamId, streamSequence });
const final = (text: string, streamId: string) => ({
  type: "message",
  text,
  entities: info({ streamType: "final", streamId }),
});

describe("streams that Teams refuses", () => {
  const begin = async () => {
    const { id } = await send(opening);
    now += 1_000;
    expect(await send(next("One.", id, 2))).toMatchObject({ status: 202, code: null });
    now += 1_000;
    return id;
  };

  it("takes one by the rules", async () => {
    const id = await begin();

    expect(await send(final("One. Two.", id))).toMatchObject({ status: 201, id });
    expect(fake.texts(chat)).toEqual(["One. Two."]);
  });

  it.each<readonly [string, (id: string) => unknown, number, string | null]>([
    ["text that does not repeat what came before", (id) => next("Two.", id, 3), 400, "BadRequest"],
    ["a final text that does not repeat it", (id) => final("Two.", id), 400, "BadRequest"],
    [
      "a sequence number that was left out",
      (id) => next("One. Two.", id, 4),
      202,
      "ContentStreamSequenceOrderPreConditionFailed",
    ],
    ["no sequence number", (id) => typing("One. Two.", { streamType: "streaming", streamId: id }), 400, "BadRequest"],
    [
      "a sequence number on the final message",
      (id) => ({ ...final("One.", id), entities: info({ streamType: "final", streamId: id, streamSequence: 3 }) }),
      400,
      "BadRequest",
    ],
    [
      "a final that is a typing activity",
      (id) => typing("One.", { streamType: "final", streamId: id }),
      400,
      "BadRequest",
    ],
    ["a chunk that is a message", (id) => ({ ...next("One. Two.", id, 3), type: "message" }), 400, "BadRequest"],
    [
      "status after text",
      (id) => typing("Looking", { streamType: "informative", streamId: id, streamSequence: 3 }),
      400,
      "BadRequest",
    ],
    ["an unknown stream", () => next("One. Two.", "404", 3), 400, "BadRequest"],
    [
      "a final without a stream",
      () => ({ type: "message", text: "One.", entities: info({ streamType: "final" }) }),
      400,
      "BadRequest",
    ],
    ["a second stream of the chat", () => opening, 403, "ContentStreamNotAllowed"],
    [
      "an unknown kind",
      (id) => typing("One.", { streamType: "other", streamId: id, streamSequence: 3 }),
      400,
      "BadSyntax",
    ],
  ])("refuses %s", async (_what, activity, status, code) => {
    const id = await begin();

    expect(await send(activity(id))).toMatchObject({ status, code });
    expect(fake.texts(chat)).toEqual(["One."]);
  });

  it.each([
    ["outside of personal chats", opening, channel, 403],
    ["that start at two", typing("Looking", { streamType: "informative", streamSequence: 2 }), chat, 202],
    ["with a long status", typing("x".repeat(1_001), { streamType: "informative", streamSequence: 1 }), chat, 400],
    ["without text", typing("", { streamType: "streaming", streamSequence: 1 }), chat, 400],
  ])("refuses streams %s", async (_what, activity, to, status) => {
    expect(await send(activity, to)).toMatchObject({ status });
    expect(fake.state.streams.size).toBe(0);
  });

  it("refuses more than one request a second", async () => {
    const { id } = await send(opening);
    now += 999;

    expect(await send(next("One.", id, 2))).toMatchObject({ status: 429 });
  });

  it.each<readonly [string, (id: string) => unknown]>([
    ["two minutes", () => void (now += 118_000)],
    ["the user's stop", () => fake.cancelStreams(chat)],
    ["its final message", (id) => send(final("One.", id)).then(() => (now += 1_000))],
  ])("refuses a chunk after %s", async (_what, end) => {
    const id = await begin();
    await end(id);

    expect(await send(next("One. Two.", id, 3))).toMatchObject({ status: 403, code: "ContentStreamNotAllowed" });
    expect(fake.texts(chat)).toEqual(["One."]);
  });
});
