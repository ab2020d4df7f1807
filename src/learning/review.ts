import type { Candidate } from "../ports/candidates.js";
import { NotFoundError, UsageError } from "../ports/errors.js";
import type { NewId, TenantId } from "../ports/ids.js";
import type { KnowledgeAudit } from "../ports/knowledge-audit.js";
import { LEARNED_SOURCE, type KnowledgeEntries, type KnowledgeEntry } from "../ports/knowledge-entries.js";
import type { CandidateStore } from "../ports/candidates.js";
import { codeOf } from "../ports/confirmations.js";
import { findSecrets } from "../text/find-secrets.js";
import { PLACEHOLDER } from "./personal-data.js";
import type { RegressionGate, RegressionReport } from "./regression-gate.js";

export interface ReviewDesk {
  withCandidates<T>(tenantId: TenantId, work: (candidates: CandidateStore) => Promise<T>): Promise<T>;
  readonly entries: Pick<KnowledgeEntries, "release">;
  readonly audit: Pick<KnowledgeAudit, "record">;
  readonly gate: RegressionGate;
  readonly newId: NewId;
}

export interface Reviewer {
  readonly tenantId: TenantId;
  readonly actor: string;
}

export type Approval =
  | {
      readonly kind: "published";
      readonly entry: KnowledgeEntry;
      readonly report: RegressionReport;
      readonly isForced: boolean;
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
 * Publishes a candidate with every wording that it was asked in. The labelled questions that the settings name are asked
 * first, with the entry and without it.
 * @throws {NotFoundError} @throws {UsageError} where its words are not fit for others, or somebody has changed it meanwhile
 */
export async function approve(
  { withCandidates, entries, gate, audit }: ReviewDesk,
  { tenantId, actor }: Reviewer,
  { code, isForced }: { readonly code: string; readonly isForced: boolean },
  signal: AbortSignal,
): Promise<Approval> {
  const candidate = await withCandidates(tenantId, (candidates) => candidates.lock(code));
  mustBePublishable(candidate);
  const { candidateId: entryId, question, answer, editedBy, updatedAt } = candidate;
  const entry = { entryId, question, answer, variants: variantsOf(candidate), validUntil: null };
  const report = await gate.check(tenantId, entry, signal);
  const isWorse = report.kind === "checked" && report.worse.length > 0;
  if (isWorse && !isForced) return { kind: "refused", candidate, report };
  // Before anything is published: whatever somebody has decided or changed meanwhile holds.
  await withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const now = await candidates.lock(entryId);
    if (now.updatedAt !== updatedAt || now.cases.length !== candidate.cases.length) {
      throw new UsageError(
        `It has changed meanwhile, so nothing was published. Look at it again: learn show ${codeOf(entryId)}`,
      );
    }
    await candidates.decide(entryId, "approved", actor, null);
  });
  const writtenBy = editedBy ?? LEARNED_BY;
  const released = await entries
    .release(tenantId, { ...entry, source: LEARNED_SOURCE, writtenBy }, actor)
    .catch(async (error: unknown) => {
      await withCandidates(tenantId, (candidates) => candidates.undecide(candidate));
      throw error;
    });
  if (isWorse) {
    const detail = { entry: entryId, worse: report.worse.length, questions: report.questions };
    await audit.record(tenantId, {
      actor,
      action: "publish-worse",
      sourceName: LEARNED_SOURCE,
      detail,
      wasAllowed: true,
    });
  }
  return { kind: "published", entry: released, report, isForced: isWorse };
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
  { code, why }: { readonly code: string; readonly why: string | null },
): Promise<Candidate> {
  return withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const candidate = await candidates.lock(code);
    if (candidate.publishedAt !== null) {
      throw new UsageError(
        `It is answered from since ${candidate.publishedAt.slice(0, 10)}. Take it back: kb archive ${codeOf(candidate.candidateId)}`,
      );
    }
    await candidates.decide(candidate.candidateId, "rejected", actor, why);
    return candidates.lock(candidate.candidateId);
  });
}

export function edit(
  { withCandidates }: ReviewDesk,
  { tenantId, actor }: Reviewer,
  {
    code,
    question,
    answer,
  }: { readonly code: string; readonly question: string | null; readonly answer: string | null },
): Promise<Candidate> {
  return withCandidates(tenantId, async (candidates) => {
    await candidates.lockAll();
    const { candidateId } = await candidates.lock(code);
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
