import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { NO_LIMITS } from "../../src/ports/budgets.js";
import type { Queryable } from "../../src/ports/database.js";
import { newId, type TenantId } from "../../src/ports/ids.js";
import { plainReply } from "../../src/ports/reply.js";
import { deliveryFor, leasedEvent } from "./stores.js";

const FAR_OFF = new Date("2100-01-01T00:00:00Z");
const ONE_QUESTION = { ...NO_LIMITS, person: { perMinute: 1, perDay: 1 } };

/** Gives a tenant at least one row in every table that holds tenants' data. */
export async function fillEveryTable(database: OpenDatabase, tenantId: TenantId): Promise<void> {
  const { lease, inboxId, installationId } = await leasedEvent(database, tenantId);
  const { conversationId, conversation } = lease;
  const cause = { type: "event", id: inboxId } as const;
  const answerId = newId();
  await database.withStores(tenantId, async (stores) => {
    const [cardId] = await stores.deliveries.add([
      deliveryFor(conversationId, inboxId),
      deliveryFor(conversationId, inboxId, { purpose: "handoff-card" }),
    ]);
    await stores.conversations.append(conversationId, cause, {
      speaker: "customer",
      name: "Ada",
      text: "How?",
      at: new Date(),
    });
    const asker = { installationId, personId: "customer-1", inboxId };
    const allowance = await stores.budgets.take(ONE_QUESTION, asker);
    await stores.traces.record(
      {
        answerId,
        conversationId,
        inboxId,
        question: "How?",
        decision: "hand-off",
        reason: "low-confidence",
        confidence: 0.2,
        threshold: 0.5,
        text: "",
        stages: [{ stage: "retrieve", ms: 1.5, cost: 0, model: null, promptVersion: null, output: { passages: [] } }],
      },
      allowance.kind === "granted" ? allowance.hold : null,
    );
    const author = { id: "customer-1", displayName: "Ada", role: "customer", isBot: false } as const;
    await stores.traces.recordFeedback(answerId, author, "helpful");
    const handoffId = newId();
    await stores.handoffs.open(
      {
        handoffId,
        cardDeliveryId: cardId ?? null,
        conversationId,
        agentConversationId: await stores.conversations.startedBy(cardId!, installationId),
        reason: "low-confidence",
        question: "How?",
        customerName: "Ada",
        answerId,
        team: null,
      },
      { id: "bot", displayName: "Deskhand", role: "bot" },
    );
    const candidateId = newId();
    await stores.candidates.make({ candidateId, question: "How?", answer: "Hold.", language: "en" });
    await stores.candidates.addCase(handoffId, candidateId, { question: "How?", answer: "Hold." }, null);
    const merged = { candidateId: newId(), question: "Where?", answer: "Here.", language: "en" };
    await stores.candidates.make(merged);
    await stores.candidates.setCard({ candidateId: merged.candidateId, updatedAt: new Date().toISOString() }, cardId!);
    await stores.candidates.move([], candidateId);
    const suggestion = { suggestionId: newId(), handoffId, answerId, question: "How?" };
    await stores.suggestions.add({ ...suggestion, reply: { blocks: [], citations: [] } });
    await stores.answerCases.open({
      ...{ caseId: newId(), answerId, authorId: author.id },
      ...{ question: "How?", answer: "Hold.", documentIds: [] },
    });
    await stores.gaps.claimReport(newId(), "2026-03-02");
    await stores.ratings.ask(handoffId, null);
    await stores.handoffs.takeTurn("billing");
    const target = { targetId: newId(), kind: "first-reply", team: null, startedAt: new Date() } as const;
    await stores.handoffs.setTargets(handoffId, [{ ...target, dueAt: null, missedAt: null, end: null }]);
    const fileId = newId();
    const of = { inboxId, ordinal: 0 };
    await stores.files.begin({
      fileId,
      conversationId,
      of,
      name: "a.txt",
      mediaType: "text/plain",
      keepUntil: FAR_OFF,
    });
    await stores.files.append(fileId, 0, Buffer.from("Hold."));
    await stores.handoffs.setTimers(handoffId, [{ timerId: newId(), kind: "expire", dueAt: FAR_OFF, round: 0 }]);
  });
  const bot = { role: "bot", name: "Deskhand" } as const;
  await database.addresses.remember(conversation, "https://service.example/");
  await database.webMessages.post(conversation, newId(), bot, plainReply("Hello."));
  await database.withTenant(tenantId, fillKnowledge);
}

async function fillKnowledge(db: Queryable): Promise<void> {
  await db.query(`
    with source as (
      insert into source (id, tenant_id, name, kind, location, acl)
      values (gen_random_uuid(), current_tenant(), 'manual', 'folder', '/manual', '{public}') returning id
    ), run as (
      insert into sync_run (id, tenant_id, source_id, state) select gen_random_uuid(), current_tenant(), id, 'done' from source
    ), stored as (
      insert into stored_item (tenant_id, source_id, external_id, media_type, bytes)
      select current_tenant(), id, 'pushed', 'text/markdown', 'Hold.' from source
    ), entry as (
      insert into kb_entry (id, tenant_id, source_id, state, question, answer, acl, created_by, updated_by)
      select gen_random_uuid(), current_tenant(), id, 'draft', 'How?', 'Hold.', '{public}', 'ada', 'ada' from source
    ), audit as (
      insert into kb_audit (id, tenant_id, actor, action) values (gen_random_uuid(), current_tenant(), 'ada', 'kb-sync')
    ), confirmation as (
      insert into command_confirmation (id, tenant_id, author_id, command, expires_at)
      values (gen_random_uuid(), current_tenant(), 'ada', '{}', now())
    ), item as (
      insert into source_item (tenant_id, source_id, external_id, fingerprint, documents)
      select current_tenant(), id, 'reset.md', 'hash', '{reset.md}' from source
    ), document as (
      insert into document (id, tenant_id, source_id, external_id)
      select gen_random_uuid(), current_tenant(), id, 'reset.md' from source returning id
    ), version as (
      insert into document_version (id, tenant_id, document_id, number, hash, kind, title, body)
      select gen_random_uuid(), current_tenant(), id, 1, 'hash', 'manual', 'Reset', 'Hold.' from document
      returning id, document_id
    ), chunk as (
      insert into chunk (id, tenant_id, document_id, version_id, ord, heading_path, body, acl, is_current)
      select gen_random_uuid(), current_tenant(), document_id, id, 0, '{Reset}', 'Hold.', '{public}', true from version
      returning id, document_id
    ), index as (
      insert into search_index (id, tenant_id, model, dimensions, chunker, is_serving)
      values (gen_random_uuid(), current_tenant(), 'hash', 3, '1', true) returning id
    ), embedding as (
      insert into chunk_embedding (tenant_id, index_id, chunk_id, embedding)
      select current_tenant(), index.id, chunk.id, '[1,0,0]' from index, chunk
    ), weight as (
      insert into search_chunk (chunk_id, tenant_id, document_id, acl, is_first, title_length, heading_length,
                                question_length, body_length, document_heading_length, document_body_length)
      select id, current_tenant(), document_id, '{public}', true, 1, 1, 0, 1, 1, 1 from chunk
    ), asked as (
      insert into verified_question (tenant_id, question_hash, chunk_id) select current_tenant(), 'hash', id from chunk
    )
    insert into search_posting (tenant_id, term, document_id, chunk_id, is_first, title, heading, question, body)
    select current_tenant(), 'hold', document_id, id, true, 0, 0, 0, 1 from chunk`);
}
