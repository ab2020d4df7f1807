import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { customerText } from "../../src/handoff/customer-texts.js";
import { agentsLifeText } from "../../src/handoff/life-texts.js";
import type { ConversationRef, InboundEvent } from "../../src/ports/chat.js";
import type { AttachedFile } from "../../src/ports/files.js";
import { FAILPOINTS, type FailpointName } from "../../src/ports/failpoints.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { actionFrom, ana, cora, messageFrom, noteFrom } from "../support/events.js";
import type { CoreProcess } from "./child-process.js";
import { plainChild, type ChildSettings } from "./child-settings.js";
import { CoreProcesses } from "./core-processes.js";
import type { CrashDatabase } from "./crash-database.js";

/** The steps that every event passes. The others belong to the making of an answer. */
const STEPS = FAILPOINTS.filter((name) => !/^(?:answer|stream)\./u.test(name));

/** Each plays five crashes, on a busy machine as well. */
const CRASHES_TIMEOUT_MS = 120_000;

const ANAS = { actor: "Ana", holder: { id: "ana", displayName: "Ana" }, snoozedUntil: null };
const REPLY = "Have you tried the other port?";
const NOTE = "Sounds like the old firmware.";
const FOLLOW_UP = "Yes, twice.";
const LOG = "port closed ".repeat(100);

/** Plays a handoff from claim to resolve and kills the core at the same step of every event in it. */
export function handoffCrashSuite(title: string, createDatabase: () => Promise<CrashDatabase>): void {
  describe(title, () => {
    let database: CrashDatabase;
    let platform: MessagePlatform;
    let settings: ChildSettings;
    let cores: CoreProcesses;
    let core: CoreProcess;
    beforeAll(async () => {
      cores = new CoreProcesses();
      database = await createDatabase();
      platform = new MessagePlatform();
      settings = plainChild(database.settings, await platform.start());
      core = await cores.start(settings);
    });
    afterAll(async () => {
      await cores.killAll();
      await platform.stop();
      await database.dispose();
    });

    async function play(event: InboundEvent): Promise<void> {
      expect(await core.deliver(event)).toBe(true);
      await core.untilQuiet();
    }

    async function playThroughCrash(event: InboundEvent, failpoint: FailpointName): Promise<void> {
      await core.arm(`${failpoint}:kill`);
      await core.deliver(event);
      // A failpoint that nothing reaches leaves the process running, and this waits until the test fails.
      expect(await core.ended()).toBe("SIGKILL");
      core = await cores.start(settings);
      await play(event);
    }

    /** Asks what the bot does not know, and opens the card that this brings to the agents. */
    async function openHandoff(customer: ConversationRef, question: string) {
      await play(messageFrom(cora, customer, question));
      const [handoffId = ""] = (await core.facts(customer.key)).handoffIds;
      const [card] = platform.in("agents").filter(({ text }) => text.includes(question));
      return { handoffId, thread: { ...customer, key: `agents/${card?.id}` } };
    }

    it.each(STEPS)(
      "plays every event of a handoff once when killed at %s",
      async (failpoint) => {
        const customer = { installationId: core.installationId, key: failpoint };
        const question = `Unknown at ${failpoint}?`;
        const { handoffId, thread } = await openHandoff(customer, question);
        const events = [
          actionFrom(ana, thread, { name: "claim", handoffId }),
          messageFrom(ana, thread, REPLY),
          noteFrom(ana, thread, NOTE),
          { ...messageFrom(cora, customer, FOLLOW_UP), files: [attached(failpoint)] },
          actionFrom(ana, thread, { name: "resolve", handoffId }),
        ];
        for (const event of events) {
          // A note is posted nowhere.
          if (event.kind === "note" && failpoint.startsWith("send.")) await play(event);
          else await playThroughCrash(event, failpoint);
        }

        // Once five first replies are on record, the customer is also told how soon one usually comes.
        const handedOver = expect.stringContaining(`bot: ${customerText("handedOverUnsure", "en")}`) as unknown;
        expect(saidIn(customer)).toEqual([
          handedOver,
          `bot: ${customerText("joined", "en", { agent: "Ana" })}`,
          `agent: ${REPLY}`,
          `bot: ${customerText("solved", "en", { agent: "Ana" })}`,
        ]);
        expect(saidIn(thread)).toEqual([
          `bot: ${agentsLifeText("claimed", ANAS)}`,
          `customer: ${FOLLOW_UP}`,
          `customer: ${failpoint}.log, ${LOG.length} bytes`,
          `bot: ${agentsLifeText("resolved", ANAS)}`,
        ]);
        // What was received before the crash is not received again; before, nothing was.
        const isReceivedOnce = platform.files.get(`${failpoint}.log`)?.reads === 1;
        expect(isReceivedOnce).toBe(true);
        const facts = await core.facts(customer.key);
        expect(events.map(({ eventId }) => facts.outcomes[eventId])).toEqual([
          "recorded",
          "relayed",
          "recorded",
          "relayed",
          "recorded",
        ]);
        expect(new Set(facts.deliveries)).toEqual(new Set(["sent"]));
        expect(facts.handoff).toEqual([
          "waiting by Deskhand",
          "claimed by Ana",
          "first reply by Ana",
          "resolved by Ana",
        ]);
        expect(facts.transcript).toEqual([
          `customer: ${question}`,
          handedOver,
          `agent: ${REPLY}`,
          `note: ${NOTE}`,
          `customer: ${FOLLOW_UP}`,
        ]);
      },
      CRASHES_TIMEOUT_MS,
    );

    function attached(failpoint: FailpointName): AttachedFile {
      const name = `${failpoint}.log`;
      platform.files.set(name, { text: LOG, reads: 0 });
      return { name, mediaType: "text/plain", sizeBytes: LOG.length, source: name, link: null };
    }

    function saidIn({ key }: ConversationRef): string[] {
      return platform.in(key).map(({ speaker, text }) => `${speaker}: ${text}`);
    }
  });
}
