import { afterAll, beforeAll } from "vitest";
import { createStoredChatAdapter } from "../../adapters/web/stored-chat-adapter.js";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { replyText } from "../../src/answering/reply-text.js";
import { newId } from "../../src/ports/ids.js";
import { chatAdapterContract, type ChatAdapterHarness } from "../contracts/chat-adapter-contract.js";
import { createMessagePlatformAdapter } from "../fakes/message-platform-adapter.js";
import { MessagePlatform } from "../fakes/message-platform.js";
import { RecordingPlatform } from "../fakes/recording-platform.js";
import { openEmbeddedTestDatabase } from "../support/database.js";
import { installationOf } from "../support/stores.js";

let database: OpenDatabase;
beforeAll(async () => {
  database = await openEmbeddedTestDatabase();
});
afterAll(async () => database[Symbol.asyncDispose]());

async function openStored(platform: "web" | "terminal"): Promise<ChatAdapterHarness> {
  const { webMessages } = database;
  return {
    adapter: createStoredChatAdapter(platform, webMessages),
    conversation: { installationId: await installationOf(database), key: newId() },
    unknownId: newId(),
    shown: async (conversation) =>
      (await webMessages.list(conversation, 100)).map(({ reply, partialText }) =>
        reply === null ? partialText : replyText(reply),
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openMessagePlatform(): Promise<ChatAdapterHarness> {
  const platform = new MessagePlatform();
  const baseUrl = await platform.start();
  return {
    adapter: createMessagePlatformAdapter({ baseUrl, canReconcile: true }),
    conversation: { installationId: newId(), key: "chat" },
    unknownId: "404",
    shown: ({ key }) => Promise.resolve(platform.in(key).map(({ text }) => text)),
    [Symbol.asyncDispose]: () => platform.stop(),
  };
}

function openRecordingPlatform(): Promise<ChatAdapterHarness> {
  const platform = new RecordingPlatform();
  return Promise.resolve({
    adapter: platform,
    conversation: { installationId: newId(), key: "chat" },
    unknownId: "404",
    shown: ({ key }) => Promise.resolve(platform.texts(key)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

chatAdapterContract("the web console's adapter", () => openStored("web"));
chatAdapterContract("the terminal's adapter", () => openStored("terminal"));
chatAdapterContract("the adapter of the crash suite's platform", openMessagePlatform);
chatAdapterContract("the recording platform", openRecordingPlatform);
