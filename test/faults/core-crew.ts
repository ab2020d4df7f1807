import { setTimeout as pause } from "node:timers/promises";
import type { InboundEvent } from "../../src/ports/chat.js";
import type { CoreProcess } from "./child-process.js";
import type { ChildSettings } from "./child-settings.js";
import type { CoreProcesses } from "./core-processes.js";
import { eventually } from "./outcomes.js";

const AGAIN_MS = 50;

/** Two cores on one database. Whoever delivers does not know which one gets it; one that is killed is replaced. */
export class CoreCrew {
  readonly #cores: CoreProcesses;
  readonly #settings: ChildSettings;
  readonly #below: (limit: number) => number;
  readonly #crew: [CoreProcess, CoreProcess];
  kills = 0;

  private constructor(
    cores: CoreProcesses,
    settings: ChildSettings,
    below: (limit: number) => number,
    crew: [CoreProcess, CoreProcess],
  ) {
    this.#cores = cores;
    this.#settings = settings;
    this.#below = below;
    this.#crew = crew;
  }

  static async start(
    cores: CoreProcesses,
    settings: ChildSettings,
    below: (limit: number) => number,
  ): Promise<CoreCrew> {
    return new CoreCrew(cores, settings, below, [await cores.start(settings), await cores.start(settings)]);
  }

  get installationId(): string {
    return this.#crew[0].installationId;
  }

  /** Resolves when one of them has acknowledged it. */
  async deliver(event: InboundEvent): Promise<void> {
    while (!(await this.#any().deliver(event))) await pause(AGAIN_MS);
  }

  /**
   * Kills one or the other again and again until the signal: the next time after as much more work was done as the draw
   * says, however fast the machine is.
   * @param done how much work was done until now
   */
  async killUntil(signal: AbortSignal, done: () => number, [least, most]: readonly [number, number]): Promise<void> {
    const passed = async (count: number): Promise<boolean> => {
      while (!signal.aborted && done() < count) await pause(AGAIN_MS);
      return !signal.aborted;
    };
    while (await passed(done() + least + this.#below(most - least))) {
      const which = this.#below(2) === 0 ? 0 : 1;
      this.#crew[which].send("SIGKILL");
      await this.#crew[which].ended();
      this.kills += 1;
      this.#crew[which] = await this.#cores.start(this.#settings);
    }
  }

  async untilQuiet(limitMs: number): Promise<void> {
    await eventually(() => this.#any().isQuiet(), Boolean, limitMs);
  }

  #any(): CoreProcess {
    return this.#crew[this.#below(2) === 0 ? 0 : 1];
  }
}
