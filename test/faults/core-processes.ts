import { CoreProcess } from "./child-process.js";
import type { ChildSettings } from "./child-settings.js";

/**
 * The cores of one test. Those that it leaves behind, also by running out of time, are killed after it; from then on it
 * gets no more, so that a test that has been given up cannot go on with another.
 */
export class CoreProcesses {
  readonly #all: CoreProcess[] = [];
  #isOver = false;

  /** Resolves when the core listens. It is known before that, so that one that never listens is killed as well. */
  async start(settings: ChildSettings): Promise<CoreProcess> {
    if (this.#isOver) throw new Error("this test is over");
    const core = new CoreProcess(settings);
    this.#all.push(core);
    await core.ready();
    return core;
  }

  /** Resolves when none of them is left. */
  async killAll(): Promise<void> {
    this.#isOver = true;
    for (const core of this.#all) core.send("SIGKILL");
    await Promise.allSettled(this.#all.map((core) => core.ended()));
  }
}
