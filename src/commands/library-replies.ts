import { parseReply } from "../answering/parse-reply.js";
import type {
  DocumentList,
  DocumentText,
  StaleReport,
  VersionPair,
  VersionSummary,
} from "../ports/document-library.js";
import type { Block, Reply } from "../ports/reply.js";
import { count, day } from "./counted.js";
import { bullets, code, paragraph, reply, strong, table, text } from "./reply-blocks.js";

/** Rows that a conversation has room for; the rest is counted. */
const ROWS_SHOWN = 50;
/** Characters of a document, or of a diff, that are shown at most. */
const TEXT_SHOWN = 8_000;

const NO_CITATIONS: ReadonlySet<number> = new Set();

/** The documents of a source with the state of each. */
export function documentsReply(source: string, { documents, total }: DocumentList): Reply {
  if (documents.length === 0) {
    return reply(paragraph(text(`${source} has no documents. Read it: `), code(`kb sync ${source}`)));
  }
  const rows = documents
    .slice(0, ROWS_SHOWN)
    .map((document) => [
      document.externalId,
      document.title,
      document.lastError === null ? document.state : `${document.state}, not read: ${document.lastError}`,
      String(document.version),
      day(document.updatedAt ?? document.changedAt),
    ]);
  return reply(
    paragraph(strong(source), text(`: ${count(total, "document")}`)),
    table(["Document", "Title", "State", "Version", "Changed"], rows),
    ...more(total - rows.length),
  );
}

/** A document with its text. */
export function documentReply(source: string, document: DocumentText): Reply {
  const { externalId, title, state, version, editedBy, updatedAt, changedAt, validUntil, lastError, url } = document;
  const isCut = document.body.length > TEXT_SHOWN;
  const facts = [
    `${source}, ${externalId}`,
    `Version ${version}, ${state}, changed ${day(updatedAt ?? changedAt)}${editedBy === null ? "" : ` by ${editedBy}`}`,
    ...(validUntil === null ? [] : [`Valid until ${day(validUntil)}`]),
    ...(url === null ? [] : [url]),
    ...(lastError === null ? [] : [`The last sync could not read it: ${lastError}`]),
  ];
  return reply(
    paragraph(strong(title)),
    bullets(facts.map((fact) => [text(fact)])),
    ...parseReply(document.body.slice(0, TEXT_SHOWN), NO_CITATIONS),
    ...(isCut ? [paragraph(text(`… and ${document.body.length - TEXT_SHOWN} more characters.`))] : []),
  );
}

/** The versions of a document, the newest first. */
export function historyReply(source: string, document: string, versions: readonly VersionSummary[]): Reply {
  const rows = versions
    .slice(0, ROWS_SHOWN)
    .map(({ number, createdAt, editedBy, isCurrent, changes }) => [
      isCurrent ? `${number} (current)` : String(number),
      createdAt.slice(0, 16).replace("T", " "),
      editedBy ?? "",
      changes === null ? "" : `+${changes.addedLines} -${changes.removedLines} lines`,
    ]);
  const [newest, before] = versions;
  const next =
    newest === undefined || before === undefined
      ? []
      : [
          paragraph(
            text("What changed: "),
            code(`kb history ${source} ${document} --diff ${before.number} ${newest.number}`),
          ),
        ];
  return reply(
    paragraph(strong(document)),
    table(["Version", "When", "Who", "Against the one before"], rows),
    ...more(versions.length - rows.length),
    ...next,
  );
}

export function patchReply(document: string, { from, to }: VersionPair, patch: string): Reply {
  if (patch === "") return reply(paragraph(text(`Versions ${from} and ${to} of ${document} have the same text.`)));
  const shown = patch.length > TEXT_SHOWN ? `${patch.slice(0, TEXT_SHOWN)}\n…` : patch;
  return reply({ kind: "code", language: "diff", text: shown });
}

/** What somebody should look at. */
export function staleReply({ days, documents, total, ownerless }: StaleReport): Reply {
  if (documents.length === 0 && ownerless.length === 0) {
    return reply(paragraph(text(`Nothing is out of date, and everything was changed in the last ${days} days.`)));
  }
  const rows = documents
    .slice(0, ROWS_SHOWN)
    .map(({ source, externalId, reason, since, owner }) => [
      source,
      externalId,
      reason === "expired" ? `expired ${day(since)}` : `unchanged since ${day(since)}`,
      owner ?? "nobody",
    ]);
  const found =
    rows.length === 0 ? [] : [table(["Source", "Document", "Why", "Owner"], rows), ...more(total - rows.length)];
  return reply(...found, ...ownerlessBlocks(ownerless));
}

function ownerlessBlocks(ownerless: StaleReport["ownerless"]): readonly Block[] {
  if (ownerless.length === 0) return [];
  return [
    paragraph(strong("Sources that nobody owns")),
    bullets(ownerless.map(({ source, documents }) => [text(`${source}: ${count(documents, "document")}`)])),
  ];
}

export function more(hidden: number): readonly Block[] {
  return hidden > 0 ? [paragraph(text(`… and ${hidden} more.`))] : [];
}
