import type { ConversationTurn, QuestionRewriter, RewrittenQuestion } from "../../src/ports/models.js";

/** What one call makes of the question: this text, null (it stands alone), a failure, or nothing for ever. */
export type Rewriting = string | null | Error | typeof STALLS;

export const STALLS = Symbol("stalls");

/** Plays back rewritings in order and fails loudly on a call it has none for. */
export class ScriptedRewriter implements QuestionRewriter {
  readonly id = "scripted-rewriter";
  readonly promptVersion = "rewriting-1";
  readonly asked: { readonly question: string; readonly history: readonly ConversationTurn[] }[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #rewritings: Rewriting[];

  constructor(...rewritings: Rewriting[]) {
    this.#rewritings = rewritings;
  }

  async rewrite(
    question: string,
    history: readonly ConversationTurn[],
    signal: AbortSignal,
  ): Promise<RewrittenQuestion> {
    this.asked.push({ question, history });
    this.signals.push(signal);
    const rewriting = this.#rewritings.shift();
    if (rewriting === undefined) throw new Error(`Unscripted call number ${this.asked.length}`);
    if (rewriting === STALLS) return new Promise(() => undefined);
    if (rewriting instanceof Error) throw rewriting;
    return { question: rewriting, usage: { calls: 1, inputTokens: 20, outputTokens: 10, cost: 0.002 } };
  }
}
