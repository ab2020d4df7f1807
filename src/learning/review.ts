import type { Candidate, CandidateDecision, NearArticle } from "../ports/candidates.js";
import { NotFoundError, UsageError } from "../ports/errors.js";
import type { NewId, TenantId } from "../ports/ids.js";
import type { KnowledgeAudit } from "../ports/knowledge-audit.js";
import type { DocumentLibrary, LibraryReader } from "../ports/document-library.js";
import {
  ENTRIES_SOURCE,
  LEARNED_SOURCE,
  type KnowledgeEntries,
  type KnowledgeEntry,
  type ReleasedEntry,
} from "../ports/knowledge-entries.js";
import type { OriginalTexts } from "../ports/original-texts.js";
import type { CandidateStore } from "../ports/candidates.js";
import { codeOf } from "../ports/confirmations.js";
import { findSecrets } from "../text/find-secrets.js";
import { articleChange } from "./article-change.js";
import { PLACEHOLDER } from "./personal-data.js";
import type { RegressionGate, RegressionReport } from "./regression-gate.js";

export interface ReviewDesk {
  withCandidates<T>(tenantId: TenantId, work: (candidates: CandidateStore) => Promise<T>): Promise<T>;
  readonly entries: Pick<KnowledgeEntries, "release" | "list">;
  readonly library: Pick<DocumentLibrary, "document">;
  readonly originals: OriginalTexts;
  readonly audit: Pick<KnowledgeAudit, "record">;
  readonly gate: RegressionGate;
  readonly newId: NewId;
}

export interface Reviewer extends LibraryReader {
  readonly actor: string;
}

export interface ApprovalOrder {
  readonly code: string;
  readonly isForced: boolean;
  /** Makes an entry of its own also where one is close that could be changed. */
  readonly isApart: boolean;
  /** Whether an entry that is close may be changed, as by `kb entry`. */
  readonly mayChangeEntries: boolean;
  /** See {@link mustBeAsSeen}. */
  readonly seen?: string | undefined;
}

export type Approval =
  | {
      readonly kind: "published";
      readonly entry: KnowledgeEntry;
      readonly report: RegressionReport;
      readonly isForced: boolean;
      /** Whether an entry was changed that was there. */
      readonly isChange: boolean;
    }
  /** Answers to labelled questions would be worse. Nothing was published. */
  | {
      readonly kind: "refused";
      readonly candidate: Candidate;
      readonly report: RegressionReport & { kind: "checked" };
    };

/** Who wrote what nobody has changed since it was learned. */
const LEARNED_BY = "deskhand";
/** As many as an entry may have. */
const MOST_VARIANTS = 20;

/**
 * Publishes a candidate with every wording that it was asked in: as an entry of its own, or in the entry that it is close to.
 * The labelled questions that the settings name are asked first, with the entry and without it.
 * @throws {NotFoundError} @throws {UsageError} where its words are not fit for others, somebody has changed it meanwhile, or it
 * would change an entry that they may not change
 */
export async function approve(
  desk: ReviewDesk,
  who: Reviewer,
  { code, isForced, isApart, mayChangeEntries, seen }: ApprovalOrder,
  signal: AbortSignal,
): Promise<Approval> {
  const { withCandidates, gate } = desk;
  const { tenantId, actor } = who;
  const candidate = await withCandidates(tenantId, (candidates) => candidates.lock(code));
  mustBeAsSeen(candidate, seen);
  mustBePublishable(candidate);
  const published = isApart ? ownEntry(candidate) : await entryFor(desk, who, candidate, signal);
  if (published.changed !== null && !mayChangeEntries) throw new UsageError(changesEntry(candidate));
  const report = await gate.check(tenantId, published.entry, signal);
  const isWorse = report.kind === "checked" && report.worse.length > 0;
  if (isWorse && !isForced) return { kind: "refused", candidate, report };
  await mustBeUnchanged(desk, tenantId, published);
  // Before anything is published: whatever somebody has decided or changed meanwhile holds.
  await decideUnchanged(desk, tenantId, candidate, {
    ...{ state: "approved", by: actor, why: null },
    changed: published.changed,
  });
  const released = await desk.entries
    .release(tenantId, { ...published.entry, writtenBy: candidate.editedBy ?? LEARNED_BY }, actor)
    .catch(async (error: unknown) => {
      await withCandidates(tenantId, (candidates) => candidates.undecide(candidate));
      throw error;
    });
  if (isWorse) await recordWorse(desk, who, released, report);
  return { kind: "published", entry: released, report, isForced: isWorse, isChange: published.changed !== null };
}

function changesEntry({ candidateId }: Candidate): string {
  const own = `learn approve ${codeOf(candidateId)} --new`;
  return (
    "It changes an entry that is there, which needs an admin, so nothing was published. In Slack and Teams that is " +
    `whoever is listed in deskhand.yaml under slack.admins or teams.admins. Make an entry of its own instead: ${own}`
  );
}

interface Published {
  readonly entry: Omit<ReleasedEntry, "writtenBy">;
  readonly changed: Candidate["changed"];
  /** When the entry was changed last that is to be changed; null for a new one. */
  readonly updatedAt: string | null;
}

function ownEntry(candidate: Candidate): Published {
  const { candidateId: entryId, question, answer } = candidate;
  const entry = { entryId, question, answer, variants: variantsOf(candidate), validUntil: null };
  return { entry: { ...entry, source: LEARNED_SOURCE }, changed: null, updatedAt: null };
}

/** The entry that is close, as it would be; an entry of its own where none is. */
async function entryFor(
  desk: ReviewDesk,
  reader: LibraryReader,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<Published> {
  if (candidate.article?.isEntry !== true) return ownEntry(candidate);
  const change = await articleChange(desk, reader, candidate, signal);
  const entry = change?.entry;
  if (change === null || entry === null || entry === undefined) return ownEntry(candidate);
  const { source, externalId, body: answer } = change;
  const known = new Set([entry.question, ...entry.variants].map((wording) => wording.toLowerCase()));
  const asked = [candidate.question, ...variantsOf(candidate)].filter((wording) => !known.has(wording.toLowerCase()));
  const variants = [...entry.variants, ...asked].slice(0, MOST_VARIANTS);
  const { entryId, question, validUntil, updatedAt } = entry;
  return {
    entry: {
      entryId,
      question,
      answer,
      variants,
      validUntil,
      source: source === ENTRIES_SOURCE ? source : LEARNED_SOURCE,
    },
    changed: { source, externalId },
    updatedAt,
  };
}

/** @throws {UsageError} */
async function mustBeUnchanged({ entries }: ReviewDesk, tenantId: TenantId, { entry, updatedAt }: Published) {
  if (updatedAt === null) return;
  const now = (await entries.list(tenantId, "published")).find(({ entryId }) => entryId === entry.entryId);
  if (now?.updatedAt === updatedAt) return;
  throw new UsageError("The entry that it changes was changed meanwhile, so nothing was published. Approve it again.");
}

/** @throws {UsageError} where somebody was faster */
async function decideUnchanged(
  { withCandidates }: ReviewDesk,
  tenantId: TenantId,
  { candidateId, updatedAt, cases }: Candidate,
  decision: CandidateDecision,
): Promise<void> {
  await withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const now = await candidates.lock(candidateId);
    if (now.updatedAt !== updatedAt || now.cases.length !== cases.length) {
      throw new UsageError(
        `It has changed meanwhile, so nothing was published. Look at it again: learn show ${codeOf(candidateId)}`,
      );
    }
    await candidates.decide(candidateId, decision);
  });
}

async function recordWorse(
  { audit }: ReviewDesk,
  { tenantId, actor }: Reviewer,
  { entryId, source }: KnowledgeEntry,
  report: RegressionReport & { kind: "checked" },
): Promise<void> {
  const detail = { entry: entryId, worse: report.worse.length, questions: report.questions };
  await audit.record(tenantId, { actor, action: "publish-worse", sourceName: source, detail, wasAllowed: true });
}

/**
 * Notes that the article that it is close to was changed where it comes from. It is not answered from by itself.
 * @throws {NotFoundError} @throws {UsageError} where there is no such article, or it is changed here by approving
 */
export function articleDone(desk: ReviewDesk, who: Reviewer, code: string): Promise<Candidate> {
  const { tenantId, actor } = who;
  return desk.withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const { candidateId, article } = await candidates.lock(code);
    if (article === null) throw new UsageError("It is close to no article. Answer from it: learn approve");
    if (article.isEntry)
      throw new UsageError(`It changes an entry, once it is approved: learn approve ${codeOf(candidateId)}`);
    const { source, externalId }: NearArticle = article;
    await candidates.decide(candidateId, { state: "approved", by: actor, why: null, changed: { source, externalId } });
    return candidates.lock(candidateId);
  });
}

/**
 * @param seen when it was changed last, as far as whoever decides has seen; undefined where that does not matter
 * @throws {UsageError} with what has become of it since
 */
function mustBeAsSeen(candidate: Candidate, seen: string | undefined): void {
  const { candidateId, state, decidedBy, editedBy, updatedAt } = candidate;
  if (seen === undefined || (updatedAt === seen && state === "waiting")) return;
  const show = `Nothing was changed. See it: learn show ${codeOf(candidateId)}`;
  if (state !== "waiting") throw new UsageError(`It was ${state} by ${decidedBy ?? "somebody"} already. ${show}`);
  throw new UsageError(`${editedBy ?? "Somebody"} has changed it since this was shown. ${show}`);
}

function mustBePublishable({ candidateId, question, answer }: Candidate): void {
  for (const [option, text] of [
    ["question", question],
    ["answer", answer],
  ] as const) {
    const [secret] = findSecrets(text);
    if (secret !== undefined) throw new UsageError(`The ${option} holds ${secret}. Nothing was published.`);
    const [left] = PLACEHOLDER.exec(text) ?? [];
    if (left === undefined) continue;
    throw new UsageError(
      `The ${option} says ${left}, where something personal was. Write what everybody may read: learn edit ${codeOf(candidateId)} --${option} "…"`,
    );
  }
}

/** Every other wording that it was asked in, and that holds nothing personal. */
export function variantsOf({ question, cases }: Candidate): readonly string[] {
  const seen = new Set([question.toLowerCase()]);
  const variants = cases.flatMap(({ question: asked }) => {
    if (seen.has(asked.toLowerCase()) || PLACEHOLDER.test(asked)) return [];
    seen.add(asked.toLowerCase());
    return [asked];
  });
  return variants.slice(0, MOST_VARIANTS);
}

/** @throws {NotFoundError} @throws {UsageError} for one that is answered from: that is archived */
export function reject(
  { withCandidates }: ReviewDesk,
  { tenantId, actor }: Reviewer,
  { code, why, seen }: { readonly code: string; readonly why: string | null; readonly seen?: string | undefined },
): Promise<Candidate> {
  return withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const candidate = await candidates.lock(code);
    mustBeAsSeen(candidate, seen);
    if (candidate.publishedAt !== null && candidate.isAnsweredFrom) {
      throw new UsageError(publishedWords(candidate, candidate.publishedAt.slice(0, 10)));
    }
    await candidates.decide(candidate.candidateId, { state: "rejected", by: actor, why, changed: null });
    return candidates.lock(candidate.candidateId);
  });
}

function publishedWords({ candidateId, changed }: Candidate, day: string): string {
  if (changed === null) return `It is answered from since ${day}. Take it back: kb archive ${codeOf(candidateId)}`;
  const { source, externalId } = changed;
  return `An article was changed with it on ${day}. See how: kb history ${source} ${externalId}`;
}

export function edit(
  { withCandidates }: ReviewDesk,
  { tenantId, actor }: Reviewer,
  {
    code,
    question,
    answer,
    seen,
  }: {
    readonly code: string;
    readonly question: string | null;
    readonly answer: string | null;
    readonly seen?: string | undefined;
  },
): Promise<Candidate> {
  return withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const candidate = await candidates.lock(code);
    mustBeAsSeen(candidate, seen);
    const { candidateId } = candidate;
    await candidates.edit(
      candidateId,
      { ...(question === null ? {} : { question }), ...(answer === null ? {} : { answer }) },
      actor,
    );
    return candidates.lock(candidateId);
  });
}

/** Both count as looked at from then on: they are not joined again. Resolves with what was taken out. */
export function split(
  { withCandidates, newId }: ReviewDesk,
  { tenantId, actor }: Reviewer,
  { code, number }: { readonly code: string; readonly number: number },
): Promise<{ readonly from: Candidate; readonly out: Candidate }> {
  return withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const from = await candidates.lock(code);
    const taken = from.cases[number - 1];
    if (taken === undefined)
      throw new NotFoundError(`It has no handoff ${number}. See them: learn show ${codeOf(from.candidateId)}`);
    if (from.cases.length === 1) throw new UsageError("It has one handoff only: there is nothing to part.");
    const candidateId = newId();
    const { handoffId, question, answer } = taken;
    await candidates.make({ candidateId, question, answer, language: from.language });
    await candidates.edit(candidateId, {}, actor);
    await candidates.move([handoffId], candidateId);
    const rest = from.cases.find((one) => one !== taken);
    const wordsGo = from.editedBy === null && from.question === question && from.answer === answer;
    const words = wordsGo && rest !== undefined ? { question: rest.question, answer: rest.answer } : {};
    await candidates.edit(from.candidateId, words, actor);
    return { from: await candidates.lock(from.candidateId), out: await candidates.lock(candidateId) };
  });
}
