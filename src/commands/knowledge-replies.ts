import { parseReply } from "../answering/parse-reply.js";
import { replyText } from "../answering/reply-text.js";
import type { Passage, SearchResult, SourceStatus, SyncDiff, SyncReach, SyncRemark } from "../ports/knowledge.js";
import type { Block, Reply } from "../ports/reply.js";
import type { RemovedSource } from "../ports/source-lifecycle.js";
import { placeOf } from "../text/place-of.js";
import { count, day, moment } from "./counted.js";
import { synonymLine } from "./explain-synonyms.js";
import { bullets, code, paragraph, reply, strong, table, text } from "./reply-blocks.js";

/** A passage is Markdown; what is in square brackets there are no marks of an answer. */
const NO_CITATIONS: ReadonlySet<number> = new Set();

/** Names listed under each heading of a diff; the rest is counted. */
const NAMES_SHOWN = 20;
const PASSAGE_CHARACTERS = 240;

/** All sources with their size and last sync, and those that were removed and can be restored. */
export function statusReply(sources: readonly SourceStatus[], removed: readonly RemovedSource[] = []): Reply {
  if (sources.length === 0) return reply(...noSourcesReply().blocks, ...removedBlocks(removed));
  const rows = sources.map((source) => [
    source.isDemo === true ? `${source.name} (demo)` : source.name,
    String(source.documents),
    String(source.chunks),
    source.acl.join(", "),
    `${source.lastRun === null ? "never synced" : runSummary(source.lastRun)}${careOf(source)}`,
  ]);
  return reply(
    table(["Source", "Documents", "Chunks", "Audience", "Last sync"], rows),
    ...remarksOutlook(sources),
    ...demoOutlook(sources),
    ...removedBlocks(removed),
  );
}

/** Names are for those who may read the documents, and this is for the whole team. */
function remarksOutlook(sources: readonly SourceStatus[]): readonly Block[] {
  return sources.flatMap(({ name, lastRun }) => {
    const remarks = lastRun?.remarks.length ?? 0;
    if (remarks === 0) return [];
    const words = `The last sync of ${name} has left ${count(remarks, "remark")}, such as on pages that could not be read: `;
    return [paragraph(text(words), code(`kb diff ${name}`))];
  });
}

function removedBlocks(removed: readonly RemovedSource[]): readonly Block[] {
  if (removed.length === 0) return [];
  const items = removed.map((source) => [
    text(`${source.name}: removed ${day(source.removedAt)}, deleted for good on ${day(source.keptUntil)}. `),
    code(`kb restore ${source.name}`),
  ]);
  return [paragraph(strong("Removed, and can be restored")), bullets(items)];
}

/** For example `, every 6h, owned by carla`. */
function careOf({ pausedAt, everyMinutes = null, owner = null }: SourceStatus): string {
  const schedule = everyMinutes === null ? "" : `, every ${intervalText(everyMinutes)}`;
  const owned = owner === null ? "" : `, owned by ${owner}`;
  return `${pausedAt === null ? schedule : ", paused"}${owned}`;
}

function intervalText(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** What will become of the demo documents while they are there, and that they went when that was with the last run. */
function demoOutlook(sources: readonly SourceStatus[]): readonly Block[] {
  if (!sources.some((source) => source.isDemo === true)) {
    const ended = sources.flatMap(({ lastRun }) => (lastRun?.demo === "stepped-aside" ? [lastRun] : []))[0];
    return ended === undefined ? [] : [paragraph(text(demoSentence(ended) ?? ""))];
  }
  const [own] = sources.filter(({ isDemo, kind }) => isDemo !== true && kind !== "entries");
  const outlook =
    own === undefined
      ? [text("The demo documents step aside once documents of your own are synced: "), code("deskhand kb add ./docs")]
      : [text(`${DEMO_WAITS} `), code(`deskhand kb sync ${own.name}`)];
  return [paragraph(...outlook)];
}

/** For a source of one's own that was not synced, while there are demo documents. */
export const DEMO_WAITS =
  "The demo documents are answered from until a sync of your own documents has brought one; then they step aside.";

/** What the demo documents do after a run, in one sentence; null where there are none. */
export function demoSentence(diff: SyncDiff): string | null {
  switch (diff.demo) {
    case "answering":
      return "The demo documents are still answered from: they step aside once a sync ends with a document of yours.";
    case "stepped-aside":
      return "The demo documents have stepped aside: only your own are answered from. Passages cited before still open.";
    case null:
      return null;
  }
}

export interface SkippedGroup {
  readonly message: string;
  readonly names: readonly string[];
}

/** What was passed over, by what is to be said about it, the most frequent first. */
export function groupSkipped(skipped: readonly SyncRemark[]): readonly SkippedGroup[] {
  const groups = new Map<string, string[]>();
  for (const { externalId, message } of skipped) {
    const names = groups.get(message);
    if (names === undefined) groups.set(message, [externalId]);
    else names.push(externalId);
  }
  return [...groups]
    .map(([message, names]) => ({ message, names }))
    .sort((left, right) => right.names.length - left.names.length);
}

/** A source that was added, and how it is read. */
export function addedReply({ name, kind, location, endsDemo }: SourceStatus): Reply {
  const demo = endsDemo ? [paragraph(text(DEMO_WAITS))] : [];
  return reply(
    paragraph(text(`Added ${name} (${kind}): ${location}`)),
    ...demo,
    paragraph(text("Read it now: "), code(`kb sync ${name}`)),
  );
}

export function removedReply(name: string): Reply {
  return reply(
    paragraph(
      text(`Removed ${name}. Its documents are no longer answered from. To bring it back: `),
      code(`kb restore ${name}`),
    ),
  );
}

export function noSourcesReply(): Reply {
  return reply(paragraph(text("No sources yet. Add one: "), code("deskhand kb add ./docs")));
}

/** For example `+12 ~3 -1, 2 failed, 4 skipped, 1 remark`. */
export function diffSummary(diff: SyncDiff): string {
  const changes = `+${diff.added.length} ~${diff.changed.length} -${diff.removed.length}`;
  const failed = diff.failed.length > 0 ? `, ${diff.failed.length} failed` : "";
  const held = diff.heldRemovals.length > 0 ? `, ${count(diff.heldRemovals.length, "removal")} held` : "";
  const skipped = diff.skipped.length > 0 ? `, ${diff.skipped.length} skipped` : "";
  const remarks = diff.remarks.length > 0 ? `, ${count(diff.remarks.length, "remark")}` : "";
  return `${changes}${failed}${skipped}${remarks}${held}`;
}

/** What a sync run changed, by name, and what to do about what it could not do. */
export function diffReply(source: string, diff: SyncDiff | null): Reply {
  if (diff === null) {
    return reply(paragraph(text(`${source} was never synced. Sync it: `), code(`deskhand kb sync ${source}`)));
  }
  const failures = diff.failed.map(failureLine);
  const demo = demoSentence(diff);
  return reply(
    paragraph(strong(source), text(`: ${runSummary(diff)}, ${diff.unchanged} unchanged`)),
    ...names("Added", diff.added),
    ...names("Changed", diff.changed),
    ...names("Removed", diff.removed),
    ...names("Failed", failures),
    ...groupSkipped(diff.skipped).flatMap((group) => names("Skipped", group.names, group.message)),
    ...groupSkipped(diff.remarks).flatMap(({ names: all, message }) => remarkBlocks(all, message)),
    ...heldRemovals(source, diff),
    ...hiddenNames(diff),
    ...(demo === null ? [] : [paragraph(text(demo))]),
  );
}

/** About documents that were read, and not all of them; or about the source as a whole, which has no name. */
function remarkBlocks(all: readonly string[], message: string): readonly Block[] {
  const named = all.filter((name) => name !== "");
  return named.length === 0 ? [paragraph(strong("Remark"), text(`: ${message}`))] : names("Remarks", named, message);
}

function hiddenNames({ hidden = 0 }: SyncDiff): readonly Block[] {
  if (hidden === 0) return [];
  return [paragraph(text(`Not named here: ${count(hidden, "document")} that you may not read.`))];
}

/** What a search finds, best first, with the scores that put it there. */
export function searchReply({ passages, degraded, analysis }: SearchResult): Reply {
  const warning = degraded.length > 0 ? [paragraph(text(`Could not run: ${degraded.join(", ")}`))] : [];
  const synonyms = synonymLine(analysis.terms);
  const before = [...warning, ...(synonyms === null ? [] : [paragraph(...synonyms)])];
  if (passages.length === 0) return reply(...before, paragraph(text("Nothing found.")));
  const items = passages.map((passage) => [passageBlock(passage)]);
  return reply(...before, { kind: "list", ordered: true, start: 1, items });
}

function passageBlock(passage: Passage): Block {
  const { fused, lexical, vector } = passage.scores;
  const scores = `${fused.toFixed(3)} (words ${lexical.toFixed(2)}, meaning ${vector === null ? "none" : vector.toFixed(2)})`;
  const words = replyText({ blocks: parseReply(passage.text, NO_CITATIONS) }).replaceAll(/\s+/gu, " ");
  return paragraph(
    strong(placeOf(passage)),
    text(` ${scores} · ${passage.externalId}`),
    { kind: "break" },
    text(words.length > PASSAGE_CHARACTERS ? `${words.slice(0, PASSAGE_CHARACTERS)}…` : words),
  );
}

function runSummary(diff: SyncDiff): string {
  const at = moment(diff.finishedAt ?? diff.startedAt);
  switch (diff.state) {
    case "running":
      return runningText(at, diff.progress);
    case "failed":
      return `failed ${at}, ${diffSummary(diff)}`;
    case "done":
    case "held":
      return `${at}, ${diffSummary(diff)}`;
  }
}

/** For example `syncing: 1,204 of 4,140`; while the place is being listed, what was found. */
function runningText(since: string, progress: SyncReach = { done: 0, total: null }): string {
  const { done, total } = progress;
  if (total !== null) return `syncing: ${grouped(done)} of ${grouped(total)}`;
  return done === 0 ? `syncing since ${since}` : `syncing: ${grouped(done)} found so far`;
}

function grouped(number: number): string {
  return number.toLocaleString("en");
}

/** A heading with the count, and the first names. @param remark said after the heading */
function names(heading: string, all: readonly string[], remark = ""): readonly Block[] {
  if (all.length === 0) return [];
  const more = all.length > NAMES_SHOWN ? [[text(`… and ${all.length - NAMES_SHOWN} more`)]] : [];
  const said = remark === "" ? [] : [text(`: ${remark}`)];
  return [
    paragraph(strong(`${heading} (${all.length})`), ...said),
    bullets([...all.slice(0, NAMES_SHOWN).map((name) => [text(name)]), ...more]),
  ];
}

/** What could not be read and why; a failure of the source as a whole has no name before it. */
export function failureLine({ externalId, message }: SyncRemark): string {
  return externalId === "" ? message : `${externalId}: ${message}`;
}

/** Whether a person's word removes what is held: not where the source listed nothing, or not all. */
export function canConfirm({ heldRemovals, failed }: SyncDiff): boolean {
  return heldRemovals.length > 0 && !failed.some(({ code }) => code === "empty-listing");
}

function heldRemovals(source: string, diff: SyncDiff): readonly Block[] {
  const held = diff.heldRemovals;
  if (held.length === 0) return [];
  if (!canConfirm(diff)) return names("Still answered from", held);
  const advice = paragraph(
    text(`So many documents are gone at once that they are still answered from. If that is right: `),
    code(`kb sync ${source} --yes`),
  );
  return [...names("Removals held", held), advice];
}
