import { describe, expect, it } from "vitest";
import { parseReply } from "../../../src/answering/parse-reply.js";
import { newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import { openSlackScene, outgoing, type SlackScene } from "./slack-scene.js";

const signal = new AbortController().signal;

function called(scene: SlackScene, method: string): number {
  return scene.slack.calls.filter((call) => call.method === method).length;
}

describe("a stream", () => {
  it("in a channel names the person who asked as its reader", async () => {
    await using scene = await openSlackScene();
    const asked = scene.slack.mention("Anna", "C0GENERAL", "When do you open?");
    await asked.acknowledged();
    const { reply, ...opening } = outgoing(scene.inbox.events[0]!.conversation, "At nine.");

    const stream = await scene.surface.adapter.openStream(opening, signal);
    await stream.append("At nine.", signal);
    await stream.finish(reply, signal);

    expect(called(scene, "conversations.replies")).toBe(0);
    expect(scene.slack.calls.find(({ method }) => method === "chat.startStream")?.args).toMatchObject({
      recipient_user_id: "U0ANNA",
      recipient_team_id: "T0ACME",
    });
    expect(scene.shown(opening.to)).toEqual(["At nine."]);
  });

  it("that was cut before it was recorded is found, finished by an edit, and not taken for a later reply", async () => {
    await using scene = await openSlackScene();
    const { adapter } = scene.surface;
    const thread = scene.thread();
    const message = outgoing(thread, "At nine, every day.");
    const stream = await adapter.openStream(message, signal);
    await stream.append("At nine", signal);

    const found = await adapter.reconcile(thread, message.deliveryId, signal);
    await adapter.edit(message, found!.platformId, signal);

    expect(found).toEqual(stream.posted);
    expect(scene.shown(thread)).toEqual(["At nine, every day."]);
    expect(await adapter.reconcile(thread, newId(), signal)).toBeNull();
    expect(await adapter.reconcile(thread, message.deliveryId, signal)).toEqual(found);
  });

  it.each([
    ["Slack has closed it", "message_not_in_streaming_state", ["One. Two."]],
    ["somebody pressed Stop", "stopped_by_user", ["One."]],
    ["Slack failed", "internal_error", ["One."]],
  ])("goes on without failing the answer when %s", async (_what, error, during) => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const { reply, ...opening } = outgoing(thread, "One. Two. Three.");
    const stream = await scene.surface.adapter.openStream(opening, signal);
    await stream.append("One. ", signal);
    scene.slack.faults.next("chat.appendStream", { kind: "error", error });

    await stream.append("Two. ", signal);
    // What could not be appended is shown with the next text.
    await stream.append("", signal);
    expect(scene.shown(thread).map((text) => text.trim())).toEqual(during);
    await stream.finish(reply, signal);

    expect(scene.shown(thread)).toEqual(["One. Two. Three."]);
  });

  it("goes on by edits before Slack closes it", async () => {
    await using scene = await openSlackScene({ deps: { streamTimings: { flushMs: 0, editMs: 0, nativeLifeMs: -1 } } });
    const thread = scene.thread();
    const { reply, ...opening } = outgoing(thread, "One. Two.");
    const stream = await scene.surface.adapter.openStream(opening, signal);

    await stream.append("One. ", signal);
    await stream.append("**Two.**", signal);
    const during = scene.shown(thread);
    await stream.finish(reply, signal);

    expect(during).toEqual(["One. Two."]);
    expect(called(scene, "chat.appendStream")).toBe(0);
    expect(called(scene, "chat.stopStream")).toBe(1);
    expect(scene.shown(thread)).toEqual(["One. Two."]);
  });

  it("asks a Slack that has no streams only once", async () => {
    await using scene = await openSlackScene({ fake: { streaming: false } });
    const thread = scene.thread();
    for (const text of ["One.", "Two."]) {
      const { reply, ...opening } = outgoing(thread, text);
      const stream = await scene.surface.adapter.openStream(opening, signal);
      await stream.finish(reply, signal);
    }

    expect(called(scene, "chat.startStream")).toBe(1);
    expect(scene.shown(thread)).toEqual(["One.", "Two."]);
  });

  it("keeps to Slack's budget of twenty a minute: the others are messages that are edited", async () => {
    await using scene = await openSlackScene();
    for (let number = 0; number < 9; number += 1) {
      const said = scene.slack.direct(["Anna", "Ben", "Carla"][number % 3]!, `Question ${number}`);
      const to = { installationId: scene.installationId, key: `${said.channel}:${said.ts}` };
      const { reply, ...opening } = outgoing(to, "Yes.");
      const stream = await scene.surface.adapter.openStream(opening, signal);
      await stream.append("Yes", signal);
      await stream.finish(reply, signal);
      expect(scene.shown(to)).toEqual(["Yes."]);
    }

    expect(called(scene, "chat.startStream")).toBe(6);
    expect(called(scene, "chat.postMessage")).toBe(3);
  });

  it("is refused as unknown when its start got no answer, so that it is looked for", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const message = outgoing(thread, "At nine.");
    scene.slack.faults.next("chat.startStream", { kind: "lose-reply" });

    await expect(scene.surface.adapter.openStream(message, signal)).rejects.toMatchObject({ failure: "unreachable" });
    const found = await scene.surface.adapter.reconcile(thread, message.deliveryId, signal);
    await scene.surface.adapter.edit(message, found!.platformId, signal);

    expect(scene.shown(thread)).toEqual(["At nine."]);
  });

  it("shows the start of a reply that is too long, and all of it in the end", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const long = Array.from({ length: 300 }, (_, at) => `Sentence ${at} of a very long answer that goes on.`);
    const reply = { blocks: parseReply(long.join("\n\n"), new Set<number>()), citations: [], actions: [] };
    const opening = outgoing(thread, reply);
    const stream = await scene.surface.adapter.openStream(opening, signal);
    for (const sentence of long) await stream.append(`${sentence}\n\n`, signal);
    await stream.finish(reply, signal);

    expect([
      ...scene
        .shown(thread)
        .join("\n")
        .matchAll(/Sentence \d+ of/gu),
    ]).toHaveLength(300);
    expect(await scene.surface.adapter.reconcile(thread, opening.deliveryId, signal)).toEqual(stream.posted);
  });

  it("calls nobody and links nowhere, whatever is written in it", async () => {
    await using scene = await openSlackScene();
    const thread = scene.thread();
    const stream = await scene.surface.adapter.openStream(outgoing(thread, ""), signal);

    await stream.append(
      "<!channel> <@U0BEN> <#C0GENERAL> <https://attacker.example|ok> https://attacker.example",
      signal,
    );

    expect(scene.slack.live()).toEqual({ mentions: [], links: [] });
    await stream.finish(plainReply("<!channel> <@U0BEN> https://attacker.example"), signal);
    expect(scene.slack.live()).toEqual({ mentions: [], links: [] });
  });

  it("sends text at most once an interval, and what is left when the interval is over", async () => {
    await using scene = await openSlackScene({
      deps: { streamTimings: { flushMs: 120, editMs: 120, nativeLifeMs: 225_000 } },
    });
    const thread = scene.thread();
    const stream = await scene.surface.adapter.openStream(outgoing(thread, ""), signal);
    for (const word of ["One ", "two ", "three ", "four."]) await stream.append(word, signal);
    expect(called(scene, "chat.appendStream")).toBe(1);

    await expect.poll(() => scene.shown(thread)).toEqual(["One two three four."]);
    expect(called(scene, "chat.appendStream")).toBe(2);
    await stream.abort();
  });
});
