import type { JudgedClaim } from "../../ports/models.js";
import type { Block, Citation, Inline } from "../../ports/reply.js";
import { appendCitation, citedNumbers, createCitationBook, rewriteInlines, type CitationBook } from "../citations.js";
import type { DraftPiece } from "../draft-splitter.js";
import { combineEvidence, evidenceOf, normalise, type Evidence } from "../grounding/evidence.js";
import { followsOn, stepOf, type StepPlace } from "../grounding/closely.js";
import { statementsOf, type Statement } from "../grounding/statements.js";
import { verdictOn, type UnsupportedBecause, type Verdict } from "../grounding/support.js";
import { parseReply } from "../parse-reply.js";
import { replyMarkdown } from "../reply-markdown.js";
import type { PackedPassage } from "./pack.js";

/** Checks the pieces of a draft one after another, in order. */
export interface Grounding {
  /** What may be said now: nothing, the piece, or the piece with an introduction that was waiting for it. */
  check(piece: DraftPiece): readonly GroundedPiece[];
  summary(): GroundingSummary;
}

export interface GroundedPiece {
  readonly separator: DraftPiece["separator"];
  readonly kind: DraftPiece["kind"];
  readonly blocks: readonly Block[];
  readonly citations: readonly number[];
}

export interface GroundingSummary {
  readonly kept: number;
  readonly dropped: readonly { readonly because: DropReason; readonly text: string }[];
  /** Whether what is left is an answer: something is proved, no step of a procedure is missing, most of it remains. */
  readonly canStand: boolean;
  readonly citations: readonly Citation[];
  /** What was kept and claims something. */
  readonly claims: readonly GroundedClaim[];
}

export interface GroundedClaim extends JudgedClaim {
  /** Which of the pieces that were checked it is, from 0. */
  readonly piece: number;
}

/** `judged`: it passed here, and a judge refused it. */
export type DropReason = UnsupportedBecause | "lost-its-context" | "introduces-nothing" | "judged";

/** Openings that mean nothing without the sentence before. */
const LEANS_BACK =
  /^(?:this|that|these|those|it|they|he|she|however|then|but|also|therefore|otherwise|instead|so|in this case|in that case|afterwards|dies|diese|dann|aber|sonst|cela|alors|mais|esto|entonces|pero)\b/iu;

/** @param refused pieces that are dropped whatever is found, by their place. */
export function createGrounding(
  passages: readonly PackedPassage[],
  refused: ReadonlySet<number> = new Set(),
): Grounding {
  const evidence = passages.map(evidenceOf);
  const offered = new Set(passages.map((passage) => passage.number));
  const book = createCitationBook(passages);
  const progress = createProgress();
  const claims: GroundedClaim[] = [];
  let checked = 0;
  return {
    check(piece) {
      const place = checked;
      checked += 1;
      const blocks = parseReply(balanced(piece.markdown), offered);
      if (blocks.length === 0) return [];
      const finding = judge(statementsOf(blocks), citedNumbers(blocks), evidence);
      if (finding.kind === "no-claim") return progress.hold(piece, rewriteInlines(blocks, dropCitation));
      if (finding.kind === "unsupported") return progress.drop(piece, finding.because, blocks);
      const step = stepIn(blocks, finding.numbers[0], evidence);
      if (progress.isOutOfOrder(step)) return progress.drop(piece, "order", blocks);
      if (progress.hasLostContext() && LEANS_BACK.test(firstText(blocks)))
        return progress.drop(piece, "lost-its-context", blocks);
      if (refused.has(place)) return progress.drop(piece, "judged", blocks);
      claims.push({ piece: place, text: textOf(blocks), passages: finding.numbers });
      return progress.keep(
        piece,
        withCitations(blocks, finding.numbers, book),
        finding.numbers.map((number) => book.numberFor(number)),
        step,
      );
    },
    summary: () => ({ ...progress.summary(), citations: book.citations(), claims }),
  };
}

/** A piece as a step. Few pieces are one, so its place is looked up only when another may come after it. */
interface Step {
  /** Whether it is told as coming after what stands before it. */
  readonly followsOn: boolean;
  place(): StepPlace | null;
}

function stepIn(blocks: readonly Block[], number: number | undefined, evidence: readonly Evidence[]): Step {
  const text = firstText(blocks);
  return {
    followsOn: blocks.some((block) => block.kind === "list" && block.ordered) || followsOn(text),
    place() {
      const proof = evidence.find((passage) => passage.number === number);
      return proof === undefined || text === "" ? null : stepOf(text, proof.details());
    },
  };
}

type Finding =
  | { readonly kind: "supported"; readonly numbers: readonly number[] }
  | { readonly kind: "no-claim" }
  | { readonly kind: "unsupported"; readonly because: UnsupportedBecause };

/** A wrong citation is not a wrong sentence: where another passage proves it, that one is cited. */
function judge(statements: readonly Statement[], cited: readonly number[], evidence: readonly Evidence[]): Finding {
  const named = evidence.filter((passage) => cited.includes(passage.number));
  const verdicts = new Map(named.map((passage) => [passage.number, verdictOnAll(statements, passage)]));
  const proving = cited.filter((number) => verdicts.get(number) === "supported");
  if (proving.length > 0) return { kind: "supported", numbers: proving };
  const others = evidence.filter((passage) => !named.includes(passage));
  for (const passage of others) {
    const verdict = verdictOnAll(statements, passage);
    if (verdict === "supported") return { kind: "supported", numbers: [passage.number] };
    verdicts.set(passage.number, verdict);
  }
  if ([...verdicts.values()].every((verdict) => verdict === "no-claim")) return { kind: "no-claim" };
  if (named.length > 1 && verdictOnAll(statements, combineEvidence(named)) === "supported") {
    return { kind: "supported", numbers: cited };
  }
  return { kind: "unsupported", because: firstReason([...verdicts.values()]) };
}

function verdictOnAll(statements: readonly Statement[], evidence: Evidence): Verdict {
  const verdicts = statements.map((statement) => verdictOnOne(statement, evidence));
  const failed = verdicts.find((verdict) => verdict !== "supported" && verdict !== "no-claim");
  if (failed !== undefined) return failed;
  return verdicts.includes("supported") ? "supported" : "no-claim";
}

/** Code is copied by people letter for letter, so it is not said in other words. */
function verdictOnOne({ kind, text }: Statement, evidence: Evidence): Verdict {
  if (kind !== "code") return verdictOn(text, evidence);
  return evidence.normalised().includes(normalise(text)) ? "supported" : "unknown-token";
}

function firstReason(verdicts: readonly Verdict[]): UnsupportedBecause {
  return verdicts.find((verdict) => verdict !== "supported" && verdict !== "no-claim") ?? "too-few-words";
}

interface Progress {
  keep(piece: DraftPiece, blocks: readonly Block[], citations: readonly number[], step: Step): readonly GroundedPiece[];
  /** Whether a step is told after one that comes later in the procedure. */
  isOutOfOrder(step: Step): boolean;
  hold(piece: DraftPiece, blocks: readonly Block[]): readonly GroundedPiece[];
  drop(piece: DraftPiece, because: DropReason, blocks: readonly Block[]): readonly GroundedPiece[];
  hasLostContext(): boolean;
  summary(): Omit<GroundingSummary, "citations" | "claims">;
}

function createProgress(): Progress {
  const dropped: { because: DropReason; text: string }[] = [];
  let held: GroundedPiece[] = [];
  let last: DraftPiece["kind"] | null = null;
  let hasGap = false;
  let kept = 0;
  let isStepMissing = false;
  let lostContext = false;
  let lastStep: Step | null = null;
  const place = (piece: DraftPiece, blocks: readonly Block[], citations: readonly number[]): GroundedPiece => {
    const separator = separatorAfter(last, piece, hasGap);
    last = piece.kind;
    hasGap = false;
    return { separator, kind: piece.kind, blocks, citations };
  };
  return {
    isOutOfOrder(next) {
      if (!next.followsOn || lastStep === null) return false;
      const from = lastStep.place();
      const to = from === null ? null : next.place();
      return from !== null && to?.procedure === from.procedure && to.step < from.step;
    },
    keep(piece, blocks, citations, step) {
      kept += 1;
      lastStep = step;
      lostContext = false;
      const pieces = [...held, place(piece, blocks, citations)];
      held = [];
      return pieces;
    },
    hold(piece, blocks) {
      held.push(place(piece, blocks, []));
      return [];
    },
    drop(piece, because, blocks) {
      dropped.push({ because, text: piece.markdown });
      isStepMissing ||= blocks.some((block) => block.kind === "list" && block.ordered);
      lostContext = true;
      hasGap ||= piece.separator === "\n\n";
      return [];
    },
    hasLostContext: () => lostContext,
    summary() {
      const idle = held.map((piece) => ({ because: "introduces-nothing" as const, text: replyMarkdown(piece.blocks) }));
      return { kept, dropped: [...dropped, ...idle], canStand: kept > 0 && !isStepMissing && dropped.length <= kept };
    },
  };
}

/** Keeps sentences of one paragraph together, and blocks apart from what stands around them. */
function separatorAfter(last: DraftPiece["kind"] | null, piece: DraftPiece, hasGap: boolean): DraftPiece["separator"] {
  if (last === null) return "";
  if (last === "item" && piece.kind === "item") return "\n";
  if (last !== "sentence" || piece.kind !== "sentence" || hasGap) return "\n\n";
  return piece.separator === "\n\n" ? "\n\n" : " ";
}

/** Emphasis that runs over a sentence's end would leave its marks on both sides. */
function balanced(markdown: string): string {
  const marks = markdown.split("**").length - 1;
  return marks % 2 === 0 ? markdown : markdown.replaceAll("**", "");
}

function dropCitation(inline: Inline): readonly Inline[] {
  return inline.kind === "citation" ? [] : [inline];
}

/** Keeps the marks of proving passages where the model put them, renumbered; adds what it left out at the end. */
function withCitations(blocks: readonly Block[], numbers: readonly number[], book: CitationBook): readonly Block[] {
  const placed = new Set<number>();
  const marked = rewriteInlines(blocks, (inline) => {
    if (inline.kind !== "citation") return [inline];
    if (!numbers.includes(inline.number) || placed.has(inline.number)) return [];
    placed.add(inline.number);
    return [{ kind: "citation", number: book.numberFor(inline.number) }];
  });
  const missing = numbers.filter((number) => !placed.has(number)).map((number) => book.numberFor(number));
  return missing.reduce(appendCitation, marked);
}

function textOf(blocks: readonly Block[]): string {
  return statementsOf(blocks)
    .map(({ text }) => text)
    .join("\n");
}

function firstText(blocks: readonly Block[]): string {
  return statementsOf(blocks)[0]?.text ?? "";
}
