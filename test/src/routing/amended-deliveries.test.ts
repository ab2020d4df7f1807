import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { plainReply } from "../../../src/ports/reply.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { cora, deletionOf, editOf, messageFrom } from "../../support/events.js";

const LONG = ["One.", "Two.", "Three."];

describeEachDatabase("a question that changes while its answer is on its way", (open) => {
  let database: OpenDatabase;
  let platform: RecordingPlatform;
  let scene: CoreScene;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(splitsReplies: boolean): Promise<void> {
    platform = new RecordingPlatform({ stream: "none", reconcile: false, splitsReplies });
    const reply = { ...plainReply(""), blocks: LONG.flatMap((text) => plainReply(text).blocks) };
    scene = await CoreScene.start(database, platform, new ScriptedAnswering(splitsReplies ? { reply } : {}));
  }

  it.each([0, 1])(
    "leaves nothing of a long answer whose part %i waited when the question was deleted",
    async (part) => {
      await start(true);
      platform.failures.push({ failure: "rate-limited", retryAfterMs: 500, at: "c", part });
      const question = messageFrom(cora, scene.at("c"), "How?");
      await scene.core.sink.accept(question);
      await expect.poll(() => platform.failures, { timeout: 5_000 }).toEqual([]);

      expect(await scene.play(deletionOf(question))).toBe("recorded: withdrawn");
      expect(platform.texts("c")).toEqual([]);
    },
  );

  it("leaves nothing of a long answer below the one to the edited question", async () => {
    platform = new RecordingPlatform({ stream: "none", reconcile: false, splitsReplies: true });
    const long = { ...plainReply(""), blocks: LONG.flatMap((text) => plainReply(text).blocks) };
    const [lengthy, brief] = [new ScriptedAnswering({ reply: long }), new ScriptedAnswering()];
    scene = await CoreScene.start(database, platform, {
      answer: (request, listener, signal) =>
        (request.question === "When?" ? brief : lengthy).answer(request, listener, signal),
    });
    platform.failures.push({ failure: "rate-limited", retryAfterMs: 500, at: "c", part: 0 });
    const question = messageFrom(cora, scene.at("c"), "How?");
    await scene.core.sink.accept(question);
    await expect.poll(() => platform.failures, { timeout: 5_000 }).toEqual([]);

    expect(await scene.play(editOf(question, "When?"))).toBe("answered: confident");
    expect(platform.texts("c")).toEqual([expectedText("When?")]);
  });

  it("does not answer an edit below when the question was deleted before the platform refused the edit", async () => {
    await start(false);
    const question = messageFrom(cora, scene.at("c"), "How?");
    await scene.play(question);
    platform.editFailures.push({ failure: "rate-limited", retryAfterMs: 500 }, { failure: "rejected" });
    await scene.core.sink.accept(editOf(question, "When?"));
    await expect.poll(() => platform.editFailures, { timeout: 5_000 }).toHaveLength(1);

    expect(await scene.play(deletionOf(question))).toBe("recorded: withdrawn");
    expect(platform.texts("c")).toEqual([]);
  });

  it("answers only the last of two edits when the platform refuses the first", async () => {
    await start(false);
    const question = messageFrom(cora, scene.at("c"), "How?");
    await scene.play(question);
    platform.editFailures.push({ failure: "rate-limited", retryAfterMs: 500 }, { failure: "rejected" });
    await scene.core.sink.accept(editOf(question, "When?"));
    await expect.poll(() => platform.editFailures, { timeout: 5_000 }).toHaveLength(1);

    expect(await scene.play(editOf(question, "Where?"))).toBe("answered: confident");
    expect(platform.texts("c")).toEqual([expectedText("Where?")]);
  });

  it("does not say again below what an edit may have shown, and tells the agents", async () => {
    await start(false);
    const question = messageFrom(cora, scene.at("c"), "How?");
    await scene.play(question);
    platform.editFailures.push({ failure: "unreachable", isShown: true }, { failure: "rejected" });

    expect(await scene.play(editOf(question, "When?"))).toBe("answered: confident");
    expect(platform.texts("c")).toEqual([expectedText("When?")]);
    expect(platform.texts("agents")).toEqual([expect.stringMatching(/answer to Cora may not have.*When\?/su)]);
  });
});
