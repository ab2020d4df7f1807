import { describe, expect, it } from "vitest";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { rawCall, rawOutcome } from "./raw-call.js";

const plain = (text: string): unknown => ({ type: "plain_text", text });
const mrkdwn = (text: string): unknown => ({ type: "mrkdwn", text });
const button = (text: string): unknown => ({ type: "button", action_id: text, text: plain(text) });

async function shownBlocks(...blocks: readonly unknown[]): Promise<string> {
  await using fake = await FakeSlack.start();
  await expect(
    rawOutcome(fake, "chat.postMessage", { channel: "C0GENERAL", text: "for notifications", blocks }),
  ).resolves.toBe("ok");
  return fake.transcript("general").replace("Deskhand: ", "");
}

describe("The transcript", () => {
  it("shows answers below their root, edits applied, deleted messages gone", async () => {
    await using fake = await FakeSlack.start();
    const first = fake.say("Anna", "general", "first");
    const second = fake.say("Ben", "general", "second, see #agents");
    fake.say("Carla", "general", "an answer", { thread: first.ts });
    fake.people.edit("Anna", first, "first, edited");
    const gone = fake.say("Anna", "general", "never mind");
    fake.people.remove("Anna", gone);
    const everything = "Anna: first, edited\n    Carla: an answer\nBen: second, see #agents";
    expect(fake.transcript("general")).toBe(everything);
    expect(fake.transcript("general", first.thread)).toBe("Anna: first, edited\nCarla: an answer");
    expect(fake.transcript("general", second.thread)).toBe("Ben: second, see #agents");
  });

  it("takes a name for a mention only where it stands as a word", async () => {
    await using fake = await FakeSlack.start();
    fake.say("Anna", "general", "@Ben, write to a@Ben.test or @Benjamin");
    expect(fake.messages("general")[0]?.text).toBe("<@U0BEN>, write to a@Ben.test or @Benjamin");
  });

  it("shows a message while it is written, and what it became", async () => {
    await using fake = await FakeSlack.start();
    const said = fake.direct("Anna", "when?");
    const { body } = await rawCall(fake, "chat.startStream", {
      channel: said.channel,
      thread_ts: said.thread,
      markdown_text: "At",
    });
    expect(fake.transcript(said.channel)).toBe("Anna: when?\n    Deskhand: At …");
    await rawCall(fake, "chat.stopStream", { channel: said.channel, ts: body["ts"], markdown_text: " **nine**" });
    expect(fake.transcript(said.channel)).toBe("Anna: when?\n    Deskhand: At nine");
  });

  it.each([
    [
      "mrkdwn",
      { type: "section", text: mrkdwn("*At* nine &lt;sharp&gt;, see <https://acme.test|hours>") },
      "At nine <sharp>, see hours (https://acme.test)",
    ],
    ["plain text as it is", { type: "section", text: plain("*At* <nine>") }, "*At* <nine>"],
    [
      "Markdown",
      { type: "markdown", text: "**At** nine\n\n- a\n- b [c](https://acme.test)" },
      "At nine\n  • a\n  • b c (https://acme.test)",
    ],
    [
      "fields and what stands beside",
      { type: "section", fields: [mrkdwn("a"), plain("b")], accessory: button("Go") },
      "a\n  b\n  [Go]",
    ],
    ["a header", { type: "header", text: plain("Hours") }, "Hours"],
    ["a divider", { type: "divider" }, "---"],
    ["a context", { type: "context", elements: [plain("a"), mrkdwn("b")] }, "a b"],
    ["buttons", { type: "actions", elements: [button("Claim"), button("Resolve")] }, "[Claim] [Resolve]"],
    [
      "rich text",
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: "At " },
              { type: "link", url: "https://acme.test", text: "nine" },
            ],
          },
          {
            type: "rich_text_list",
            style: "ordered",
            elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }],
          },
          { type: "rich_text_quote", elements: [{ type: "text", text: "b\nc" }] },
        ],
      },
      "At nine (https://acme.test)\n  1. a\n  > b\n  > c",
    ],
    [
      "a table",
      {
        type: "table",
        rows: [
          [
            { type: "raw_text", text: "a" },
            { type: "raw_text", text: "b" },
          ],
          [{ type: "raw_text", text: "c" }],
        ],
      },
      "a | b\n  c",
    ],
  ])("shows %s", async (_what, block, expected) => {
    await expect(shownBlocks(block)).resolves.toBe(expected);
  });
});

describe("What is alive in the app's messages", () => {
  async function liveIn(args: Readonly<Record<string, unknown>>): Promise<ReturnType<FakeSlack["live"]>> {
    await using fake = await FakeSlack.start();
    await expect(rawOutcome(fake, "chat.postMessage", { channel: "C0GENERAL", ...args })).resolves.toBe("ok");
    return fake.live();
  }

  const nothing = { mentions: [], links: [] };

  it.each([
    ["a mention in text", { text: "<!channel> and <@U0BEN>" }, { mentions: ["channel", "U0BEN"], links: [] }],
    ["an escaped mention in text", { text: "&lt;!channel&gt; and @channel" }, nothing],
    [
      "a mention of everybody in text that is parsed fully",
      { text: "@channel", parse: "full" },
      { mentions: ["channel"], links: [] },
    ],
    ["a link in text", { text: "<https://evil.test|ours>" }, { mentions: [], links: ["https://evil.test"] }],
    ["a bare address in text", { text: "see https://evil.test/a" }, { mentions: [], links: ["https://evil.test/a"] }],
    ["a bare address in plain text", { blocks: [{ type: "section", text: plain("https://evil.test") }] }, nothing],
    [
      "a bare address in verbatim text",
      { blocks: [{ type: "section", text: { ...(mrkdwn("https://evil.test") as object), verbatim: true } }] },
      nothing,
    ],
    [
      "a link in Markdown",
      { blocks: [{ type: "markdown", text: "[ours](https://evil.test)" }] },
      { mentions: [], links: ["https://evil.test"] },
    ],
    ["a mention in Markdown", { blocks: [{ type: "markdown", text: "<!here>" }] }, { mentions: ["here"], links: [] }],
    [
      "a mention in text beside blocks",
      { text: "<!here>", blocks: [{ type: "divider" }] },
      { mentions: ["here"], links: [] },
    ],
    [
      "rich text elements",
      {
        blocks: [
          {
            type: "rich_text",
            elements: [
              {
                type: "rich_text_section",
                elements: [
                  { type: "text", text: "<!channel> https://evil.test" },
                  { type: "broadcast", range: "everyone" },
                  { type: "link", url: "https://ours.test" },
                ],
              },
            ],
          },
        ],
      },
      { mentions: ["everyone"], links: ["https://ours.test"] },
    ],
  ])("%s", async (_what, args, expected) => {
    await expect(liveIn(args)).resolves.toEqual(expected);
  });
});

describe("The status below a thread", () => {
  it("goes away with the next message, when it is cleared, and after two minutes", async () => {
    await using fake = await FakeSlack.start();
    const said = fake.say("Anna", "general", "when?");
    const set = (status: string): Promise<unknown> =>
      rawOutcome(fake, "assistant.threads.setStatus", { channel_id: "C0GENERAL", thread_ts: said.thread, status });
    await set("Looking");
    expect(fake.status("general", said.thread)).toBe("Looking");
    await rawOutcome(fake, "chat.postMessage", { channel: "C0GENERAL", thread_ts: said.thread, text: "At nine" });
    expect(fake.status("general", said.thread)).toBeNull();

    await set("Looking");
    await set("");
    expect(fake.status("general", said.thread)).toBeNull();

    await set("Looking");
    fake.clock.advance(120_000);
    expect(fake.status("general", said.thread)).toBeNull();
  });
});
