import { afterAll, beforeAll, expect, it } from "vitest";
import { createOutcomeReader, type OutcomeReader } from "../../../infra/postgres/outcome-reader.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import type { Lease } from "../../../src/ports/stores.js";
import { describeEachDatabase } from "../../support/database.js";
import { cora, messageFrom } from "../../support/events.js";

describeEachDatabase("the outcome of an event", (open) => {
  let database: OpenDatabase;
  let outcomes: OutcomeReader;
  beforeAll(async () => {
    database = await open();
    outcomes = createOutcomeReader(database);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
  });

  async function accepted(): Promise<{ inboxId: string; lease: Lease }> {
    const { id } = await database.coordination.ensureInstallation(DEFAULT_TENANT, "terminal", "terminal");
    const event = messageFrom(cora, { installationId: id, key: newId() }, "How do I reset the hub?");
    const { inboxId, conversationId } = await database.coordination.acceptEvent(event);
    const { lease } = (await database.coordination.claimWork(conversationId, "test", 10_000))!;
    return { inboxId, lease };
  }

  it("is not there while the event is worked on, nor for an event that is unknown", async () => {
    const { inboxId } = await accepted();
    await expect(outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toBeNull();
    await expect(outcomes.read(DEFAULT_TENANT, newId())).resolves.toBeNull();
  });

  it("comes with the newest answer, once its reply has been posted, and to its tenant alone", async () => {
    const { inboxId, lease } = await accepted();
    const older = newId();
    const newest = newId();
    await database.withStores(DEFAULT_TENANT, async ({ inbox, traces, deliveries }) => {
      for (const [answerId, confidence] of [
        [older, 0.2],
        [newest, 0.8],
      ] as const) {
        await traces.record(
          {
            answerId,
            conversationId: lease.conversationId,
            inboxId,
            question: "How do I reset the hub?",
            decision: "answer",
            reason: "confident",
            confidence,
            threshold: 0.5,
            text: "Hold the button.",
            stages: [],
          },
          null,
        );
      }
      await deliveries.add([
        {
          conversationId: lease.conversationId,
          cause: { type: "event", id: inboxId },
          purpose: "reply",
          operation: "post",
          targetDeliveryId: null,
          speaker: { role: "bot", name: "Deskhand" },
          reply: plainReply("Hold the button."),
        },
      ]);
      await inbox.finish(lease, inboxId, { kind: "answered", reason: "confident" });
    });
    await expect(outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toBeNull();

    const delivery = await database.coordination.claimDelivery(lease.conversationId, "test", 10_000);
    await expect(outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toBeNull();
    await database.withStores(DEFAULT_TENANT, ({ deliveries }) =>
      deliveries.markSent(delivery!, { platformId: newId(), threadKey: lease.conversation.key }),
    );
    await expect(outcomes.read(DEFAULT_TENANT, inboxId)).resolves.toEqual({
      inboxId,
      outcome: { kind: "answered", reason: "confident" },
      answerId: newest,
      confidence: 0.8,
    });
    await expect(outcomes.read("globex", inboxId)).resolves.toBeNull();
  });
});
