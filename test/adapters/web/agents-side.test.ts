import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ConversationView, HandoffDetailView, HandoffView, QueueView } from "../../../adapters/web/api.js";
import { plainReply } from "../../../src/ports/reply.js";
import { bodyOf, ConsoleHarness, textOf } from "./console-harness.js";

const words = (changes: object = {}) => ({
  messageId: randomUUID(),
  text: "You can pay by card.",
  agentName: "Ana",
  ...changes,
});
const claimedByAna = { state: "claimed", claimedBy: "Ana", claimedById: "agent:Ana" } as const;

describe("the queue", () => {
  it("lists handoffs without telling where their conversations are", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff();

    const response = await harness.get("/api/handoffs", { cookie });

    const { handoffs } = bodyOf(response) as { handoffs: HandoffView[] };
    expect(handoffs.map(({ handoffId, isReady }) => [handoffId, isReady])).toEqual([[handoff.handoffId, true]]);
    expect(textOf(response)).not.toContain(handoff.conversation.key);
  });

  const onSlack = { agentThread: { installationId: randomUUID(), key: "C0AGENTS/1" } };
  it.each([
    ["web", {}, "console", true],
    ["web", { agentThread: null }, "console", false],
    ["web", onSlack, "elsewhere", false],
    ["slack", onSlack, "slack", false],
    ["slack", { agentThread: null }, "slack", false],
    ["teams", onSlack, "teams", false],
  ] as const)(
    "with agents in %s says of a handoff with %j that it is answered in %s",
    async (platform, thread, answeredIn, isReady) => {
      const harness = new ConsoleHarness();
      const { cookie } = await harness.signIn();
      const { handoffId } = harness.addHandoff({ agentsPlatform: platform, ...thread });

      const { handoffs } = bodyOf(await harness.get("/api/handoffs", { cookie })) as QueueView;
      const detail = bodyOf(await harness.get(`/api/handoffs/${handoffId}/messages`, { cookie })) as HandoffDetailView;

      expect(handoffs).toMatchObject([{ answeredIn, isReady }]);
      expect(detail.handoff).toMatchObject({ answeredIn, isReady });
    },
  );
});

describe("what the bot tells the agents besides cards", () => {
  it("stands beside the queue for a day, the newest first", async () => {
    const harness = new ConsoleHarness();
    harness.now = new Date();
    const { cookie } = await harness.signIn();
    const channel = { installationId: harness.installationId, key: "agents" };
    const bot = { role: "bot", name: "Deskhand" } as const;
    const card = { ...plainReply("Cora asks"), actions: [{ name: "claim", handoffId: randomUUID() } as const] };
    const notices = ["1", "2", "3", "4", "5", "6"].map((text) => plainReply(text));
    for (const reply of [card, ...notices]) await harness.store.post(channel, randomUUID(), bot, reply);
    const shown = async () => (bodyOf(await harness.get("/api/handoffs", { cookie })) as QueueView).notices;

    const now = await shown();
    harness.now = new Date(Date.now() + 86_401_000);
    const aDayLater = await shown();

    expect(now.map(({ reply }) => reply)).toEqual(notices.slice(1).reverse());
    expect(aDayLater).toEqual([]);
  });
});

describe("a snoozed handoff", () => {
  it("says until when", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const until = new Date("2026-11-21T13:00:00Z");
    harness.addHandoff({ ...claimedByAna, state: "snoozed", snoozedUntil: until });

    const { handoffs } = bodyOf(await harness.get("/api/handoffs", { cookie })) as QueueView;

    expect(handoffs).toMatchObject([{ snoozedUntil: until.toISOString() }]);
  });
});

describe("more handoffs than the queue lists", () => {
  it("are said to be there, and each can be opened and replied to", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    for (let count = 0; count < 300; count += 1) harness.addHandoff();
    const whole = bodyOf(await harness.get("/api/handoffs", { cookie })) as QueueView;
    const conversation = { installationId: harness.installationId, key: `customer/${sessionId}/1` };
    const { handoffId } = harness.addHandoff({ conversation });

    const cut = bodyOf(await harness.get("/api/handoffs", { cookie })) as QueueView;
    const opened = await harness.get(`/api/handoffs/${handoffId}/messages`, { cookie });
    const replied = await harness.post(`/api/handoffs/${handoffId}/replies`, words(), { cookie });
    const badge = bodyOf(await harness.get("/api/conversations/1/messages", { cookie })) as ConversationView;

    expect([whole.handoffs.length, whole.isCut]).toEqual([300, false]);
    expect([cut.handoffs.length, cut.isCut]).toEqual([300, true]);
    expect([opened.status, replied.status]).toEqual([200, 202]);
    expect(badge.handoff?.handoffId).toBe(handoffId);
  });
});

describe("a reply with a credential in it", () => {
  it("goes to the core, which holds it back, and is shown to nobody", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const { handoffId } = harness.addHandoff(claimedByAna);
    const key = "xoxb-1234567890-abcdefghijklmnop";

    const response = await harness.post(`/api/handoffs/${handoffId}/replies`, words({ text: `Use ${key}` }), {
      cookie,
    });
    const page = textOf(await harness.get(`/api/handoffs/${handoffId}/messages`, { cookie }));

    expect(response.status).toBe(202);
    expect(page).toContain("A message with a credential in it");
    expect(page).not.toContain(key);
  });
});

describe("a handoff's page", () => {
  it("holds the card, what the customer sees, and the agents' thread", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const channel = { installationId: harness.installationId, key: "agents" };
    const bot = { role: "bot", name: "Deskhand" } as const;
    await harness.store.post(channel, randomUUID(), bot, plainReply("another card"));
    const cardId = await harness.store.post(channel, randomUUID(), bot, plainReply("card"));
    const handoff = harness.addHandoff({ agentThread: { ...channel, key: `agents/${cardId}` } });
    await harness.store.post(handoff.conversation, randomUUID(), bot, plainReply("passed on"));
    await harness.store.post({ ...channel, key: `agents/${cardId}` }, randomUUID(), bot, plainReply("claimed"));

    const response = await harness.get(`/api/handoffs/${handoff.handoffId}/messages`, { cookie });

    const detail = bodyOf(response) as HandoffDetailView;
    expect(detail.card?.reply).toEqual(plainReply("card"));
    expect(detail.conversation.map(({ reply }) => reply)).toEqual([plainReply("passed on")]);
    expect(detail.thread.map(({ reply }) => reply)).toEqual([plainReply("claimed")]);
  });

  it("holds its card when hundreds were posted after it", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const channel = { installationId: harness.installationId, key: "agents" };
    const bot = { role: "bot", name: "Deskhand" } as const;
    const cardId = await harness.store.post(channel, randomUUID(), bot, plainReply("card"));
    for (let count = 0; count < 300; count += 1) {
      await harness.store.post(channel, randomUUID(), bot, plainReply("a later card"));
    }
    const { handoffId } = harness.addHandoff({ agentThread: { ...channel, key: `agents/${cardId}` } });

    const detail = bodyOf(await harness.get(`/api/handoffs/${handoffId}/messages`, { cookie })) as HandoffDetailView;

    expect(detail.card?.reply).toEqual(plainReply("card"));
  });

  it.each([randomUUID(), "nonsense"])("is not there for %s, which is not on the board", async (id) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    expect((await harness.get(`/api/handoffs/${id}/messages`, { cookie })).status).toBe(404);
  });
});

describe("the agents' thread", () => {
  it("tells what is typed for the bot from words to the customer, also from `!`s that are none", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const { handoffId } = harness.addHandoff(claimedByAna);
    const path = `/api/handoffs/${handoffId}`;
    for (const text of ["!help", "!send Yes.", "Yes!", "! Yes"]) {
      await harness.post(`${path}/replies`, words({ text }), { cookie });
    }

    const { thread } = bodyOf(await harness.get(`${path}/messages`, { cookie })) as HandoffDetailView;

    expect(thread.map(({ command }) => command)).toEqual(["for-team", "to-customer", null, null]);
  });

  it("shows what the bot says in backticks as code, and nobody else's", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const { handoffId, agentThread } = harness.addHandoff(claimedByAna);
    const said = plainReply("`!replies` lists them, ` is none.");
    await harness.store.post(agentThread!, randomUUID(), { role: "bot", name: "Deskhand" }, said);
    await harness.store.post(agentThread!, randomUUID(), { role: "customer", name: "Cora" }, said);

    const page = await harness.get(`/api/handoffs/${handoffId}/messages`, { cookie });

    const [bot, customer] = (bodyOf(page) as HandoffDetailView).thread;
    const children = [
      { kind: "code", text: "!replies" },
      { kind: "text", text: " lists them, ` is none." },
    ];
    expect(bot?.reply?.blocks).toEqual([{ kind: "paragraph", children }]);
    expect(customer?.reply).toEqual(said);
  });
});

describe("a reply", () => {
  it("of the agent who claimed goes to the core as a message of the agents' thread", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff(claimedByAna);
    const reply = words();

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/replies`, reply, { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([
      {
        kind: "message",
        eventId: `message:${reply.messageId}`,
        conversation: handoff.agentThread,
        channelId: "agents",
        author: { id: "agent:Ana", displayName: "Ana", role: "agent" },
        text: reply.text,
      },
    ]);
    const shown = await harness.store.list(handoff.agentThread!, 10);
    expect(shown.map(({ author }) => author)).toEqual([{ role: "agent", name: "Ana" }]);
  });

  it("to a question that nobody has claimed goes to the core, which claims it", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff({ state: "waiting" });

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/replies`, words(), { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toHaveLength(1);
  });

  it.each([
    ["somebody else has claimed", { state: "claimed", claimedBy: "Ben", claimedById: "agent:Ben" } as const],
    ["somebody else has snoozed", { state: "snoozed", claimedBy: "Ben", claimedById: "agent:Ben" } as const],
    ["is resolved", { ...claimedByAna, state: "resolved" } as const],
  ])("to a question that %s is refused and neither sent nor shown", async (_what, state) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff(state);

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/replies`, words(), { cookie });

    expect(response.status).toBe(409);
    expect(harness.sink.events).toEqual([]);
    expect(await harness.store.list(handoff.agentThread!, 10)).toEqual([]);
  });

  it.each([
    ["on another installation", { agentThread: { installationId: randomUUID(), key: "agents/1" } }],
    ["not posted yet", { agentThread: null }],
  ])("is not possible in a thread that is %s", async (_what, thread) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff({ ...claimedByAna, ...thread });

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/replies`, words(), { cookie });

    expect(response.status).toBe(404);
    expect(harness.sink.events).toEqual([]);
  });

  it.each(["", "a".repeat(41), "Ana\nBen", "<b>Ana</b>", "@here!"])("cannot be signed %j", async (agentName) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff({ ...claimedByAna, claimedById: `agent:${agentName}` });

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/replies`, words({ agentName }), { cookie });

    expect(response.status).toBe(400);
    expect(harness.sink.events).toEqual([]);
  });
});

describe("what is marked as a note", () => {
  it.each([
    ["replies", "// Asked billing."],
    ["replies", "internal note: Asked billing."],
    ["notes", "note: Asked billing."],
  ])("and written among the %s as %j is a note, without its mark", async (where, text) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff(claimedByAna);

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/${where}`, words({ text }), { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([{ kind: "note", text: "Asked billing." }]);
    const shown = await harness.store.list(handoff.agentThread!, 10);
    expect(shown).toMatchObject([{ author: { role: "note" }, reply: plainReply("Asked billing.") }]);
  });

  it("can be written as a reply where a reply could not be sent", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const { handoffId } = harness.addHandoff({ ...claimedByAna, state: "resolved" });

    const response = await harness.post(`/api/handoffs/${handoffId}/replies`, words({ text: "// Odd." }), { cookie });

    expect(response.status).toBe(202);
  });
});

describe("what is typed for the bot", () => {
  const heldByBen = { state: "claimed", claimedBy: "Ben", claimedById: "agent:Ben" } as const;

  it.each([
    ["replies", "!take"],
    ["notes", "!take"],
    ["notes", "!help"],
    ["replies", "!search red lamp"],
  ])("among the %s, %j, goes to the core from whoever is no holder", async (where, text) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff(heldByBen);

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/${where}`, words({ text }), { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([{ kind: "message", conversation: handoff.agentThread, text }]);
  });

  it.each(["!send", "!send Yes.", "!s\u00adend Yes.", "!reply greeting"])(
    "as a note is refused where it is %j: notes never send",
    async (text) => {
      const harness = new ConsoleHarness();
      const { cookie } = await harness.signIn();
      const handoff = harness.addHandoff(claimedByAna);

      const response = await harness.post(`/api/handoffs/${handoff.handoffId}/notes`, words({ text }), { cookie });

      expect(response.status).toBe(409);
      expect(harness.sink.events).toEqual([]);
      expect(await harness.store.list(handoff.agentThread!, 10)).toEqual([]);
    },
  );
});

describe("an internal note", () => {
  it.each([
    ["notes", "!\u3164 he lies", "! he lies"],
    ["replies", "/\u2060/ he lies", "he lies"],
  ])("among the %s stays one where invisible characters stand in %j", async (where, text, note) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff(claimedByAna);

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/${where}`, words({ text }), { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([{ kind: "note", text: note }]);
  });

  it("is an event of its own kind and shown in the agents' thread alone", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff();
    const note = words({ text: "Asked billing." });

    const response = await harness.post(`/api/handoffs/${handoff.handoffId}/notes`, note, { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([
      { kind: "note", eventId: `note:${note.messageId}`, conversation: handoff.agentThread, text: "Asked billing." },
    ]);
    expect((await harness.store.list(handoff.agentThread!, 10)).map(({ author }) => author.role)).toEqual(["note"]);
    expect(await harness.store.list(handoff.conversation, 10)).toEqual([]);
  });
});

describe("a button", () => {
  it.each(["claim", "suggest", "resolve"] as const)("named %s acts on the handoff's own thread", async (name) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const handoff = harness.addHandoff();
    const { handoffId } = handoff;
    const actionId = randomUUID();

    const response = await harness.post("/api/actions", { name, actionId, handoffId, agentName: "Ana" }, { cookie });

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([
      {
        kind: "action",
        eventId: `action:${actionId}`,
        conversation: handoff.agentThread,
        author: { id: "agent:Ana", role: "agent" },
        action: { name, handoffId },
      },
    ]);
  });

  it("under a suggestion sends that one, for an admin alone", async () => {
    const harness = new ConsoleHarness();
    const admin = await harness.signIn();
    const handoff = harness.addHandoff();
    const ids = { suggestionId: randomUUID(), handoffId: handoff.handoffId };
    const press = { name: "send-suggestion", actionId: randomUUID(), agentName: "Ana", ...ids };

    const response = await harness.post("/api/actions", press, admin);

    expect(response.status).toBe(202);
    expect(harness.sink.events).toMatchObject([
      {
        conversation: handoff.agentThread,
        author: { id: "agent:Ana", role: "agent" },
        action: { name: "send-suggestion", suggestionId: ids.suggestionId },
      },
    ]);
  });

  it("that rates belongs to the customer's conversation, and is from 1 to 5", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    const rate = { name: "rate", handoffId: randomUUID(), conversation: 3 };

    await harness.post("/api/actions", { ...rate, rating: 4, actionId: randomUUID() }, { cookie });
    const response = await harness.post("/api/actions", { ...rate, rating: 6, actionId: randomUUID() }, { cookie });

    expect(response.status).toBe(400);
    const { handoffId } = rate;
    expect(harness.sink.events).toMatchObject([
      { conversation: { key: `customer/${sessionId}/3` }, action: { name: "rate", handoffId, rating: 4 } },
    ]);
  });

  it("that says why is the customer's, and neither empty nor too long", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    const handoffId = randomUUID();
    const sayWhy = async (words: string) => {
      const body = { name: "say-why", handoffId, conversation: 3, words, actionId: randomUUID() };
      return (await harness.post("/api/actions", body, { cookie })).status;
    };

    expect([await sayWhy("Fast."), await sayWhy(" "), await sayWhy("x".repeat(1_001))]).toEqual([202, 400, 400]);
    expect(harness.sink.events).toMatchObject([
      { conversation: { key: `customer/${sessionId}/3` }, action: { name: "say-why", handoffId, words: "Fast." } },
    ]);
  });

  it("for a person belongs to the customer's conversation", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();

    await harness.post("/api/actions", { name: "human", actionId: randomUUID(), conversation: 3 }, { cookie });

    expect(harness.sink.events).toMatchObject([
      {
        kind: "action",
        conversation: { key: `customer/${sessionId}/3` },
        author: { role: "customer" },
        action: { name: "human" },
      },
    ]);
  });

  it("for feedback works under the answer that offers it and nowhere else", async () => {
    const harness = new ConsoleHarness();
    const [own, foreign] = [await harness.signIn(), await harness.signIn()];
    const answerId = randomUUID();
    const conversation = { installationId: harness.installationId, key: `customer/${own.sessionId}/1` };
    const answer = plainReply("Six at most.", [{ name: "helpful", answerId }]);
    await harness.store.post(conversation, randomUUID(), { role: "bot", name: "Deskhand" }, answer);
    const act = { name: "not-helpful", answerId, conversation: 1 };

    const taken = await harness.post("/api/actions", { ...act, actionId: randomUUID() }, { cookie: own.cookie });
    const refused = await harness.post("/api/actions", { ...act, actionId: randomUUID() }, { cookie: foreign.cookie });

    const fault = { name: "fault-words", answerId, words: "It is 10 days.", conversation: 1 };
    const told = await harness.post("/api/actions", { ...fault, actionId: randomUUID() }, { cookie: own.cookie });

    expect([taken.status, refused.status, told.status]).toEqual([202, 404, 202]);
    expect(harness.sink.events).toMatchObject([
      { action: { name: "not-helpful", answerId } },
      { action: { name: "fault-words", answerId, words: "It is 10 days." } },
    ]);
  });

  it("that does not exist is refused", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    const response = await harness.post("/api/actions", { name: "erase", actionId: randomUUID() }, { cookie });

    expect(response.status).toBe(400);
    expect(harness.sink.events).toEqual([]);
  });
});
