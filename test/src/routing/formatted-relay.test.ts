import { afterEach, beforeEach, expect, it } from "vitest";
import { parseReply } from "../../../infra/postgres/reply-codec.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { parseReply as blocksOf } from "../../../src/answering/parse-reply.js";
import { replyMarkdown } from "../../../src/answering/reply-markdown.js";
import type { Author, EditEvent, MessageEvent } from "../../../src/ports/chat.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana, cora, editOf, messageFrom } from "../../support/events.js";

const NO_MARK: ReadonlySet<number> = new Set();

/** A form with a mark in each part of it, as a provider gives them out. */
const KEY = ["AKIA", "IOSF", "ODNN", "7EXAMPLE"];

describeEachDatabase("what is relayed with its formatting", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let answering: ScriptedAnswering;
  let thread: string;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    answering = new ScriptedAnswering();
    scene = await CoreScene.start(database, platform, answering);
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    thread = platform.newestThread();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** As Slack would send it: the text holds the marks, the blocks hold what they mean. */
  function write(markdown: string, author: Author = ana, where = thread): MessageEvent {
    return messageFrom(author, scene.at(where), markdown, { blocks: blocksOf(markdown, NO_MARK) });
  }

  function changed(message: MessageEvent, markdown: string): EditEvent {
    return { ...editOf(message, markdown), blocks: blocksOf(markdown, NO_MARK) };
  }

  async function rows(sql: string): Promise<readonly string[]> {
    const found = await database.withTenant(DEFAULT_TENANT, (db) => db.query<{ line: unknown }>(sql));
    return found.rows.map(({ line }) => (typeof line === "string" ? line : replyMarkdown(parseReply(line).blocks)));
  }

  const relayed = () =>
    rows(
      "select reply as line from delivery where purpose = 'relay' and operation in ('post', 'edit') and speaker_role <> 'bot' order by seq",
    );
  const transcript = () => rows("select speaker || ': ' || body as line from transcript_entry order by at, seq");
  const everything = async () =>
    JSON.stringify(
      await Promise.all(
        ["inbox", "delivery", "transcript_entry", "handoff", "handoff_event"].map((table) =>
          rows(`select to_jsonb(stored)::text as line from ${table} as stored`),
        ),
      ),
    );

  it("arrives so on either side, and the transcript has the words alone", async () => {
    expect(await scene.play(write("**Press** it:\n\n1. here\n2. `there`"))).toBe("relayed: to-customer");
    expect(await scene.play(write("> it\n\nis ~~on~~ *off*", cora, "c"))).toBe("relayed: to-agents");
    expect(await relayed()).toEqual(["**Press** it:\n\n1. here\n2. `there`", "> it\n\nis ~~on~~ *off*"]);
    expect((await transcript()).slice(-2)).toEqual([
      "agent: Press it:\n\n1. here\n2. there",
      "customer: it\n\nis on off",
    ]);
  });

  it("keeps its formatting when it is changed, also when nothing but that is changed", async () => {
    const reply = write("Press it");
    await scene.play(reply);
    const shown = platform.shown.length;
    const first = changed(reply, "Press **it**");
    expect(await scene.play(first)).toBe("relayed: edit");
    const again = { ...first, eventId: "again", revision: first.revision + 1_000 };
    expect(await scene.play(again)).toBe("ignored: unchanged");
    expect(await scene.play(changed(reply, "Press it"))).toBe("relayed: edit");
    expect((await relayed()).slice(-2)).toEqual(["Press **it**", "Press it"]);
    expect(platform.shown).toHaveLength(shown);

    const asked = write("and **then**", cora, "c");
    await scene.play(asked);
    expect(await scene.play(changed(asked, "and\n\n- now"))).toBe("relayed: edit");
    expect((await relayed()).at(-1)).toBe("Changed an earlier message. It now says:\\\nand\n\n- now");
    expect((await transcript()).at(-1)).toBe("customer: and\n\n- now");
  });

  it("is asked, handed over and kept without marks, and a change of those alone changes nothing", async () => {
    const answered = write("How do I **reset** `it`?", cora, "d");
    expect(await scene.play(answered)).toBe("answered: confident");
    expect(await scene.play(changed(answered, "How do I *reset* it?"))).toBe("ignored: unchanged");
    expect(await scene.play(changed(answered, "How do I **move** it?"))).toBe("answered: confident");

    const unknown = write("Unknown **lamp**:\n\n1. red", cora, "e");
    await scene.play(unknown);
    expect(await scene.play(changed(unknown, "*Unknown* lamp:\n\n1. red."))).toBe("ignored: unchanged");
    expect(answering.questions.slice(-3)).toEqual([
      "How do I reset it?",
      "How do I move it?",
      "Unknown lamp:\n\n1. red",
    ]);
    expect(await rows("select question as line from handoff order by created_at desc limit 1")).toEqual([
      "Unknown lamp:\n\n1. red",
    ]);
    expect(await everything()).not.toMatch(/"body": ?"[^"]*[*`]/u);
    expect(platform.texts("agents").at(-1)).toContain("Unknown lamp:");
  });

  it.each([
    ["bold", KEY.map((part, index) => (index % 2 === 1 ? `**${part}**` : part)).join("")],
    ["code and bold", `${KEY[0] ?? ""}**${KEY[1] ?? ""}**\`${KEY.slice(2).join("")}\``],
    ["an item of a list", `- key: ${KEY.join("")}`],
  ])("holds back a key that is cut into pieces of %s, and keeps nothing of it", async (_, markdown) => {
    const before = platform.texts("c").length;
    expect(await scene.play(write(`Take ${markdown}`.replace("Take -", "-")))).toMatch(/^recorded: held-back/u);
    expect(platform.texts("c")).toHaveLength(before);
    expect(await everything()).not.toMatch(new RegExp(KEY.slice(1).join("|"), "u"));
  });

  it("takes the copy back when a change brings such a key in, or makes it a note", async () => {
    for (const markdown of [`**${KEY[0] ?? ""}**${KEY.slice(1).join("")}`, "1. **/**/ he is angry"]) {
      const reply = write("Hello **there**");
      await scene.play(reply);
      expect(await scene.play(changed(reply, markdown))).toMatch(/^recorded: (?:held-back|became-note)/u);
      expect(platform.texts("c").join()).not.toMatch(/there|AKIA|angry/u);
    }
    expect((await transcript()).at(-1)).toBe("note: he is angry");
  });

  it("is a note behind a number also where nothing is formatted, typed so or changed into it", async () => {
    expect(await scene.play(messageFrom(ana, scene.at(thread), "1. // he is angry"))).toBe("recorded: note");
    const reply = messageFrom(ana, scene.at(thread), "Hello there");
    await scene.play(reply);
    expect(await scene.play(editOf(reply, "1) note: he is angry"))).toBe("recorded: became-note");
    expect(platform.texts("c").join()).not.toMatch(/angry|there/u);
  });

  it("shows four digits of a card's number that is cut into pieces", async () => {
    await scene.play(write("My card is **4111 1111** 1111 *1111*", cora, "c"));
    expect(await everything()).not.toContain("1111 1111");
    expect((await transcript()).at(-1)).toBe("customer: My card is •••• 1111");
  });
});
