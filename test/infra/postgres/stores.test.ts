import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { NotFoundError, StaleLeaseError } from "../../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import type { ClaimedDelivery, CoreStores, Lease, NewDelivery } from "../../../src/ports/stores.js";
import { describeEachDatabase } from "../../support/database.js";
import { deliveryFor, installationOf, leasedEvent, leaseOf, messageFrom } from "../../support/stores.js";

const LEASE_MS = 60_000;

describeEachDatabase("core stores", (open) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  const inTenant = <T>(work: (stores: CoreStores) => Promise<T>): Promise<T> =>
    database.withStores(DEFAULT_TENANT, work);
  const finish = (lease: Lease, inboxId: string): Promise<void> =>
    inTenant((stores) => stores.inbox.finish(lease, inboxId, { kind: "answered", reason: "sure" }));
  const expireLease = (conversationId: string): Promise<unknown> =>
    database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("update conversation set lease_until = now() - interval '1 second' where id = $1", [conversationId]),
    );
  const openStream = async (lease: Lease, delivery: NewDelivery): Promise<string> => {
    const opened = await inTenant((stores) => stores.deliveries.openStream(lease, delivery));
    if (opened === null) throw new Error("no stream was opened");
    return opened;
  };
  const claimDelivery = async (conversationId: string): Promise<ClaimedDelivery> => {
    const claimed = await database.coordination.claimDelivery(conversationId, newId(), LEASE_MS);
    if (claimed === null) throw new Error("nothing is due");
    return claimed;
  };

  it("stores an event once, however often it is delivered at the same time", async () => {
    const event = messageFrom(await installationOf(database));
    const accepted = await Promise.all(Array.from({ length: 5 }, () => database.coordination.acceptEvent(event)));
    expect(new Set(accepted.map(({ inboxId }) => inboxId)).size).toBe(1);
    expect(accepted.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });

  it("takes the same message seen through two installations of a tenant for one event", async () => {
    const event = messageFrom(await installationOf(database));
    const copy = { ...messageFrom(await installationOf(database)), messageId: event.messageId };
    const first = await database.coordination.acceptEvent(event);
    await expect(database.coordination.acceptEvent(copy)).resolves.toEqual({ ...first, duplicate: true });
  });

  it("takes an edit for a new event", async () => {
    const event = messageFrom(await installationOf(database));
    await database.coordination.acceptEvent(event);
    const edit = { ...event, eventId: newId(), revision: 1 };
    await expect(database.coordination.acceptEvent(edit)).resolves.toMatchObject({ duplicate: false });
  });

  it("refuses an event of an unknown installation", async () => {
    await expect(database.coordination.acceptEvent(messageFrom(newId()))).rejects.toThrow(NotFoundError);
  });

  it("gives a conversation to one of two claimants", async () => {
    const { conversationId } = await database.coordination.acceptEvent(messageFrom(await installationOf(database)));
    const claims = await Promise.all(
      ["a", "b"].map((owner) => database.coordination.claimWork(conversationId, owner, LEASE_MS)),
    );
    expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
  });

  it("begins the first event with the claim, and none while it is not due", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const claimNext = async (held: Lease) => {
      await database.coordination.releaseConversation(held);
      return (await database.coordination.claimWork(held.conversationId, "next", LEASE_MS))!;
    };

    const now = await claimNext(lease);
    expect(now.first).toMatchObject({ inboxId, attempts: 0, event: { kind: "message" } });
    await database.withStores(lease.tenantId, ({ inbox }) => inbox.postpone(now.lease, inboxId, "later", 60_000));
    expect((await claimNext(now.lease)).first).toBeNull();
  });

  it("gives an expired lease to the next holder and refuses what the earlier one writes", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    await expireLease(lease.conversationId);
    const next = await leaseOf(database, lease.conversationId);
    expect(next.fence).toBe(lease.fence + 1n);

    const delivery = deliveryFor(lease.conversationId, inboxId);
    const opened = await openStream(next, delivery);
    const refused: readonly ((stores: CoreStores) => Promise<unknown>)[] = [
      (stores) => stores.inbox.beginNext(lease),
      (stores) => stores.inbox.finish(lease, inboxId, { kind: "answered", reason: "sure" }),
      (stores) => stores.inbox.postpone(lease, inboxId, "model", 10),
      (stores) => stores.deliveries.openStream(lease, delivery),
      (stores) => stores.deliveries.recordStream(lease, opened, "platform-1"),
    ];
    for (const write of refused) await expect(inTenant(write)).rejects.toThrow(StaleLeaseError);
    await expect(inTenant((stores) => stores.deliveries.mayContinueStream(lease))).resolves.toBe(false);
    await expect(database.coordination.renewConversation(lease, LEASE_MS)).resolves.toBe(false);
    await expect(database.coordination.releaseConversation(lease)).resolves.toBe(false);
    await expect(finish(next, inboxId)).resolves.toBeUndefined();
  });

  it("refuses a second outcome", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    await finish(lease, inboxId);
    await expect(finish(lease, inboxId)).rejects.toThrow(StaleLeaseError);
    await expect(database.outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toEqual({
      inboxId,
      outcome: { kind: "answered", reason: "sure" },
      answerId: null,
      confidence: null,
    });
  });

  it("hands out waiting events by platform time, then arrival", async () => {
    const installationId = await installationOf(database);
    const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 10, minute));
    const accepted: { text: string; conversationId: string }[] = [];
    for (const [text, minute] of [
      ["third", 3],
      ["first", 1],
      ["second", 2],
      ["also third", 3],
    ] as const) {
      const event = messageFrom(installationId, { text, occurredAt: at(minute) });
      accepted.push({ text, conversationId: (await database.coordination.acceptEvent(event)).conversationId });
    }
    const lease = await leaseOf(database, accepted[0]!.conversationId);
    const order: string[] = [];
    for (;;) {
      const next = await inTenant((stores) => stores.inbox.beginNext(lease));
      if (next === null) break;
      order.push(next.event?.kind === "message" ? next.event.text : "?");
      await finish(lease, next.inboxId);
    }
    expect(order).toEqual(["first", "second", "third", "also third"]);
  });

  it("keeps the address that a file is read by for further attempts, and not once its event has ended", async () => {
    const installationId = await installationOf(database);
    const file = { name: "till.png", mediaType: null, sizeBytes: null, link: "https://files.example/till.png" };
    const files = [
      { ...file, source: "https://files.example/till.png?tempauth=eyJ0" },
      { ...file, source: null },
    ];
    const [first, other] = [messageFrom(installationId, { files }), messageFrom(installationId, { files })];
    const { inboxId, conversationId } = await database.coordination.acceptEvent(first);
    const joined = await database.coordination.acceptEvent(other);
    const lease = await leaseOf(database, conversationId);
    await inTenant((stores) => stores.inbox.beginNext(lease));
    await inTenant((stores) => stores.inbox.postpone(lease, inboxId, "model", 0));
    await expect(inTenant((stores) => stores.inbox.beginNext(lease))).resolves.toMatchObject({ event: { files } });

    await inTenant((stores) => stores.inbox.join(lease, [joined.inboxId], inboxId));
    await finish(lease, inboxId);

    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("select payload -> 'files' as files from inbox where id = any ($1::uuid[]) order by seq", [
        [inboxId, joined.inboxId],
      ]),
    );
    const bare = { files: [file, file].map((named) => ({ ...named, source: null })) };
    expect(rows).toEqual([bare, bare]);
  });

  it("keeps later events waiting behind one that waits for its next attempt", async () => {
    const { lease, inboxId, installationId } = await leasedEvent(database);
    await database.coordination.acceptEvent(messageFrom(installationId, { occurredAt: new Date() }));
    const begun = await inTenant((stores) => stores.inbox.beginNext(lease));
    expect(begun).toMatchObject({ inboxId, attempts: 0 });
    await inTenant((stores) => stores.inbox.postpone(lease, inboxId, "model", 3_600_000));

    await expect(inTenant((stores) => stores.inbox.beginNext(lease))).resolves.toBeNull();
    await expect(database.coordination.releaseConversation(lease)).resolves.toBe(false);
    const swept = await database.coordination.sweep(1_000);
    expect(swept.map(({ conversationId }) => conversationId)).not.toContain(lease.conversationId);
  });

  it("tells on release that another event waits", async () => {
    const { lease } = await leasedEvent(database);
    await expect(database.coordination.releaseConversation(lease)).resolves.toBe(true);
  });

  it("sweeps events whose lease ran out and deliveries that are due", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const swept = async (): Promise<unknown> =>
      (await database.coordination.sweep(1_000)).find((found) => found.conversationId === lease.conversationId);
    await expect(swept()).resolves.toBeUndefined();
    await expireLease(lease.conversationId);
    await expect(swept()).resolves.toEqual({ conversationId: lease.conversationId, events: true, deliveries: false });

    const next = await leaseOf(database, lease.conversationId);
    await inTenant(async (stores) => {
      await stores.deliveries.add([deliveryFor(lease.conversationId, inboxId)]);
      await stores.inbox.finish(next, inboxId, { kind: "answered", reason: "sure" });
    });
    await expect(swept()).resolves.toEqual({ conversationId: lease.conversationId, events: false, deliveries: true });
  });

  it("keeps one delivery for each cause and purpose", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const delivery = deliveryFor(lease.conversationId, inboxId);
    const first = await inTenant((stores) => stores.deliveries.add([delivery, { ...delivery, purpose: "status" }]));
    const again = { ...delivery, reply: plainReply("Something else.") };
    await expect(inTenant((stores) => stores.deliveries.add([again]))).resolves.toEqual([first[0]]);
    await expect(claimDelivery(lease.conversationId)).resolves.toMatchObject({
      deliveryId: first[0],
      reply: delivery.reply,
    });
  });

  it("turns an open stream into a due delivery with the whole reply", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const { conversationId } = lease;
    const delivery = deliveryFor(conversationId, inboxId, { reply: plainReply("") });
    const opened = await openStream(lease, delivery);
    await expect(inTenant((stores) => stores.deliveries.openStream(lease, delivery))).resolves.toBeNull();
    await expect(database.coordination.claimDelivery(conversationId, "sender", LEASE_MS)).resolves.toBeNull();

    await inTenant((stores) => stores.deliveries.recordStream(lease, opened, "platform-1"));
    await inTenant((stores) => stores.deliveries.add([deliveryFor(conversationId, inboxId)]));
    await expect(claimDelivery(conversationId)).resolves.toMatchObject({
      deliveryId: opened,
      platformId: "platform-1",
      isStreamed: true,
      isUncertain: false,
      reply: deliveryFor(conversationId, inboxId).reply,
    });
  });

  it("opens no stream while another delivery of the conversation waits", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const earlier = deliveryFor(lease.conversationId, inboxId, { purpose: "status" });
    await inTenant((stores) => stores.deliveries.add([earlier]));
    const delivery = deliveryFor(lease.conversationId, inboxId);
    await expect(inTenant((stores) => stores.deliveries.openStream(lease, delivery))).resolves.toBeNull();

    const waiting = await claimDelivery(lease.conversationId);
    await inTenant((stores) => stores.deliveries.markEnded(waiting, "failed", "rejected"));
    await openStream(lease, delivery);
  });

  it("calls a stream uncertain when nobody recorded where it stands", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const delivery = deliveryFor(lease.conversationId, inboxId);
    await inTenant((stores) => stores.deliveries.openStream(lease, delivery));
    await inTenant((stores) => stores.deliveries.add([delivery]));
    await expect(claimDelivery(lease.conversationId)).resolves.toMatchObject({ isUncertain: true, platformId: null });
  });

  it("sends deliveries in order, one at a time", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    const { conversationId } = lease;
    const two = (["reply", "status"] as const).map((purpose) => deliveryFor(conversationId, inboxId, { purpose }));
    const [firstId, secondId] = await inTenant((stores) => stores.deliveries.add(two));
    const claims = await Promise.all(
      ["a", "b"].map((owner) => database.coordination.claimDelivery(conversationId, owner, LEASE_MS)),
    );
    const [first] = claims.filter((claim) => claim !== null);
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(first).toMatchObject({ deliveryId: firstId, attempt: 1, isUncertain: false });

    const retry = { delayMs: 0, isUncertain: false };
    await inTenant((stores) => stores.deliveries.markRetry(first!, "rate-limited", { ...retry, counts: false }));
    const waited = await claimDelivery(conversationId);
    expect(waited).toMatchObject({ deliveryId: firstId, attempt: 1, isUncertain: false });
    await inTenant((stores) => stores.deliveries.markRetry(waited, "unreachable", { ...retry, counts: true }));
    const again = await claimDelivery(conversationId);
    expect(again).toMatchObject({ deliveryId: firstId, attempt: 2, isUncertain: false });
    await expect(
      inTenant((stores) => stores.deliveries.markSent(first!, { platformId: "p", threadKey: "t" })),
    ).rejects.toThrow(StaleLeaseError);
    await inTenant((stores) => stores.deliveries.markSent(again, { platformId: "p", threadKey: "t" }));
    const second = await claimDelivery(conversationId);
    expect(second.deliveryId).toBe(secondId);
    await inTenant((stores) => stores.deliveries.markEnded(second, "failed", "forbidden"));
    await expect(database.coordination.claimDelivery(conversationId, "c", LEASE_MS)).resolves.toBeNull();
  });

  it("knows while a card may stand whose thread is not recorded", async () => {
    const { lease, inboxId, installationId } = await leasedEvent(database);
    const { conversationId } = lease;
    const mayBeStarting = () => inTenant((stores) => stores.conversations.mayBeStarting(conversationId));
    await inTenant(async (stores) => {
      const channel = await stores.conversations.ensure({ installationId, key: "agents" });
      const [card] = await stores.deliveries.add([deliveryFor(channel, inboxId, { purpose: "handoff-card" })]);
      await stores.conversations.startedBy(card!, installationId);
    });
    const channel = await inTenant((stores) => stores.conversations.ensure({ installationId, key: "agents" }));
    const seen = [await mayBeStarting()];
    const retry = { delayMs: 0, counts: true };
    for (const isUncertain of [false, true]) {
      const claimed = await claimDelivery(channel);
      seen.push(await mayBeStarting());
      await inTenant((stores) => stores.deliveries.markRetry(claimed, "code", { ...retry, isUncertain }));
      seen.push(await mayBeStarting());
    }
    const posted = { platformId: "p", threadKey: "agents/p" };
    const card = await claimDelivery(channel);
    const thread = await inTenant((stores) => stores.deliveries.markSent(card, posted));
    seen.push(await mayBeStarting());

    expect(seen).toEqual([false, true, false, true, true, false]);
    await expect(inTenant((stores) => stores.conversations.ensure({ installationId, key: "agents/p" }))).resolves.toBe(
      thread,
    );
  });

  it("calls a delivery uncertain whose sender never reported back", async () => {
    const { lease, inboxId } = await leasedEvent(database);
    await inTenant((stores) => stores.deliveries.add([deliveryFor(lease.conversationId, inboxId)]));
    const { deliveryId } = await claimDelivery(lease.conversationId);
    await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("update delivery set lease_until = now() - interval '1 second' where id = $1", [deliveryId]),
    );
    await expect(claimDelivery(lease.conversationId)).resolves.toMatchObject({ attempt: 2, isUncertain: true });
  });
});
