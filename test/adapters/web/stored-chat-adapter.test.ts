import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createStoredChatAdapter } from "../../../adapters/web/stored-chat-adapter.js";
import { ChatPlatformError, type ConversationRef, type OutgoingMessage } from "../../../src/ports/chat.js";
import { plainReply } from "../../../src/ports/reply.js";
import { MemoryMessageStore } from "../../fakes/memory-console.js";

const signal = new AbortController().signal;
const conversation: ConversationRef = { installationId: randomUUID(), key: "customer/1/1" };
const channel: ConversationRef = { ...conversation, key: "agents" };

function messageTo(to: ConversationRef, changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const speaker = { role: "bot", name: "Deskhand" } as const;
  return { to, deliveryId: randomUUID(), speaker, reply: plainReply("hello"), part: 0, ...changes };
}

describe("the stored chat adapter", () => {
  it("posts a delivery once", async () => {
    const store = new MemoryMessageStore();
    const adapter = createStoredChatAdapter("web", store);
    const message = messageTo(conversation);

    const first = await adapter.post(message, signal);
    const second = await adapter.post(message, signal);

    expect(second).toEqual(first);
    expect(await store.list(conversation, 10)).toHaveLength(1);
  });

  it("answers in the same conversation, and in the agents' channel starts a thread with each post", async () => {
    const adapter = createStoredChatAdapter("terminal", new MemoryMessageStore());

    const reply = await adapter.post(messageTo(conversation), signal);
    const card = await adapter.post(messageTo(channel), signal);

    expect(reply.threadKey).toBe(conversation.key);
    expect(card.threadKey).toBe(`agents/${card.platformId}`);
  });

  it("shows relayed words as the person's who said them", async () => {
    const store = new MemoryMessageStore();
    const adapter = createStoredChatAdapter("web", store);

    await adapter.post(messageTo(conversation, { speaker: { role: "agent", name: "Ana" } }), signal);

    expect((await store.list(conversation, 10)).map(({ author }) => author)).toEqual([{ role: "agent", name: "Ana" }]);
  });

  it("adds up what is streamed and replaces it by the whole reply at the end", async () => {
    const store = new MemoryMessageStore();
    const adapter = createStoredChatAdapter("web", store);
    const speaker = { role: "bot", name: "Nora" } as const;
    const stream = await adapter.openStream({ to: conversation, deliveryId: randomUUID(), speaker }, signal);

    await stream.append("One. ", signal);
    await stream.append("Two.", signal);
    const [during] = await store.list(conversation, 10);
    await stream.finish(plainReply("One. Two."), signal);
    const [after] = await store.list(conversation, 10);

    expect(during).toMatchObject({
      state: "streaming",
      partialText: "One. Two.",
      reply: null,
      author: { name: "Nora" },
    });
    expect(after).toMatchObject({ state: "complete", messageId: stream.posted.platformId });
    expect(after?.reply).toEqual(plainReply("One. Two."));
  });

  it("finds an earlier post by its delivery, a stream's too, and nothing for one never made", async () => {
    const adapter = createStoredChatAdapter("web", new MemoryMessageStore());
    const message = messageTo(channel);
    const posted = await adapter.post(message, signal);
    const streamId = randomUUID();
    const stream = await adapter.openStream(
      { to: conversation, deliveryId: streamId, speaker: { role: "bot", name: "Nora" } },
      signal,
    );

    expect(await adapter.reconcile(channel, message.deliveryId, signal)).toEqual(posted);
    expect(await adapter.reconcile(conversation, streamId, signal)).toEqual(stream.posted);
    expect(await adapter.reconcile(conversation, randomUUID(), signal)).toBeNull();
  });

  it("changes and removes what was posted", async () => {
    const store = new MemoryMessageStore();
    const adapter = createStoredChatAdapter("web", store);
    const message = messageTo(conversation);
    const { platformId } = await adapter.post(message, signal);

    await adapter.edit({ ...message, reply: plainReply("changed") }, platformId, signal);
    expect((await store.list(conversation, 10)).map(({ reply }) => reply)).toEqual([plainReply("changed")]);
    await adapter.delete(conversation, platformId, signal);
    expect(await store.list(conversation, 10)).toEqual([]);
  });

  it("turns whatever the store does wrong into a platform error whose outcome is unknown", async () => {
    const store = new MemoryMessageStore();
    store.post = () => Promise.reject(new Error("connection lost"));
    const failure = createStoredChatAdapter("web", store).post(messageTo(conversation), signal);

    await expect(failure).rejects.toBeInstanceOf(ChatPlatformError);
    await expect(failure).rejects.toMatchObject({ failure: "unreachable", isRetryable: true });
  });

  it("begins nothing after an abort", async () => {
    const store = new MemoryMessageStore();
    const adapter = createStoredChatAdapter("web", store);

    await expect(adapter.post(messageTo(conversation), AbortSignal.abort())).rejects.toThrow();
    expect(await store.list(conversation, 10)).toEqual([]);
  });
});
