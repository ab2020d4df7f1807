import type { Platform } from "../../src/ports/chat.js";
import type { Queryable } from "../../src/ports/database.js";
import { DeskhandError, NotFoundError } from "../../src/ports/errors.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { ClaimedDelivery, CoordinationStore, Installation, Lease } from "../../src/ports/stores.js";
import { createEventAcceptor } from "./accept-events.js";
import { toWaitingEvent, type WaitingRow } from "./inbox-store.js";
import { PREPARED } from "./prepared.js";
import { readReply } from "./reply-codec.js";

interface InstallationRow {
  id: string;
  tenant_id: TenantId;
  platform: Platform;
  external_id: string;
}

interface LeaseRow {
  tenant_id: TenantId;
  installation_id: string;
  key: string;
  platform: Platform;
  fence: string;
}

interface ClaimedDeliveryRow extends LeaseRow {
  id: string;
  cause_type: ClaimedDelivery["cause"]["type"];
  cause_id: string;
  purpose: ClaimedDelivery["purpose"];
  part: number;
  operation: ClaimedDelivery["operation"];
  speaker_role: ClaimedDelivery["speaker"]["role"];
  speaker_name: string;
  reply: unknown;
  platform_id: string | null;
  attempt: number;
  is_uncertain: boolean;
  is_streamed: boolean;
  created_at: Date;
}

interface SweepRow {
  conversation_id: string;
  events: boolean;
  deliveries: boolean;
}

const ENSURE_INSTALLATION = `
  select id, tenant_id, platform, external_id from ensure_installation($1::uuid, $2::text, $3::text, $4::text)`;

const FIND_INSTALLATION = `select id, tenant_id, platform, external_id from find_installation($1::uuid)`;

const CLAIM_WORK = `
  select tenant_id, installation_id, key, platform, fence, inbox_id as id, payload, attempts
    from claim_work($1::uuid, $2::text, $3::int)`;

const RENEW_CONVERSATION = `select renew_conversation($1::uuid, $2::bigint, $3::int) as is_held`;

const RELEASE_CONVERSATION = `select release_conversation($1::uuid, $2::bigint) as more_waits`;

const CLAIM_DELIVERY = `
  select id, tenant_id, installation_id, key, platform, cause_type, cause_id, purpose, part, operation, speaker_role,
         speaker_name, reply, platform_id, attempt, is_uncertain, is_streamed, fence, created_at
    from claim_delivery($1::uuid, $2::text, $3::int)`;

const SWEEP = `select conversation_id, events, deliveries from sweep_conversations($1::int)`;

const DUE_HANDOFFS = `select tenant_id, handoff_id from due_handoffs($1::timestamptz, $2::int)`;

const UNLEARNED_HANDOFFS = `select tenant_id, handoff_id from unlearned_handoffs($1::int)`;

/** The platform's workspace is registered for another tenant. */
class InstallationTakenError extends DeskhandError {
  override readonly name = "InstallationTakenError";
  readonly code = "installation-taken";
  readonly isRetryable = false;
}

/** The steps that cross tenants, each one statement; events that come together are stored by one. */
export function createCoordinationStore(db: Queryable, newId: NewId): CoordinationStore {
  return {
    async ensureInstallation(tenantId, platform, externalId) {
      const { rows } = await db.query<InstallationRow>(ENSURE_INSTALLATION, [newId(), tenantId, platform, externalId]);
      if (rows[0] === undefined) {
        throw new InstallationTakenError(`this ${platform} installation belongs to another tenant`);
      }
      return toInstallation(rows[0]);
    },
    acceptEvent: createEventAcceptor(db, newId),
    async claimWork(conversationId, owner, leaseMs) {
      const values = [conversationId, owner, leaseMs];
      const [row] = (await db.query<LeaseRow & WaitingRow>(CLAIM_WORK, values, PREPARED)).rows;
      return row === undefined ? null : { lease: toLease(conversationId, row), first: toWaitingEvent(row) };
    },
    async renewConversation({ conversationId, fence }, leaseMs) {
      const values = [conversationId, String(fence), leaseMs];
      const { rows } = await db.query<{ is_held: boolean }>(RENEW_CONVERSATION, values);
      return rows[0]?.is_held === true;
    },
    async releaseConversation({ conversationId, fence }) {
      const values = [conversationId, String(fence)];
      const { rows } = await db.query<{ more_waits: boolean }>(RELEASE_CONVERSATION, values, PREPARED);
      return rows[0]?.more_waits === true;
    },
    async claimDelivery(conversationId, owner, leaseMs) {
      const { rows } = await db.query<ClaimedDeliveryRow>(CLAIM_DELIVERY, [conversationId, owner, leaseMs], PREPARED);
      return rows[0] === undefined ? null : toClaimedDelivery(conversationId, rows[0]);
    },
    async sweep(limit) {
      const { rows } = await db.query<SweepRow>(SWEEP, [limit]);
      return rows.map((row) => ({
        conversationId: row.conversation_id,
        events: row.events,
        deliveries: row.deliveries,
      }));
    },
    async dueHandoffs(now, limit) {
      const { rows } = await db.query<DueHandoffRow>(DUE_HANDOFFS, [now, limit]);
      return rows.map(toDueHandoff);
    },
    async unlearnedHandoffs(limit) {
      const { rows } = await db.query<DueHandoffRow>(UNLEARNED_HANDOFFS, [limit]);
      return rows.map(toDueHandoff);
    },
  };
}

/** Finds the tenant of an installation. It never changes, so it is asked for once. */
export function createTenantOfInstallation(db: Queryable): (installationId: string) => Promise<TenantId> {
  const known = new Map<string, TenantId>();
  return async (installationId) => {
    const cached = known.get(installationId);
    if (cached !== undefined) return cached;
    const { rows } = await db.query<InstallationRow>(FIND_INSTALLATION, [installationId]);
    if (rows[0] === undefined) throw new NotFoundError(`no installation ${installationId}`);
    known.set(installationId, rows[0].tenant_id);
    return rows[0].tenant_id;
  };
}

interface DueHandoffRow {
  tenant_id: TenantId;
  handoff_id: string;
}

function toDueHandoff(row: DueHandoffRow) {
  return { tenantId: row.tenant_id, handoffId: row.handoff_id };
}

function toInstallation(row: InstallationRow): Installation {
  return { id: row.id, tenantId: row.tenant_id, platform: row.platform, externalId: row.external_id };
}

function toLease(conversationId: string, row: LeaseRow): Lease {
  return {
    tenantId: row.tenant_id,
    conversationId,
    conversation: { installationId: row.installation_id, key: row.key },
    platform: row.platform,
    fence: BigInt(row.fence),
  };
}

function toClaimedDelivery(conversationId: string, row: ClaimedDeliveryRow): ClaimedDelivery {
  return {
    ...toLease(conversationId, row),
    deliveryId: row.id,
    cause: { type: row.cause_type, id: row.cause_id },
    purpose: row.purpose,
    part: row.part,
    operation: row.operation,
    speaker: { role: row.speaker_role, name: row.speaker_name },
    reply: readReply(row.reply),
    platformId: row.platform_id,
    attempt: row.attempt,
    isUncertain: row.is_uncertain,
    isStreamed: row.is_streamed,
    createdAt: row.created_at,
  };
}
