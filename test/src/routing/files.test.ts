import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Answering } from "../../../src/answering/contract.js";
import { dropUnsentFiles } from "../../../src/handoff/files/upload-file.js";
import type { AttachedFile } from "../../../src/ports/files.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, deletionOf, messageFrom, noteFrom } from "../../support/events.js";
import { ANY_FILES } from "../../support/handoff-rules.js";

describeEachDatabase("files of a message", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function start(answering: Answering = new ScriptedAnswering()): Promise<void> {
    scene = await CoreScene.start(database, platform, answering, { handoff: { files: ANY_FILES } });
  }

  /** As the console has it before its message is sent. */
  async function uploaded(name: string, place = "c"): Promise<AttachedFile> {
    const fileId = newId();
    await database.withStores(DEFAULT_TENANT, async ({ conversations, files }) => {
      const conversationId = await conversations.ensure(scene.at(place));
      const keepUntil = new Date(Date.now() + 60_000);
      await files.begin({ fileId, conversationId, of: null, name, mediaType: "image/png", keepUntil });
      await files.append(fileId, 0, Buffer.from("x"));
      await files.keep(fileId, 1);
    });
    return { name, mediaType: "image/png", sizeBytes: 1, source: null, link: null, keptId: fileId };
  }

  async function kept(): Promise<string[]> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ name: string }>("select name from relayed_file where tenant_id = current_tenant() order by name"),
    );
    return rows.map(({ name }) => name);
  }

  const seenByAgents = () => platform.texts(platform.newestThread()).join("\n");

  async function press(name: "claim" | "resolve"): Promise<void> {
    const [handoff] = await database.handoffBoard.list(DEFAULT_TENANT, 1);
    const { handoffId } = handoff!;
    await scene.play(actionFrom(ana, scene.at(platform.newestThread()), { name, handoffId }));
  }

  it.each(["while a person has it", "once it was solved"])(
    "go with the message that is deleted, there and here: %s",
    async (when) => {
      await start();
      await scene.play(messageFrom(cora, scene.at("c"), "Unknown?", { files: [await uploaded("first.png")] }));
      const more = messageFrom(cora, scene.at("c"), "This one", { files: [await uploaded("second.png")] });
      expect(await scene.play(more)).toBe("relayed: to-agents");
      expect(seenByAgents()).toMatch(/first\.png[^]*second\.png/u);
      if (when === "once it was solved") {
        await press("claim");
        await press("resolve");
        await scene.play(messageFrom(cora, scene.at("c"), "Thanks, that solved it!"));
      }

      await scene.play(deletionOf(more));

      await scene.settled();
      expect(seenByAgents()).toContain("first.png");
      expect(seenByAgents()).not.toContain("second.png");
      expect(await kept()).toEqual(["first.png"]);
    },
  );

  it.each(["// The till, as it stood", "!search red lamp", "!help", "!reply till"])(
    "beside %j stay with the team, and are kept as long as all others",
    async (text) => {
      const options = { files: ANY_FILES, replies: [{ name: "till", texts: { any: "Press it." } }] };
      scene = await CoreScene.start(database, platform, new ScriptedAnswering(), { handoff: options });
      await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
      const thread = platform.newestThread();
      await press("claim");
      const given = { files: [await uploaded("till.png", thread)] };
      const asNote = { ...noteFrom(ana, scene.at(thread), text.slice(3)), ...given };
      await scene.play(messageFrom(ana, scene.at(thread), text, given));
      if (text.startsWith("//")) await scene.play({ ...asNote, files: [await uploaded("lamp.png", thread)] });

      const inTwoHours = new Date(Date.now() + 2 * 3_600_000);
      await database.withStores(DEFAULT_TENANT, ({ files }) => dropUnsentFiles(files, inTwoHours));

      expect(await kept()).toEqual(text.startsWith("//") ? ["lamp.png", "till.png"] : ["till.png"]);
      expect(platform.texts("c").join()).not.toContain("png");
      expect(platform.texts("c").includes("Press it.")).toBe(text === "!reply till");
    },
  );

  it("are not kept when their message failed at every attempt, and the customer is told to send them again", async () => {
    await start({ answer: () => Promise.reject(new Error("always")) });
    const poison = messageFrom(cora, scene.at("c"), "Poison?", { files: [await uploaded("till.png")] });

    expect(await scene.play(poison)).toBe("failed: fault");

    expect(platform.texts("agents")).toEqual([expect.stringContaining("Poison?")]);
    expect(platform.texts("c").at(-1)).toMatch(/^Not everything[^]*till\.png: it could not be read/u);
    expect(await kept()).toEqual([]);
  });
});
