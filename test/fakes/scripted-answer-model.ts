import type {
  AnswerModel,
  DraftDecision,
  GenerationEvent,
  GenerationRequest,
  ModelError,
} from "../../src/ports/models.js";

/** What one call to the model does. */
export type Script =
  | {
      readonly kind: "says";
      readonly text: string;
      readonly finish?: "complete" | "length" | "filtered";
      readonly decision?: DraftDecision;
      readonly citations?: readonly string[];
    }
  /** Streams the text and ends the iteration without an `end` event. */
  | { readonly kind: "is-cut"; readonly text: string }
  /** Streams the text and then nothing, whatever the signal says. */
  | { readonly kind: "stalls"; readonly text: string }
  | { readonly kind: "fails"; readonly text: string; readonly error: ModelError };

/** Plays back scripts in order, a few characters at a time, and fails loudly on a call it has no script for. */
export class ScriptedAnswerModel implements AnswerModel {
  readonly id = "scripted";
  readonly promptVersion = "scripted-1";
  readonly requests: GenerationRequest[] = [];
  readonly #scripts: Script[];

  constructor(...scripts: Script[]) {
    this.#scripts = scripts;
  }

  async *generate(request: GenerationRequest): AsyncGenerator<GenerationEvent> {
    this.requests.push(request);
    const script = this.#scripts.shift();
    if (script === undefined) throw new Error(`Unscripted call number ${this.requests.length}`);
    if (script.kind === "says" && script.decision !== undefined) yield { kind: "decision", decision: script.decision };
    for (const text of piecesOf(script.text)) {
      await Promise.resolve();
      yield { kind: "text", text };
    }
    if (script.kind === "stalls") await new Promise(() => undefined);
    if (script.kind === "fails") throw script.error;
    if (script.kind === "says") {
      yield {
        kind: "end",
        finish: script.finish ?? "complete",
        citations: script.citations ?? null,
        usage: { calls: 1, inputTokens: 10, outputTokens: 5, cost: 0.001 },
      };
    }
  }
}

export function says(text: string, options: Partial<Extract<Script, { kind: "says" }>> = {}): Script {
  return { kind: "says", text, ...options };
}

function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [];
}
