import { DeskhandError, errorCode } from "../ports/errors.js";
import type { LearnedCase, SettledHandoff } from "../ports/candidates.js";
import type { NewId } from "../ports/ids.js";
import type { Logger } from "../ports/logger.js";
import type { CoordinationStore, CoreStores, WithStores } from "../ports/stores.js";
import { repeat } from "../routing/repeat.js";
import type { TextVectors } from "../text/word-vectors.js";
import { foundPassage } from "./found-passage.js";
import { learnFrom, type Lesson } from "./learn-from.js";
import { regroup } from "./regroup.js";

export interface LearningDependencies {
  readonly coordination: Pick<CoordinationStore, "unlearnedHandoffs">;
  readonly withStores: WithStores;
  readonly logger: Logger;
  readonly newId: NewId;
  readonly textVectors: TextVectors;
  /** Between the end of one look and the start of the next. */
  readonly intervalMs: number;
}

/** How many handoffs one look takes; the next goes on with the rest. Comparing takes time that customers wait for. */
const HANDOFFS_PER_LOOK = 5;
/** What a new case is compared with: older ones stay as they are grouped. */
const COMPARED_CASES = 400;
const COMPARED_WORDS = 300;

/**
 * Learns from handoffs once they are settled, beside everything else: nobody waits for it. What was settled stays marked as
 * not learned from until that is done, so that a crash loses nothing and doubles nothing. Never rejects.
 */
export function runLearning(deps: LearningDependencies, signal: AbortSignal): Promise<void> {
  return repeat("learning", () => lookOnce(deps, signal), deps, signal);
}

async function lookOnce(deps: LearningDependencies, signal: AbortSignal): Promise<void> {
  for (const { tenantId, handoffId } of await deps.coordination.unlearnedHandoffs(HANDOFFS_PER_LOOK)) {
    if (signal.aborted) return;
    try {
      await deps.withStores(tenantId, (stores) => learn(deps, stores, handoffId));
    } catch (error) {
      deps.logger.error("nothing learned from a handoff", { handoffId, code: errorCode(error) });
      if (error instanceof DeskhandError && error.isRetryable) continue;
      // Whatever it is that cannot be read, it would keep the others from their turn.
      await deps.withStores(tenantId, ({ candidates }) => candidates.markLearned(handoffId, "fault"));
    }
  }
}

async function learn(deps: LearningDependencies, stores: CoreStores, handoffId: string): Promise<void> {
  const { candidates } = stores;
  await candidates.lockAll();
  const settled = await candidates.take(handoffId);
  if (settled === null) return;
  const lesson = learnFrom(settled);
  if (lesson.kind === "candidate") await addCase(deps, stores, settled, lesson);
  await candidates.markLearned(handoffId, lesson.kind === "candidate" ? "candidate" : lesson.reason);
}

async function addCase(
  { newId, textVectors }: LearningDependencies,
  { candidates }: CoreStores,
  { handoff: { handoffId }, stages }: SettledHandoff,
  lesson: Extract<Lesson, { kind: "candidate" }>,
): Promise<void> {
  const known = await candidates.cases(COMPARED_CASES);
  const background = await candidates.customersWords(COMPARED_WORDS);
  const { question, answer, language } = lesson;
  const candidateId = newId();
  await candidates.make({ candidateId, question, answer, language });
  await candidates.addCase(handoffId, candidateId, { question, answer }, foundPassage(stages));
  const cases = [...known, { handoffId, candidateId, question, answer, isUntouched: true }];
  const groups = (await regroup(cases, background, textVectors)).map((group) =>
    group.flatMap((place) => cases[place] ?? []),
  );
  const taken = new Set<string>();
  for (const members of groups.sort((one, other) => other.length - one.length)) {
    const into = candidateOf(members, taken) ?? newId();
    const [first] = members;
    if (!cases.some((one) => one.candidateId === into) && first !== undefined) {
      await candidates.make({ candidateId: into, question: first.question, answer: first.answer, language });
    }
    taken.add(into);
    const moved = members.filter((one) => one.candidateId !== into);
    if (moved.length > 0)
      await candidates.move(
        moved.map((one) => one.handoffId),
        into,
      );
  }
}

/** What a person has had a hand in stays; else the candidate that most of them belong to already, unless another group has it. */
function candidateOf(members: readonly LearnedCase[], taken: ReadonlySet<string>): string | null {
  const touched = members.find(({ isUntouched }) => !isUntouched);
  if (touched !== undefined) return touched.candidateId;
  const counts = new Map<string, number>();
  for (const { candidateId } of members) counts.set(candidateId, (counts.get(candidateId) ?? 0) + 1);
  const [most] = [...counts].filter(([id]) => !taken.has(id)).sort(([, one], [, other]) => other - one);
  return most?.[0] ?? null;
}
