import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { openTestDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, editOf, messageFrom } from "../../support/events.js";

const QUESTION = "Unknown: Wie kann ich das Gerät wieder auf die Werkseinstellungen zurücksetzen?";

describe("a customer who writes German", () => {
  let database: OpenDatabase;
  let platform: RecordingPlatform;
  let scene: CoreScene;
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(answering: Answering = new ScriptedAnswering()): Promise<void> {
    platform = new RecordingPlatform({ stream: "none", reconcile: false });
    scene = await CoreScene.start(database, platform, answering);
  }

  const newest = () => platform.texts("c").at(-1);

  it("is told in German who has joined, what is solved and what did not arrive", async () => {
    await start();
    await scene.play(messageFrom(cora, scene.at("c"), QUESTION));
    const thread = platform.newestThread();
    const handoffId = (await database.handoffBoard.list("default", 1))[0]!.handoffId;
    await scene.play(actionFrom(ana, scene.at(thread), { name: "claim", handoffId }));
    expect(newest()).toBe("Ana ist jetzt dabei und hilft Ihnen weiter.");

    platform.failures.push({ failure: "forbidden", at: thread });
    await scene.play(messageFrom(cora, scene.at("c"), "ok?"));
    expect(newest()).toContain("hat das Team vielleicht nicht erreicht");

    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    expect(newest()).toContain("Ana hat dies als gelöst markiert");
  });

  it("is told in German that nobody was reached", async () => {
    await start();
    platform.failures.push({ failure: "forbidden", at: "agents" });

    await scene.play(messageFrom(cora, scene.at("c"), QUESTION));
    expect(newest()).toContain("Ich konnte das Team gerade nicht erreichen");
  });

  it.each([
    ["policy-topic", "Fragen zu diesem Thema beantworten Menschen."],
    ["topic-unsure", "Zu diesem Thema antworte ich nur, wenn ich mir besonders sicher bin"],
  ])("is told in German why a person answers, and the agents the topic (%s)", async (reason, told) => {
    const inner = new ScriptedAnswering();
    await start({
      answer: async (request, listener, signal) => {
        const result = await inner.answer(request, listener, signal);
        const policy = { stage: "policy", ms: 0, cost: 0, model: null, promptVersion: null } as const;
        const stages = [{ ...policy, output: { topics: ["warranty"] } }];
        return { ...result, language: "de", answer: { ...result.answer, reason, stages } };
      },
    });

    expect(await scene.play(messageFrom(cora, scene.at("c"), QUESTION))).toBe(`handed-off: ${reason}`);
    expect(newest()).toContain(told);
    expect(platform.texts("agents")).toEqual([expect.stringContaining("Topic: warranty.")]);
  });

  it("is told in German of a fault", async () => {
    await start({ answer: () => Promise.reject(new Error("always")) });

    await scene.play(messageFrom(cora, scene.at("c"), QUESTION));
    expect(newest()).toContain("Bei uns ist etwas schiefgegangen");
  });

  it("gets a person with a German word also when the last message tells no language", async () => {
    await start();
    await scene.play(messageFrom(cora, scene.at("c"), QUESTION.replace("Unknown: ", "")));
    await scene.play(messageFrom(cora, scene.at("c"), "E-1042"));

    await scene.play(actionFrom(cora, scene.at("c"), { name: "human" }));
    expect(newest()).toContain("an eine Person aus dem Team");
  });

  it("reads in German what takes the place of an answer, also of a question of one word", async () => {
    await start();
    await scene.play(messageFrom(cora, scene.at("c"), QUESTION.replace("Unknown: ", "")));
    const question = messageFrom(cora, scene.at("c"), "E-1042");
    await scene.play(question);
    platform.refuseEdits();

    await scene.play(editOf(question, "E-1043"));
    expect(newest()).toContain("Ihre Frage hat sich geändert");
  });
});
