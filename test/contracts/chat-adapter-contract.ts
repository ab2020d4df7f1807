import { describe, expect, it } from "vitest";
import {
  ChatPlatformError,
  type ChatAdapter,
  type ConversationRef,
  type OutgoingMessage,
} from "../../src/ports/chat.js";
import { newId } from "../../src/ports/ids.js";
import { plainReply } from "../../src/ports/reply.js";

export interface ChatAdapterHarness extends AsyncDisposable {
  readonly adapter: ChatAdapter;
  /** A conversation that nobody has written in. */
  readonly conversation: ConversationRef;
  /** A message id as the platform makes them, of no message. */
  readonly unknownId: string;
  /** What somebody looking at a conversation sees, oldest first, as plain text. */
  shown(conversation: ConversationRef): Promise<readonly string[]>;
}

const signal = new AbortController().signal;

function messageTo(to: ConversationRef, text: string): OutgoingMessage {
  return { to, deliveryId: newId(), speaker: { role: "bot", name: "Deskhand" }, reply: plainReply(text), part: 0 };
}

/** What every {@link ChatAdapter} that can stream and edit keeps, and what one keeps that can reconcile. */
export function chatAdapterContract(
  name: string,
  open: () => Promise<ChatAdapterHarness>,
  { canReconcile = true }: { readonly canReconcile?: boolean } = {},
): void {
  /** Where the platform cannot be asked, nothing is found, and nothing is said to be missing. */
  const found = async ({ adapter }: ChatAdapterHarness, to: ConversationRef, deliveryId: string, expected: unknown) => {
    const looking = adapter.reconcile(to, deliveryId, signal);
    if (canReconcile) expect(await looking).toEqual(expected);
    else await expect(looking).rejects.toBeInstanceOf(ChatPlatformError);
  };

  describe(`${name} keeps the ChatAdapter contract`, () => {
    it("finds a post again by its delivery, and nothing for one that was never made", async () => {
      await using harness = await open();
      const { adapter, conversation } = harness;
      const message = messageTo(conversation, "Hold the button.");

      const posted = await adapter.post(message, signal);

      await found(harness, conversation, message.deliveryId, posted);
      await found(harness, conversation, newId(), null);
      expect(await harness.shown(conversation)).toEqual(["Hold the button."]);
      expect(posted.threadKey).toBe(conversation.key);
    });

    it("gives each post in the agents' channel a thread of its own", async () => {
      await using harness = await open();
      const channel = { ...harness.conversation, key: "agents" };
      const first = messageTo(channel, "First card.");

      const threads = [await harness.adapter.post(first, signal)];
      threads.push(await harness.adapter.post(messageTo(channel, "Second card."), signal));

      expect(new Set(threads.map(({ threadKey }) => threadKey)).size).toBe(2);
      await found(harness, channel, first.deliveryId, threads[0]);
    });

    if (canReconcile) {
      it("shows by reconcile that a delivery is there, also when it was posted twice", async () => {
        await using harness = await open();
        const { adapter, conversation } = harness;
        const message = messageTo(conversation, "Hold the button.");

        const first = await adapter.post(message, signal);
        await adapter.post(message, signal);

        expect(adapter.capabilities.reconcile).toBe(true);
        expect(await adapter.reconcile(conversation, message.deliveryId, signal)).toEqual(first);
      });
    }

    it("replaces by an edit what was posted, and nothing else", async () => {
      await using harness = await open();
      const { adapter, conversation } = harness;
      const message = messageTo(conversation, "Hold the button.");
      await adapter.post(messageTo(conversation, "Before."), signal);
      const { platformId } = await adapter.post(message, signal);

      await adapter.edit({ ...message, reply: plainReply("Press it twice.") }, platformId, signal);

      expect(await harness.shown(conversation)).toEqual(["Before.", "Press it twice."]);
      await found(harness, conversation, message.deliveryId, expect.objectContaining({ platformId }));
    });

    it("shows a stream as it grows and puts the whole reply in its place", async () => {
      await using harness = await open();
      const { adapter, conversation } = harness;
      const { reply, ...opening } = messageTo(conversation, "Hold the button. Wait.");

      const stream = await adapter.openStream(opening, signal);
      await stream.append("Hold ", signal);
      await stream.append("on.", signal);
      const during = await harness.shown(conversation);
      await stream.finish(reply, signal);

      expect(during).toEqual(["Hold on."]);
      expect(await harness.shown(conversation)).toEqual(["Hold the button. Wait."]);
      await found(harness, conversation, opening.deliveryId, stream.posted);
    });

    it("leaves what a stream has shown when it is broken off, to be finished by an edit", async () => {
      await using harness = await open();
      const { adapter, conversation } = harness;
      const message = messageTo(conversation, "Hold the button.");

      const stream = await adapter.openStream(message, signal);
      await stream.append("Hold ", signal);
      await stream.abort();
      const left = await harness.shown(conversation);
      await adapter.edit(message, stream.posted.platformId, signal);

      expect(left.map((text) => text.trim())).toEqual(["Hold"]);
      expect(await harness.shown(conversation)).toEqual(["Hold the button."]);
    });

    it("rejects an edit of a message that is not there", async () => {
      await using harness = await open();
      const edit = harness.adapter.edit(messageTo(harness.conversation, "Late."), harness.unknownId, signal);

      await expect(edit).rejects.toBeInstanceOf(ChatPlatformError);
      await expect(edit).rejects.toMatchObject({ failure: "not-found", isRetryable: false });
    });

    it("does nothing for a signal that has aborted", async () => {
      await using harness = await open();
      const { adapter, conversation } = harness;
      const message = messageTo(conversation, "Hold the button.");
      const stream = await adapter.openStream(messageTo(conversation, ""), signal);
      await stream.append("Shown.", signal);
      const aborted = AbortSignal.abort();

      await expect(adapter.post(message, aborted)).rejects.toThrow();
      await expect(adapter.openStream(message, aborted)).rejects.toThrow();
      await expect(adapter.edit(message, stream.posted.platformId, aborted)).rejects.toThrow();
      await expect(adapter.reconcile(conversation, message.deliveryId, aborted)).rejects.toThrow();
      await expect(stream.append("More.", aborted)).rejects.toThrow();
      await expect(stream.finish(message.reply, aborted)).rejects.toThrow();
      expect(await harness.shown(conversation)).toEqual(["Shown."]);
    });
  });
}
