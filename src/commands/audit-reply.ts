import type { AuditEntry } from "../ports/knowledge-audit.js";
import type { Reply } from "../ports/reply.js";
import { paragraph, reply, table, text } from "./reply-blocks.js";

/** Who changed what, and who tried to. */
export function auditReply(entries: readonly AuditEntry[]): Reply {
  if (entries.length === 0) return reply(paragraph(text("Nothing was changed yet.")));
  const rows = entries.map(({ at, actor, action, sourceName, detail, wasAllowed }) => [
    at.slice(0, 16).replace("T", " "),
    actor,
    wasAllowed ? action : `${action} (refused)`,
    sourceName ?? "",
    details(detail),
  ]);
  return reply(table(["When", "Who", "What", "Source", "Details"], rows));
}

function details(detail: AuditEntry["detail"]): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
