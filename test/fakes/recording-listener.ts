import type { AnswerListener, AnswerStageName } from "../../src/answering/contract.js";

/** Notes everything it is told. Shows what it is given, unless told otherwise. */
export class RecordingListener implements AnswerListener {
  readonly stages: AnswerStageName[] = [];
  readonly sentences: string[] = [];
  begun = 0;
  readonly #canBegin: boolean;
  readonly #stopAfter: number;

  constructor(options: { canBegin?: boolean; stopAfter?: number } = {}) {
    this.#canBegin = options.canBegin ?? true;
    this.#stopAfter = options.stopAfter ?? Number.POSITIVE_INFINITY;
  }

  stage(name: AnswerStageName): Promise<void> {
    this.stages.push(name);
    return Promise.resolve();
  }

  begin(): Promise<boolean> {
    this.begun += 1;
    return Promise.resolve(this.#canBegin);
  }

  sentence(markdown: string): Promise<boolean> {
    this.sentences.push(markdown);
    return Promise.resolve(this.sentences.length < this.#stopAfter);
  }
}
