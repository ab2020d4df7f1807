import type { AnswerModel, GenerationEvent, GenerationRequest, ModelError } from "../../src/ports/models.js";

/** What one call to the model does. */
export type Script =
  | { readonly kind: "says"; readonly text: string; readonly finish?: "complete" | "length" | "filtered" }
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
        usage: { inputTokens: 10, outputTokens: 5, cost: 0.001 },
      };
    }
  }
}

export function says(text: string): Script {
  return { kind: "says", text };
}

function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [];
}
