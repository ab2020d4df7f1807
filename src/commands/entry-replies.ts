import { codeOf } from "../ports/confirmations.js";
import { assertNever } from "../ports/errors.js";
import type { EntryState, KnowledgeEntry } from "../ports/knowledge-entries.js";
import type { Inline, Reply } from "../ports/reply.js";
import { more } from "./library-replies.js";
import { code, paragraph, reply, strong, table, text } from "./reply-blocks.js";

const ROWS_SHOWN = 50;

/**
 * An entry after a step, and the one that comes next.
 * @param problem what keeps a published one from being answered from; null when nothing does
 */
export function entryReply(entry: KnowledgeEntry, problem: string | null = null): Reply {
  return reply(
    paragraph(strong(entry.question), text(` (${codeOf(entry.entryId)}): ${stateWords(entry)}`)),
    ...(problem === null ? nextStep(entry) : [paragraph(text(`It is not answered from yet. ${problem}`))]),
  );
}

function stateWords({ state, createdBy, updatedBy, approvedBy, validUntil }: KnowledgeEntry): string {
  const until = validUntil === null ? "" : `, until ${validUntil}`;
  switch (state) {
    case "draft":
      return `draft by ${createdBy}${until}`;
    case "approved":
      return `approved by ${approvedBy ?? updatedBy}${until}`;
    case "published":
      return `published by ${updatedBy}${until}`;
    case "archived":
      return `archived by ${updatedBy}`;
    default:
      return assertNever(state);
  }
}

function nextStep({ state, entryId }: KnowledgeEntry) {
  const say = (...words: readonly Inline[]) => [paragraph(...words)];
  switch (state) {
    case "draft":
      return say(text("It is not answered from yet. "), code(`kb approve ${codeOf(entryId)}`));
    case "approved":
      return say(text("It is not answered from yet. "), code(`kb publish ${codeOf(entryId)}`));
    case "published":
      return say(text("It is answered from now."));
    case "archived":
      return say(text("It is not answered from any more."));
    default:
      return assertNever(state);
  }
}

export function entriesReply(entries: readonly KnowledgeEntry[], state: EntryState | null): Reply {
  if (entries.length === 0) {
    const which = state === null ? "entries" : `${state} entries`;
    return reply(paragraph(text(`There are no ${which}. Write one: `), code('kb write "question" "answer"')));
  }
  const rows = entries
    .slice(0, ROWS_SHOWN)
    .map((entry) => [codeOf(entry.entryId), entry.question, stateWords(entry), entry.updatedAt.slice(0, 10)]);
  return reply(table(["Id", "Question", "State", "Changed"], rows), ...more(entries.length - rows.length));
}
