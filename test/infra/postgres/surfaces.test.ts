import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { WAITING } from "../../../src/handoff/state-machine.js";
import type { LiveSignal } from "../../../src/ports/database.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import type { HandoffActor, HandoffStanding } from "../../../src/ports/handoffs.js";
import type { CoreStores, Lease, NewAnswer } from "../../../src/ports/stores.js";
import { describeEachDatabase } from "../../support/database.js";
import { deliveryFor, installationOf, leasedEvent, messageFrom } from "../../support/stores.js";

const agent: HandoffActor = { id: "agent-1", displayName: "Grace", role: "agent" };
const bot: HandoffActor = { id: "bot", displayName: "Deskhand", role: "bot" };
const RESOLVED: HandoffStanding = { ...WAITING, state: "resolved", customerWaits: false };

function claimedBy({ id, displayName }: HandoffActor): HandoffStanding {
  return { ...WAITING, state: "claimed", claimedBy: { id, displayName } };
}

describeEachDatabase("handoffs, transcripts, traces and the console's messages", (open) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  const inTenant = <T>(work: (stores: CoreStores) => Promise<T>): Promise<T> =>
    database.withStores(DEFAULT_TENANT, work);

  function answerTo(lease: Lease, inboxId: string): NewAnswer {
    return {
      answerId: newId(),
      conversationId: lease.conversationId,
      inboxId,
      question: "How?",
      decision: "hand-off",
      reason: "low-confidence",
      confidence: 0.25,
      threshold: 0.5,
      text: "Hold it.",
      stages: [
        { stage: "retrieve", ms: 1.5, cost: 0, model: null, promptVersion: null, output: { passages: ["p1"] } },
        { stage: "generate", ms: 20, cost: 0.001, model: "m", promptVersion: "v1", output: {} },
      ],
    };
  }

  /** A handoff whose card waits to be posted to the agents' channel. */
  async function openHandoff() {
    const { lease, inboxId, installationId } = await leasedEvent(database);
    const answer = answerTo(lease, inboxId);
    const opened = await inTenant(async (stores) => {
      const channelId = await stores.conversations.ensure({ installationId, key: "agents" });
      const card = deliveryFor(channelId, inboxId, { purpose: "handoff-card" });
      const [cardId] = await stores.deliveries.add([card]);
      const agentConversationId = await stores.conversations.startedBy(cardId!, installationId);
      await stores.traces.record(answer, null);
      const handoff = await stores.handoffs.open(
        {
          handoffId: newId(),
          conversationId: lease.conversationId,
          agentConversationId,
          cardDeliveryId: cardId ?? null,
          reason: "low-confidence",
          question: "How?\0",
          customerName: "Ada",
          answerId: answer.answerId,
          team: null,
        },
        bot,
      );
      return { handoff, channelId, agentConversationId };
    });
    return { ...opened, lease, inboxId, installationId, answer };
  }

  it("lets the agents' thread begin with the card's post, and delivers to it only then", async () => {
    const { handoff, channelId, agentConversationId, inboxId, installationId } = await openHandoff();
    await inTenant((stores) =>
      stores.deliveries.add([deliveryFor(agentConversationId, inboxId, { purpose: "relay" })]),
    );
    await expect(database.coordination.claimDelivery(agentConversationId, "s", 1_000)).resolves.toBeNull();
    const onBoard = async () =>
      (await database.handoffBoard.list(DEFAULT_TENANT, 100)).find((each) => each.handoffId === handoff.handoffId);
    await expect(onBoard()).resolves.toMatchObject({ agentThread: null, confidence: 0.25, question: "How?" });

    const card = await database.coordination.claimDelivery(channelId, "s", 60_000);
    await inTenant((stores) => stores.deliveries.markSent(card!, { platformId: "m1", threadKey: "agents/m1" }));
    await expect(onBoard()).resolves.toMatchObject({ agentThread: { installationId, key: "agents/m1" } });
    await expect(database.coordination.claimDelivery(agentConversationId, "s", 1_000)).resolves.toMatchObject({
      conversation: { installationId, key: "agents/m1" },
    });
  });

  it("joins the agents' thread when somebody wrote in it before its card was recorded", async () => {
    const { handoff, channelId, agentConversationId, inboxId, installationId } = await openHandoff();
    await inTenant((stores) =>
      stores.deliveries.add([deliveryFor(agentConversationId, inboxId, { purpose: "relay" })]),
    );
    const early = await database.coordination.acceptEvent(messageFrom(installationId, { key: "agents/m2" }));
    const card = await database.coordination.claimDelivery(channelId, "s", 60_000);
    await inTenant((stores) => stores.deliveries.markSent(card!, { platformId: "m2", threadKey: "agents/m2" }));

    const state = await inTenant((stores) => stores.conversations.state(early.conversationId));
    expect(state.agentSideOf?.handoffId).toBe(handoff.handoffId);
    await expect(database.coordination.claimDelivery(early.conversationId, "s", 1_000)).resolves.toMatchObject({
      conversation: { installationId, key: "agents/m2" },
    });
  });
  it("names the sources of what the bot looked at, of its own tenant alone", async () => {
    const documents = [newId(), newId()];
    await database.withTenant(DEFAULT_TENANT, async (db) => {
      for (const [index, name] of ["handbook", "wiki"].entries()) {
        const sourceId = newId();
        await db.query(
          `insert into source (id, tenant_id, name, kind, location, acl) values ($1, current_tenant(), $2, 'folder', '/x', '{public}')`,
          [sourceId, name],
        );
        await db.query(
          `insert into document (id, tenant_id, source_id, external_id) values ($1, current_tenant(), $2, 'a.md')`,
          [documents[index], sourceId],
        );
      }
    });
    await expect(inTenant(({ handoffs }) => handoffs.sourcesOf([documents[1]!]))).resolves.toEqual(["wiki"]);
    await expect(inTenant(({ handoffs }) => handoffs.sourcesOf(documents))).resolves.toEqual(["handbook", "wiki"]);
    await expect(database.withStores("another", ({ handoffs }) => handoffs.sourcesOf(documents))).resolves.toEqual([]);
  });

  it("opens one handoff for a conversation and refuses a second", async () => {
    const { handoff, lease } = await openHandoff();
    const state = await inTenant((stores) => stores.conversations.state(lease.conversationId));
    expect(state).toEqual({
      conversationId: lease.conversationId,
      handoff,
      agentSideOf: null,
      unsettled: null,
      leftBy: null,
    });
    const second = inTenant(async (stores) => {
      const agentConversationId = await stores.conversations.ensure({ ...lease.conversation, key: newId() });
      return stores.handoffs.open({ ...handoff, handoffId: newId(), agentConversationId }, bot);
    });
    await expect(second).rejects.toMatchObject({ sqlState: "23505", constraint: "handoff_open" });
  });

  it("lets one of two agents claim", async () => {
    const { handoff } = await openHandoff();
    const claim = (actor: HandoffActor): Promise<boolean> =>
      inTenant(async (stores) => {
        const found = await stores.handoffs.lock(handoff.handoffId);
        if (found.state !== "waiting") return false;
        await stores.handoffs.transition(handoff.handoffId, claimedBy(actor), { event: "claim", actor });
        return true;
      });
    const claims = await Promise.all([claim(agent), claim({ ...agent, id: "agent-2" })]);
    expect(claims.filter(Boolean)).toHaveLength(1);
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query(
        "select from_state, to_state from handoff_event where handoff_id = $1 order by at, from_state nulls first",
        [handoff.handoffId],
      ),
    );
    expect(rows).toEqual([
      { from_state: null, to_state: "waiting" },
      { from_state: "waiting", to_state: "claimed" },
    ]);
  });

  it("stops a stream once a person has taken the conversation over", async () => {
    const { handoff, lease } = await openHandoff();
    await expect(inTenant((stores) => stores.deliveries.mayContinueStream(lease))).resolves.toBe(true);
    await inTenant((stores) =>
      stores.handoffs.transition(handoff.handoffId, claimedBy(agent), { event: "claim", actor: agent }),
    );
    await expect(inTenant((stores) => stores.deliveries.mayContinueStream(lease))).resolves.toBe(false);
  });

  it("shows open handoffs first, then those that ended", async () => {
    const { handoff: ended } = await openHandoff();
    const { handoff: waiting } = await openHandoff();
    await inTenant((stores) =>
      stores.handoffs.transition(ended.handoffId, RESOLVED, { event: "resolve", actor: agent }),
    );
    const ids = (await database.handoffBoard.list(DEFAULT_TENANT, 100)).map(({ handoffId }) => handoffId);
    expect(ids.indexOf(waiting.handoffId)).toBeLessThan(ids.indexOf(ended.handoffId));
    await expect(inTenant((stores) => stores.handoffs.lock(newId()))).rejects.toThrow(NotFoundError);
  });

  it("finds one handoff, and the newest of a conversation, for their own tenant alone", async () => {
    const { handoff: ended, lease, installationId } = await openHandoff();
    const { handoffBoard } = database;
    await inTenant((stores) =>
      stores.handoffs.transition(ended.handoffId, RESOLVED, { event: "resolve", actor: agent }),
    );
    const newer = await inTenant(async (stores) => {
      const agentConversationId = await stores.conversations.ensure({ installationId, key: `agents/${newId()}` });
      const { conversationId } = lease;
      const opening = { ...ended, conversationId, reason: "user-asked", question: "Again?", answerId: null } as const;
      return stores.handoffs.open({ ...opening, handoffId: newId(), agentConversationId }, bot);
    });

    const [listed] = (await handoffBoard.list(DEFAULT_TENANT, 1_000)).filter(
      (each) => each.handoffId === ended.handoffId,
    );
    await expect(handoffBoard.find(DEFAULT_TENANT, ended.handoffId)).resolves.toEqual(listed);
    await expect(handoffBoard.newestOf(DEFAULT_TENANT, lease.conversation)).resolves.toMatchObject({
      handoffId: newer.handoffId,
      question: "Again?",
    });
    await expect(handoffBoard.find(DEFAULT_TENANT, newId())).resolves.toBeNull();
    await expect(handoffBoard.newestOf(DEFAULT_TENANT, { installationId, key: "quiet" })).resolves.toBeNull();
    await expect(handoffBoard.find("another", ended.handoffId)).resolves.toBeNull();
    await expect(handoffBoard.newestOf("another", lease.conversation)).resolves.toBeNull();
  });

  it("takes one that was opened again for what the conversation is about, until it is settled", async () => {
    const { handoff: older, lease, installationId } = await openHandoff();
    const move = (handoffId: string, standing: HandoffStanding) =>
      inTenant((stores) => stores.handoffs.transition(handoffId, standing, { event: "resolve", actor: agent }));
    const about = () => database.handoffBoard.newestOf(DEFAULT_TENANT, lease.conversation);
    const settled = { ...RESOLVED, isSettled: true };
    await move(older.handoffId, settled);
    const newer = await inTenant(async (stores) => {
      const agentConversationId = await stores.conversations.ensure({ installationId, key: `agents/${newId()}` });
      const opening = { ...older, reason: "user-asked", question: "Again?", answerId: null } as const;
      return stores.handoffs.open({ ...opening, handoffId: newId(), agentConversationId }, bot);
    });
    await move(newer.handoffId, settled);

    await move(older.handoffId, claimedBy(agent));
    await expect(about()).resolves.toMatchObject({ handoffId: older.handoffId, state: "claimed" });
    await move(older.handoffId, RESOLVED);
    await expect(about()).resolves.toMatchObject({ handoffId: older.handoffId, isSettled: false });
    await move(older.handoffId, settled);
    await expect(about()).resolves.toMatchObject({ handoffId: newer.handoffId, isSettled: true });
  });

  it("tells what a customer was asked to rate in their conversation, and what they said", async () => {
    const { handoff, lease, installationId } = await openHandoff();
    const ratings = (tenantId = DEFAULT_TENANT) => database.handoffBoard.ratingsOf(tenantId, lease.conversation);
    await expect(ratings()).resolves.toEqual([]);

    await inTenant((stores) => stores.ratings.ask(handoff.handoffId, null));
    await expect(ratings()).resolves.toMatchObject([{ handoffId: handoff.handoffId, rating: null, hasWords: false }]);
    await inTenant(async (stores) => {
      await stores.handoffs.addCustomer(handoff.handoffId, "customer-1");
      await stores.ratings.rate(handoff.handoffId, 4, "customer-1", 60_000);
      await stores.ratings.addWords(handoff.handoffId, "Quick.", "customer-1", 60_000);
    });
    await expect(ratings()).resolves.toMatchObject([{ rating: 4, hasWords: true }]);
    await expect(ratings("another")).resolves.toEqual([]);
    await expect(database.handoffBoard.ratingsOf(DEFAULT_TENANT, { installationId, key: "quiet" })).resolves.toEqual(
      [],
    );
  });

  it("keeps each line of a transcript once and leaves notes out of the history", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const add = (speaker: "customer" | "bot" | "note", minute: number): Promise<void> =>
      inTenant((stores) =>
        stores.conversations.append(
          lease.conversationId,
          { type: "event", id: inboxId },
          { speaker, name: "n", text: speaker, at: new Date(Date.UTC(2026, 0, 1, 10, minute)) },
        ),
      );
    await add("bot", 2);
    await add("customer", 1);
    await add("customer", 3);
    await add("note", 4);
    const history = await inTenant((stores) => stores.conversations.history(lease.conversationId, 10));
    expect(history.map(({ text }) => text)).toEqual(["customer", "bot"]);
    await expect(inTenant((stores) => stores.conversations.history(lease.conversationId, 1))).resolves.toHaveLength(1);
  });

  it("gives back the beginnings of what was said before the newest, with what it cites, as long as it is kept", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const { conversationId } = lease;
    const decide = {
      stage: "decide",
      ms: 1,
      cost: 0,
      model: null,
      promptVersion: null,
      output: { citations: [{ title: "Hubs" }, { title: "Lamps" }] },
    };
    const say = (
      stores: CoreStores,
      speaker: "customer" | "bot" | "note",
      text: string,
      minute: number,
      id = inboxId,
    ) =>
      stores.conversations.append(
        conversationId,
        { type: "event", id },
        { speaker, name: "n", text, at: new Date(Date.UTC(2026, 0, 1, 10, minute)) },
      );
    await inTenant(async (stores) => {
      await stores.traces.record({ ...answerTo(lease, inboxId), stages: [decide] }, null);
      await say(stores, "customer", "A question that is long", 1);
      await say(stores, "bot", "An answer", 2);
      await say(stores, "note", "A note", 3);
      await say(stores, "customer", "Newest", 4, newId());
    });
    const earlier = (before?: Date) =>
      inTenant(async ({ conversations }) => {
        const found = await conversations.earlier(conversationId, { newest: 1, limit: 5, characters: 10 }, before);
        return found.map(({ speaker, text, cited }) => ({ speaker, text, cited }));
      });

    const question = { speaker: "customer", text: "A question", cited: [] };
    await expect(earlier()).resolves.toEqual([
      question,
      { speaker: "bot", text: "An answer", cited: ["Hubs", "Lamps"] },
    ]);
    await expect(earlier(new Date(Date.UTC(2026, 0, 1, 10, 3)))).resolves.toEqual([question]);

    await inTenant(async ({ conversations }) => {
      await conversations.strike(conversationId, inboxId);
      await conversations.strikeReply(conversationId, inboxId);
    });
    await expect(earlier()).resolves.toEqual([]);
  });

  it("gives back a trace as it was recorded, and the outcome with its answer", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const answer = answerTo(lease, inboxId);
    await inTenant(async (stores) => {
      await stores.traces.record(answer, null);
      await stores.inbox.finish(lease, inboxId, { kind: "answered", reason: "sure" });
    });
    const { createdAt, ...stored } = await inTenant((stores) => stores.traces.read(answer.answerId));
    expect(stored).toEqual(answer);
    expect(createdAt).toBeInstanceOf(Date);
    await expect(database.outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toMatchObject({
      answerId: answer.answerId,
      confidence: 0.25,
    });
    await expect(inTenant((stores) => stores.traces.read(newId()))).rejects.toThrow(NotFoundError);
  });

  it("finds the newest answer of a conversation", async () => {
    const { lease, inboxId, installationId } = await leasedEvent(database);
    const [older, newer] = [answerTo(lease, inboxId), answerTo(lease, inboxId)];
    const newestOf = (key: string) => inTenant((stores) => stores.traces.readNewest({ installationId, key }));
    const { key } = lease.conversation;
    await expect(newestOf(key)).rejects.toThrow("Nothing was answered in this conversation yet.");
    await inTenant((stores) => stores.traces.record(older, null));
    await inTenant((stores) => stores.traces.record(newer, null));
    await expect(newestOf(key)).resolves.toMatchObject({ answerId: newer.answerId });
    await expect(newestOf("another")).rejects.toThrow(NotFoundError);
  });

  it("posts one message for a delivery, and finishes a stream in its place", async () => {
    const to = { installationId: await installationOf(database), key: "chat" };
    const { webMessages } = database;
    const author = { role: "bot", name: "Deskhand" } as const;
    const deliveryId = newId();
    const id = await webMessages.openStream(to, deliveryId, author);
    await webMessages.appendPartial(to, id, "Hold ");
    await webMessages.appendPartial(to, id, "it.");
    await expect(webMessages.list(to, 5)).resolves.toMatchObject([
      { state: "streaming", partialText: "Hold it.", reply: null },
    ]);
    await webMessages.complete(to, id, plainReply("Hold it."));
    await expect(webMessages.post(to, deliveryId, author, plainReply("Again."))).resolves.toBe(id);
    await expect(webMessages.findByDelivery(to, deliveryId)).resolves.toBe(id);
    await expect(webMessages.findByDelivery(to, newId())).resolves.toBeNull();

    const person = {
      messageId: newId(),
      to,
      author: { role: "customer", name: "Ada" },
      reply: plainReply("Thanks."),
    } as const;
    await webMessages.addFromPerson(person);
    await webMessages.addFromPerson(person);
    await expect(webMessages.list(to, 5)).resolves.toMatchObject([
      { messageId: id, state: "complete", reply: plainReply("Hold it."), editedAt: null },
      { messageId: person.messageId },
    ]);
    await expect(webMessages.find(to, id)).resolves.toMatchObject({ messageId: id, reply: plainReply("Hold it.") });
    await expect(webMessages.find({ ...to, key: "another chat" }, id)).resolves.toBeNull();
    const paid = {
      ...person,
      messageId: newId(),
      reply: plainReply("4111 1111\n1111\u200b 1111, *4111111111111111*\n\nThanks."),
    };
    await webMessages.addFromPerson(paid);
    await expect(webMessages.find(to, paid.messageId)).resolves.toMatchObject({
      reply: plainReply("•••• 1111, *•••• 1111*\n\nThanks."),
    });
    await webMessages.remove(to, paid.messageId);
    await webMessages.remove(to, id);
    await expect(webMessages.find(to, id)).resolves.toBeNull();
    await expect(webMessages.list(to, 5)).resolves.toHaveLength(1);
    await expect(webMessages.complete(to, id, plainReply("Late."))).rejects.toThrow(NotFoundError);
    await expect(webMessages.list({ ...to, key: "another chat" }, 5)).resolves.toEqual([]);
  });

  it("signals what a page shows once it is committed, and nothing that was rolled back", async () => {
    const signals: LiveSignal[] = [];
    const answers: Promise<void>[] = [];
    const unsubscribe = database.live.subscribe((signal) => {
      signals.push(signal);
      answers.push(database.ping());
    });
    const { handoff, lease } = await openHandoff();
    await expect(
      inTenant(async (stores) => {
        await stores.handoffs.transition(handoff.handoffId, RESOLVED, { event: "resolve", actor: agent });
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    const author = { role: "bot", name: "Deskhand" } as const;
    await database.webMessages.post(lease.conversation, newId(), author, plainReply("Hello."));
    await vi.waitFor(() => {
      expect(signals).toEqual([
        { tenantId: DEFAULT_TENANT, topic: "handoff", id: handoff.handoffId },
        { tenantId: DEFAULT_TENANT, topic: "conversation", id: lease.conversation.key },
      ]);
    });
    await expect(Promise.all(answers)).resolves.toHaveLength(2);
    unsubscribe();
  });

  it("knows who has addressed the bot in a conversation, and where it takes part", async () => {
    const installationId = await installationOf(database);
    const conversation = { installationId, key: newId() };
    await expect(database.participation.takesPartIn(conversation)).resolves.toBe(false);
    const asked = messageFrom(installationId, { key: conversation.key });
    const somebody = { ...asked.author, id: "somebody" };
    const overheard = messageFrom(installationId, { key: conversation.key, addressesBot: false, author: somebody });
    await database.coordination.acceptEvent(asked);
    const { conversationId } = await database.coordination.acceptEvent(overheard);
    await expect(database.participation.takesPartIn(conversation)).resolves.toBe(true);
    await expect(inTenant(({ conversations }) => conversations.askers(conversationId))).resolves.toEqual([
      asked.author.id,
    ]);
  });

  it("keeps the newest address of a conversation", async () => {
    const conversation = { installationId: await installationOf(database), key: newId() };
    await expect(database.addresses.find(conversation)).resolves.toBeNull();
    await database.addresses.remember(conversation, "https://one.example/");
    await database.addresses.remember(conversation, "https://two.example/");
    await expect(database.addresses.find(conversation)).resolves.toBe("https://two.example/");
  });

  it("tells the outcome of an event once it has one", async () => {
    const { lease, inboxId, installationId } = await leasedEvent(database);
    await expect(database.outcomeOf(installationId, inboxId)).resolves.toBeNull();
    await inTenant(({ inbox }) => inbox.finish(lease, inboxId, { kind: "recorded", reason: "claim" }));
    await expect(database.outcomeOf(installationId, inboxId)).resolves.toEqual({ kind: "recorded", reason: "claim" });
  });
});
