import type { Citation, Reply } from "../ports/reply.js";
import { createDraftSplitter, type DraftPiece } from "./draft-splitter.js";
import { parseReply } from "./parse-reply.js";
import { replyMarkdown } from "./reply-markdown.js";
import { createGrounding, type GroundedPiece, type GroundingSummary } from "./stages/ground.js";
import type { PackedPassage } from "./stages/pack.js";
import { speakInVoice } from "./stages/voice.js";

/** An answer in the making: what arrives from the model is cut, checked, put in the house's voice, and shown. */
export interface Draft {
  /** Resolves false when nobody wants to see more. */
  push(text: string): Promise<boolean>;
  end(): Promise<boolean>;
  /** Whether anything has been shown yet: from then on a second try would contradict the first. */
  hasShown(): boolean;
  /** To be called when nothing more will be pushed. */
  result(): DraftResult;
  /** What is left of it when these of its pieces are refused too. Only for a draft that nobody was shown. */
  without(pieces: ReadonlySet<number>): Draft;
}

export interface DraftResult {
  readonly markdown: string;
  readonly blocks: Reply["blocks"];
  readonly citations: readonly Citation[];
  readonly grounding: GroundingSummary;
  /** Milliseconds spent on checking, of the time the generation took. */
  readonly groundMs: number;
}

/** Shows one checked piece, in the Markdown that `parseReply` reads back. */
export type ShowPiece = (markdown: string) => Promise<"shown" | "not-shown" | "stop">;

export function createDraft(passages: readonly PackedPassage[], show: ShowPiece, now: () => number): Draft {
  const splitter = createDraftSplitter();
  const grounding = createGrounding(passages);
  let markdown = "";
  let groundMs = 0;
  let hasShown = false;
  let finished: DraftResult | null = null;
  const taken: DraftPiece[] = [];

  async function say(piece: GroundedPiece): Promise<boolean> {
    const spoken = spokenOf(piece);
    markdown += spoken;
    const shown = await show(spoken);
    hasShown ||= shown === "shown";
    return shown !== "stop";
  }

  async function take(pieces: readonly DraftPiece[]): Promise<boolean> {
    for (const piece of pieces) {
      taken.push(piece);
      const start = now();
      const grounded = grounding.check(piece);
      groundMs += now() - start;
      for (const checked of grounded) if (!(await say(checked))) return false;
    }
    return true;
  }

  function without(pieces: ReadonlySet<number>): Draft {
    const stricter = createGrounding(passages, pieces);
    const left = taken.flatMap((piece) => stricter.check(piece)).map(spokenOf);
    const rest = readResult(left.join(""), stricter.summary(), groundMs);
    return { ...draft, result: () => rest };
  }

  const draft: Draft = {
    push: (text) => take(splitter.push(text)),
    end: () => take(splitter.end()),
    hasShown: () => hasShown,
    result: () => (finished ??= readResult(markdown, grounding.summary(), groundMs)),
    without,
  };
  return draft;
}

function spokenOf(piece: GroundedPiece): string {
  return piece.separator + replyMarkdown(speakInVoice(piece.blocks));
}

function readResult(markdown: string, grounding: GroundingSummary, groundMs: number): DraftResult {
  const { citations } = grounding;
  const blocks = parseReply(markdown, new Set(citations.map((citation) => citation.number)));
  return { markdown, blocks, citations, grounding, groundMs };
}
