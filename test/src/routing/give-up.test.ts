import { describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import { createHandoffOpener } from "../../../src/handoff/open-handoff.js";
import type { DeletionEvent } from "../../../src/ports/chat.js";
import { systemClock } from "../../../src/ports/clock.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { giveUp } from "../../../src/routing/give-up.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { NO_TIMERS } from "../../support/handoff-rules.js";
import { CoreScene } from "../../support/core-scene.js";
import { openTestDatabase } from "../../support/database.js";
import { leaseOf } from "../../support/stores.js";
import { ana, actionFrom, cora, deletionOf, messageFrom } from "../../support/events.js";

it(
  "ends a message that always fails visibly, tells a person, and goes on with the next",
  { timeout: 60_000 },
  async () => {
    await using database = await openTestDatabase();
    const broken: Answering = { answer: () => Promise.reject(new Error("always")) };
    await using scene = await CoreScene.start(database, new RecordingPlatform(), broken);
    const poison = messageFrom(cora, scene.at("c"), "Poison?", { occurredAt: new Date(1_000) });
    await scene.core.sink.accept(poison);
    const next = scene.play(messageFrom(cora, scene.at("c"), "Next?", { occurredAt: new Date(2_000) }));

    expect(await scene.outcome(poison)).toBe("failed: fault");
    expect(await next).toBe("relayed: to-agents");
    expect(scene.platform.texts("c")).toEqual([expect.stringMatching(/went wrong.*a person.*Reference [0-9a-f]{8}/u)]);
    expect(scene.platform.texts("agents")).toEqual([expect.stringContaining("Poison?")]);
  },
);

describe("a deletion that always fails", () => {
  async function wordsKept(database: OpenDatabase): Promise<string> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ words: string }>(
        `select body as words from transcript_entry where tenant_id = current_tenant()
          union all select question || body from answer where tenant_id = current_tenant()
          union all select output::text from answer_stage where tenant_id = current_tenant()`,
      ),
    );
    return rows.map(({ words }) => words).join("\n");
  }

  /** Gives up on a deletion at once, and carries out what that leaves to be posted. */
  async function giveUpOn(database: OpenDatabase, event: DeletionEvent): Promise<string> {
    const { inboxId, conversationId } = await database.coordination.acceptEvent(event);
    const lease = await leaseOf(database, conversationId);
    const channel = { installationId: event.conversation.installationId, key: "agents" };
    const rules = { newId, clock: systemClock, botName: "Deskhand", agentsChannel: () => channel, ...NO_TIMERS };
    const commit = giveUp(
      { opener: createHandoffOpener(rules), botName: "Deskhand" },
      { lease, inboxId, cause: { type: "event", id: inboxId }, event },
    );
    const outcome = await database.withStores(DEFAULT_TENANT, async (stores) => {
      const effects = await commit(stores);
      await stores.inbox.finish(lease, inboxId, effects.outcome, effects.turnId);
      return effects.outcome;
    });
    await database.coordination.releaseConversation(lease);
    return `${outcome.kind}: ${outcome.reason}`;
  }

  it("takes the words out all the same, and the answer with them", async () => {
    await using database = await openTestDatabase();
    const platform = new RecordingPlatform();
    const first = await CoreScene.start(database, platform, new ScriptedAnswering());
    const question = messageFrom(cora, first.at("c"), "Is my password s3cret?");
    await first.play(question);
    await first.core.stop(1_000);
    expect(await wordsKept(database)).toContain("s3cret");

    const deletion = deletionOf(question);
    expect(await giveUpOn(database, deletion)).toBe("failed: fault");
    expect(await wordsKept(database)).not.toContain("s3cret");
    await using again = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), first);
    expect(await again.outcome(deletion)).toBe("failed: fault");
    expect(platform.texts("c")).toEqual([]);
  });

  it("takes the words out while a person has the conversation, and tells them", async () => {
    await using database = await openTestDatabase();
    const platform = new RecordingPlatform();
    const first = await CoreScene.start(database, platform, new ScriptedAnswering());
    const question = messageFrom(cora, first.at("c"), "Unknown s3cret?");
    await first.play(question);
    const [handoff] = await database.handoffBoard.list(DEFAULT_TENANT, 1);
    await first.play(
      actionFrom(ana, first.at(platform.newestThread()), { name: "claim", handoffId: handoff!.handoffId }),
    );
    await first.core.stop(1_000);

    const deletion = deletionOf(question);
    await giveUpOn(database, deletion);
    expect(await wordsKept(database)).not.toContain("s3cret");
    await using again = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), first);
    await again.outcome(deletion);
    expect(platform.texts(platform.newestThread()).at(-1)).toContain("Cora has deleted one of their messages");
  });
});
