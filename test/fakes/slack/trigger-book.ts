import { randomBytes } from "node:crypto";
import type { FakeClock } from "./clock.js";
import { SlackRefusal } from "./refusal.js";

/** A trigger opens one modal, within three seconds of what the person did. */
const TRIGGER_LIFE_MS = 3_000;

interface Trigger {
  readonly userId: string;
  readonly createdAt: number;
  isUsed: boolean;
}

/** The right to open a modal in front of a person, for a moment. */
export class TriggerBook {
  readonly #clock: FakeClock;
  readonly #triggers = new Map<string, Trigger>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  create(userId: string): string {
    const id = `${this.#triggers.size + 1}.${this.#clock.now()}.${randomBytes(8).toString("hex")}`;
    this.#triggers.set(id, { userId, createdAt: this.#clock.now(), isUsed: false });
    return id;
  }

  /**
   * Whose modal may be opened. A trigger serves once.
   * @throws {SlackRefusal}
   */
  use(id: string): string {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) {
      throw new SlackRefusal("invalid_trigger_id");
    }
    if (trigger.isUsed) {
      throw new SlackRefusal("exchanged_trigger_id");
    }
    if (this.#clock.now() - trigger.createdAt > TRIGGER_LIFE_MS) {
      throw new SlackRefusal("expired_trigger_id");
    }
    trigger.isUsed = true;
    return trigger.userId;
  }
}
