import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText } from "../../../infra/postgres/clean-json.js";
import { parseInboundEvent, serializeInboundEvent } from "../../../infra/postgres/inbound-event-codec.js";
import { parseReply } from "../../../infra/postgres/reply-codec.js";
import type { InboundEvent } from "../../../src/ports/chat.js";
import { newId } from "../../../src/ports/ids.js";
import type { Block, Inline, Reply, ReplyAction } from "../../../src/ports/reply.js";
import { openTestDatabase } from "../../support/database.js";
import { installationOf, leaseOf, messageFrom } from "../../support/stores.js";

// What the codec promises to keep: text without NUL and without halves of surrogate pairs.
const text = fc.string({ unit: "binary" }).map(cleanText);
const anyOrder = { maxLength: 3, depthIdentifier: "tree" } as const;

const { block } = fc.letrec<{ inline: Inline; block: Block }>((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3, depthIdentifier: "tree" },
    fc.record({ kind: fc.constant("text" as const), text }),
    fc.record({ kind: fc.constant("code" as const), text }),
    fc.record({ kind: fc.constant("break" as const) }),
    fc.record({ kind: fc.constant("citation" as const), number: fc.nat() }),
    fc.record({
      kind: fc.constantFrom("strong" as const, "emphasis" as const),
      children: fc.array(tie("inline"), anyOrder),
    }),
  ),
  block: fc.oneof(
    { maxDepth: 3, depthIdentifier: "tree" },
    fc.record({
      kind: fc.constantFrom("paragraph" as const, "heading" as const),
      children: fc.array(tie("inline"), anyOrder),
    }),
    fc.record({ kind: fc.constant("code" as const), language: fc.option(text), text }),
    fc.record({
      kind: fc.constant("list" as const),
      ordered: fc.boolean(),
      start: fc.nat(),
      items: fc.array(fc.array(tie("block"), anyOrder), anyOrder),
    }),
    fc.record({ kind: fc.constant("quote" as const), blocks: fc.array(tie("block"), anyOrder) }),
    fc.record({
      kind: fc.constant("table" as const),
      header: fc.array(fc.array(tie("inline"), anyOrder), anyOrder),
      rows: fc.array(fc.array(fc.array(tie("inline"), anyOrder), anyOrder), anyOrder),
    }),
  ),
}));

const action: fc.Arbitrary<ReplyAction> = fc.oneof(
  fc.record({ name: fc.constant("human" as const) }),
  fc.record({ name: fc.constantFrom("helpful" as const, "not-helpful" as const), answerId: text }),
  fc.record({ name: fc.constantFrom("claim" as const, "resolve" as const), handoffId: text }),
);

const reply: fc.Arbitrary<Reply> = fc.record({
  blocks: fc.array(block, { maxLength: 4 }),
  citations: fc.array(
    fc.record({
      number: fc.nat(),
      passageId: text,
      documentId: text,
      versionId: text,
      title: text,
      headingPath: fc.array(text, anyOrder),
      url: fc.option(text),
      updatedAt: fc.option(text),
    }),
    anyOrder,
  ),
  actions: fc.array(action, anyOrder),
});

const envelope = {
  eventId: text,
  conversation: fc.record({ installationId: fc.uuid(), key: text }),
  channelId: text,
  messageId: text,
  revision: fc.nat(),
  occurredAt: fc.date({ min: new Date(0), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true }),
  author: fc.record({
    id: text,
    displayName: text,
    role: fc.constantFrom("customer" as const, "agent" as const, "admin" as const),
    isBot: fc.boolean(),
  }),
  audience: fc.array(text, { minLength: 1, maxLength: 3 }),
};

const event: fc.Arbitrary<InboundEvent> = fc.oneof(
  fc.record({ kind: fc.constant("message" as const), ...envelope, text, addressesBot: fc.boolean() }),
  fc.record({ kind: fc.constant("action" as const), ...envelope, action }),
  fc.record({ kind: fc.constant("note" as const), ...envelope, text }),
  fc.record({ kind: fc.constant("command" as const), ...envelope, line: text }),
);

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("codecs", () => {
  it("bring every inbound event back as it was", () => {
    fc.assert(
      fc.property(event, (original) => {
        const parsed = parseInboundEvent(JSON.parse(serializeInboundEvent(original)));
        expect(parsed.occurredAt).toBeInstanceOf(Date);
        expect(plain(parsed)).toEqual(plain(original));
      }),
    );
  });

  it("bring every reply tree back as it was", () => {
    fc.assert(
      fc.property(reply, (original) => {
        expect(parseReply(plain(original))).toEqual(plain(original));
      }),
    );
  });

  it("refuse what no version wrote", () => {
    expect(() => parseInboundEvent({ ...messageFrom("i"), kind: "dance" })).toThrow();
    expect(() => parseInboundEvent({ ...messageFrom("i"), audience: [] })).toThrow();
    expect(() => parseReply({ blocks: [{ kind: "html", text: "<b>" }], citations: [], actions: [] })).toThrow();
  });

  it("leave out what the database cannot store, and store the rest", async () => {
    await using database = await openTestDatabase();
    const message = messageFrom(await installationOf(database), { text: "a\0b \ud800 c \\u0000", eventId: newId() });
    const { conversationId } = await database.coordination.acceptEvent(message);
    const lease = await leaseOf(database, conversationId);
    const waiting = await database.withStores(lease.tenantId, (stores) => stores.inbox.beginNext(lease));
    expect(waiting?.event).toEqual({ ...message, text: "ab \uFFFD c \\u0000" });
  });
});
