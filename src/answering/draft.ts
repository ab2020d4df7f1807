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

  async function say(piece: GroundedPiece): Promise<boolean> {
    const spoken = piece.separator + replyMarkdown(speakInVoice(piece.blocks));
    markdown += spoken;
    const shown = await show(spoken);
    hasShown ||= shown === "shown";
    return shown !== "stop";
  }

  async function take(pieces: readonly DraftPiece[]): Promise<boolean> {
    for (const piece of pieces) {
      const start = now();
      const grounded = grounding.check(piece);
      groundMs += now() - start;
      for (const checked of grounded) if (!(await say(checked))) return false;
    }
    return true;
  }

  function read(): DraftResult {
    const summary = grounding.summary();
    const offered = new Set(summary.citations.map((citation) => citation.number));
    const blocks = parseReply(markdown, offered);
    return { markdown, blocks, citations: summary.citations, grounding: summary, groundMs };
  }

  return {
    push: (text) => take(splitter.push(text)),
    end: () => take(splitter.end()),
    hasShown: () => hasShown,
    result: () => (finished ??= read()),
  };
}
