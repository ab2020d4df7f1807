import { expect, it } from "vitest";
import { createTakeFiles } from "../../../../src/handoff/files/take-files.js";
import { ChatPlatformError } from "../../../../src/ports/chat.js";
import { systemClock } from "../../../../src/ports/clock.js";
import { newId } from "../../../../src/ports/ids.js";
import { RecordingPlatform } from "../../../fakes/recording-platform.js";
import { openTestDatabase } from "../../../support/database.js";
import { ANY_FILES } from "../../../support/handoff-rules.js";
import { silentLogger } from "../../../support/silent-logger.js";
import { leasedEvent } from "../../../support/stores.js";

it("waits for all files of a message no longer than for one", async () => {
  await using database = await openTestDatabase();
  const begun: string[] = [];
  class Hanging extends RecordingPlatform {
    override readonly files = {
      uploads: null,
      fetch: (_at: unknown, source: string, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          begun.push(source);
          signal.addEventListener("abort", () => reject(new ChatPlatformError("unreachable", "reading a file")));
        }),
    };
  }
  const { withStores } = database;
  const platform = new Hanging();
  const common = { withStores, newId, clock: systemClock, logger: silentLogger };
  const takeFiles = createTakeFiles({ ...common, adapterFor: () => platform, rules: ANY_FILES, fetchMs: 100 });
  const names = ["a.png", "b.png", "c.png"];
  const attached = names.map((name) => ({ name, mediaType: null, sizeBytes: null, source: name, link: null }));

  const { refused } = await takeFiles(await leasedEvent(database), attached, new AbortController().signal);

  expect(refused).toEqual(names.map((name) => ({ name, why: "not-fetched" })));
  expect(begun).toEqual(["a.png"]);
});
