import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InboundEvent } from "../../src/ports/chat.js";
import { FAILPOINTS } from "../../src/ports/failpoints.js";
import { expectedText } from "../fakes/scripted-answering.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { cora, messageFrom } from "../support/events.js";
import type { CrashDatabase } from "./crash-database.js";
import { CoreProcess } from "./child-process.js";
import type { ChildSettings } from "./child-settings.js";
import { eventually, readDeliveryStates, readOutcomes } from "./outcomes.js";

const QUESTION = "How do I reset it?";
const UNKNOWN = "Unknown to everybody?";

/** Kills a core at every failpoint and looks at what customers saw in the end. */
export function crashSuite(title: string, createDatabase: () => Promise<CrashDatabase>): void {
  describe(title, () => {
    let database: CrashDatabase;
    let platform: MessagePlatform;
    let settings: ChildSettings;
    beforeEach(async () => {
      database = await createDatabase();
      platform = new MessagePlatform();
      settings = {
        database: database.settings,
        platformUrl: await platform.start(),
        canReconcile: true,
        failpoint: null,
        answerMs: 0,
        startAtOnce: true,
      };
    });
    afterEach(async () => {
      await platform.stop();
      await database.dispose();
    });

    async function crashAt(failpoint: string, times: number): Promise<void> {
      const events: InboundEvent[] = [];
      for (let crash = 0; crash < times; crash += 1) {
        const core = await CoreProcess.start({ ...settings, failpoint });
        if (events.length === 0) events.push(...questions(core.installationId));
        for (const event of events) await core.deliver(event);
        // A failpoint that nothing reaches leaves the process running, and this waits until the test fails.
        expect(await core.ended()).toBe("SIGKILL");
      }
      const core = await CoreProcess.start(settings);
      // The platform delivers again what was not acknowledged, and now and then what was.
      for (const event of events) expect(await core.deliver(event)).toBe(true);
      await eventually(
        () => core.isQuiet(),
        (isQuiet) => isQuiet,
      );
      await core.stop();
      await expectOneReplyEach(events);
    }

    async function expectOneReplyEach(events: readonly InboundEvent[]): Promise<void> {
      const opened = await database.open();
      try {
        expect(await readOutcomes(opened)).toEqual(
          new Map([
            [events[0]?.eventId, "answered"],
            [events[1]?.eventId, "handed-off"],
          ]),
        );
        expect(await readDeliveryStates(opened)).toEqual(["sent", "sent", "sent"]);
      } finally {
        await opened[Symbol.asyncDispose]();
      }
      expect(platform.in("one").map(({ text }) => text)).toEqual([expectedText(QUESTION)]);
      expect(platform.in("two").map(({ text }) => text)).toEqual([expect.stringContaining("passed your question")]);
      expect(platform.in("agents").map(({ text }) => text)).toEqual([expect.stringContaining(UNKNOWN)]);
    }

    it.each(FAILPOINTS)("loses nothing and says nothing twice when killed at %s", async (failpoint) => {
      await crashAt(`${failpoint}:kill`, 1);
    });

    it("gets there after three crashes at the same step", async () => {
      await crashAt("work.after-begin:kill", 3);
    });
  });
}

function questions(installationId: string): InboundEvent[] {
  return [
    messageFrom(cora, { installationId, key: "one" }, QUESTION),
    messageFrom(cora, { installationId, key: "two" }, UNKNOWN),
  ];
}
