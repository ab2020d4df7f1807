import { expect, it } from "vitest";
import type { Answering } from "../../../src/answering/contract.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { CoreScene } from "../../support/core-scene.js";
import { openTestDatabase } from "../../support/database.js";
import { cora, messageFrom } from "../../support/events.js";

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
