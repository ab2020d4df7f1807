import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MessagePlatform } from "../fakes/message-platform.js";
import { plainChild, type ChildSettings } from "./child-settings.js";
import { CoreProcesses } from "./core-processes.js";
import { createEmbeddedCrashDatabase, type CrashDatabase } from "./crash-database.js";

describe("the cores that a test leaves behind", () => {
  let database: CrashDatabase;
  let platform: MessagePlatform;
  let settings: ChildSettings;
  beforeEach(async () => {
    database = await createEmbeddedCrashDatabase();
    platform = new MessagePlatform();
    settings = plainChild(database.settings, await platform.start());
  });
  afterEach(async () => {
    await platform.stop();
    await database.dispose();
  });

  it("are killed, also those that are frozen or do not listen yet, and it gets no other", async () => {
    const cores = new CoreProcesses();
    const waiting = await cores.start({ ...settings, failpoint: "work.after-begin:kill" });
    const early = expect(cores.start(settings)).rejects.toThrow(/ended before it was ready: .*SIGKILL/u);
    waiting.send("SIGSTOP");

    await cores.killAll();

    await expect(waiting.ended()).resolves.toBe("SIGKILL");
    await early;
    await expect(cores.start(settings)).rejects.toThrow("over");
  });
});
