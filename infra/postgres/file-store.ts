import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import type { FileStore, KeptFile } from "../../src/ports/files.js";
import { cleanText } from "./clean-json.js";

interface FileRow {
  id: string;
  name: string;
  media_type: string;
  size_bytes: string;
  keep_until: Date;
  upload_id: string | null;
}

const COLUMNS = "id, name, media_type, size_bytes, keep_until, upload_id";

const KEPT_AT = `
  select ${COLUMNS} from relayed_file
   where inbox_id = $1::uuid and ord = $2::int and tenant_id = current_tenant() and size_bytes is not null`;

const CLEAR_PLACE = `
  delete from relayed_file where inbox_id = $1::uuid and ord = $2::int and tenant_id = current_tenant()`;

const BEGIN = `
  insert into relayed_file (id, tenant_id, conversation_id, inbox_id, ord, name, media_type, keep_until)
  values ($1::uuid, current_tenant(), $2::uuid, $3::uuid, $4::int, $5, $6, $7::timestamptz)`;

const APPEND = `
  insert into relayed_file_piece (file_id, ord, tenant_id, bytes)
  values ($1::uuid, $2::int, current_tenant(), $3::bytea)`;

// Held so that nothing is added behind what is being kept.
const LOCK = `
  select from relayed_file where id = $1::uuid and tenant_id = current_tenant() and size_bytes is null for no key update`;

const APPEND_ONCE = `${APPEND} on conflict (file_id, ord) do nothing`;

const UNFINISHED = `
  select file.name, coalesce(max(piece.ord) + 1, 0)::int as pieces, coalesce(sum(octet_length(piece.bytes)), 0)::text as bytes
    from relayed_file as file
    left join relayed_file_piece as piece on piece.file_id = file.id and piece.tenant_id = current_tenant()
   where file.id = $1::uuid and file.conversation_id = $2::uuid and file.tenant_id = current_tenant()
     and file.inbox_id is null and file.size_bytes is null
   group by file.id`;

const WAITING_IN = `
  select count(*)::int as waiting from relayed_file
   where conversation_id = $1::uuid and tenant_id = current_tenant() and inbox_id is null`;

// Its message may be there already, and nobody has come to it yet.
const DROP_UNSENT = `
  delete from relayed_file as file
   where file.inbox_id is null and file.created_at < $1::timestamptz and file.tenant_id = current_tenant()
     and not exists (select from inbox
                      where inbox.conversation_id = file.conversation_id and inbox.outcome is null
                        and inbox.tenant_id = current_tenant())`;

const KEEP = `
  update relayed_file set size_bytes = $2::bigint
   where id = $1::uuid and tenant_id = current_tenant() and size_bytes is null
     and $2::bigint = (select sum(octet_length(piece.bytes)) from relayed_file_piece as piece
                        where piece.file_id = $1::uuid and piece.tenant_id = current_tenant())`;

// Again after a crash it has that place already.
const ADOPT = `
  update relayed_file set inbox_id = $3::uuid, ord = $4::int
   where id = $1::uuid and conversation_id = $2::uuid and tenant_id = current_tenant() and size_bytes is not null
     and (inbox_id is null or (inbox_id = $3::uuid and ord = $4::int))
  returning ${COLUMNS}`;

const DROP = `delete from relayed_file where id = $1::uuid and tenant_id = current_tenant()`;

const DROP_OF = `delete from relayed_file where inbox_id = $1::uuid and tenant_id = current_tenant()`;

const FIND = `
  select ${COLUMNS} from relayed_file where id = $1::uuid and tenant_id = current_tenant() and size_bytes is not null`;

const FIND_IN = `
  select ${COLUMNS} from relayed_file
   where id = $1::uuid and conversation_id = $2::uuid and tenant_id = current_tenant() and size_bytes is not null`;

const PIECE = `
  select bytes from relayed_file_piece where file_id = $1::uuid and ord = $2::int and tenant_id = current_tenant()`;

const RECORD_UPLOAD = `
  update relayed_file set upload_id = $2 where id = $1::uuid and tenant_id = current_tenant()`;

const PURGE = `delete from relayed_file where keep_until <= $1::timestamptz and tenant_id = current_tenant()`;

export function createFileStore(db: Queryable): FileStore {
  const one = async (text: string, values: readonly unknown[]): Promise<KeptFile | null> => {
    const [row] = (await db.query<FileRow>(text, values)).rows;
    return row === undefined ? null : toFile(row);
  };
  return {
    keptAt: ({ inboxId, ordinal }) => one(KEPT_AT, [inboxId, ordinal]),
    async begin({ fileId, conversationId, of, name, mediaType, keepUntil }) {
      if (of !== null) await db.query(CLEAR_PLACE, [of.inboxId, of.ordinal]);
      const place = [of?.inboxId ?? null, of?.ordinal ?? null];
      await db.query(BEGIN, [fileId, conversationId, ...place, cleanText(name), cleanText(mediaType), keepUntil]);
    },
    async append(fileId, ordinal, bytes) {
      await db.query(APPEND, [fileId, ordinal, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]);
    },
    async appendOnce(fileId, ordinal, bytes) {
      if ((await db.query(LOCK, [fileId])).rows.length === 0) throw new NotFoundError(`no file ${fileId}`);
      await db.query(APPEND_ONCE, [fileId, ordinal, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]);
    },
    async unfinished(fileId, conversationId) {
      const values = [fileId, conversationId];
      const { rows } = await db.query<{ name: string; pieces: number; bytes: string }>(UNFINISHED, values);
      const [row] = rows;
      return row === undefined ? null : { ...row, bytes: Number(row.bytes) };
    },
    async waitingIn(conversationId) {
      return (await db.query<{ waiting: number }>(WAITING_IN, [conversationId])).rows[0]?.waiting ?? 0;
    },
    async dropUnsent(before) {
      return (await db.query(DROP_UNSENT, [before])).rowCount ?? 0;
    },
    async keep(fileId, sizeBytes) {
      await db.query(LOCK, [fileId]);
      if ((await db.query(KEEP, [fileId, sizeBytes])).rowCount !== 1) throw new NotFoundError(`no file ${fileId}`);
    },
    adopt: (fileId, conversationId, { inboxId, ordinal }) => one(ADOPT, [fileId, conversationId, inboxId, ordinal]),
    async drop(fileId) {
      await db.query(DROP, [fileId]);
    },
    async dropOf(inboxId) {
      await db.query(DROP_OF, [inboxId]);
    },
    find: (fileId) => one(FIND, [fileId]),
    findIn: (fileId, conversationId) => one(FIND_IN, [fileId, conversationId]),
    async piece(fileId, ordinal) {
      const { rows } = await db.query<{ bytes: Uint8Array }>(PIECE, [fileId, ordinal]);
      return rows[0]?.bytes ?? null;
    },
    async recordUpload(fileId, uploadId) {
      await db.query(RECORD_UPLOAD, [fileId, uploadId]);
    },
    async purge(now) {
      return (await db.query(PURGE, [now])).rowCount ?? 0;
    },
  };
}

function toFile(row: FileRow): KeptFile {
  return {
    fileId: row.id,
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: Number(row.size_bytes),
    keepUntil: row.keep_until,
    uploadId: row.upload_id,
  };
}
