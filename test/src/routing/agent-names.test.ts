import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { AgentNames } from "../../../src/handoff/agent-names.js";
import type { HandoffRules } from "../../../src/handoff/handoff-scene.js";
import type { Author, MessageEvent, ReactionEvent } from "../../../src/ports/chat.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana as plainAna, cora, deletionOf, editOf, messageFrom } from "../../support/events.js";
import { ANY_FILES } from "../../support/handoff-rules.js";
import { planOf } from "../../support/teams.js";

const ana: Author = { ...plainAna, displayName: "Ana Lopez" };
const ben: Author = { ...plainAna, id: "ben", displayName: "Dr. Ben Marsh" };
const LATER = planOf(
  [
    { name: "billing", hours: null },
    { name: "desk", hours: null },
  ],
  [],
);
const REPLIES = [{ name: "greet", texts: { any: "Hello, this is {agent}." } }];

describeEachDatabase("the names of agents", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let thread: string;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const rulesOf = (
    agentNames: AgentNames,
  ): Partial<Pick<HandoffRules, "agentNames" | "replies" | "teams" | "files">> => ({
    agentNames,
    replies: REPLIES,
    teams: LATER,
    files: ANY_FILES,
  });

  async function handedOver(agentNames: AgentNames, question = "Unknown?"): Promise<void> {
    const options = { handoff: rulesOf(agentNames) };
    scene = await CoreScene.start(database, platform, new ScriptedAnswering(), options);
    scene.agentsChannel = (team) => scene.at(`agents-${team}`);
    await scene.play(messageFrom(cora, scene.at("c"), question));
    thread = platform.newestThread("agents-desk");
  }

  async function setTo(agentNames: AgentNames): Promise<void> {
    const options = { handoff: rulesOf(agentNames) };
    scene = await CoreScene.startAgain(database, platform, new ScriptedAnswering(), scene, options);
    scene.agentsChannel = (team) => scene.at(`agents-${team}`);
  }

  const say = (text: string) => scene.play(messageFrom(cora, scene.at("c"), text));
  async function write(author: Author, text: string, changes: Partial<MessageEvent> = {}): Promise<MessageEvent> {
    const message = messageFrom(author, scene.at(thread), text, changes);
    expect(await scene.play(message)).toMatch(/^(?:relayed|recorded): (?!refused)/u);
    return message;
  }
  const toCora = () =>
    platform.shown
      .filter(({ conversation, isDeleted }) => conversation === "c" && isDeleted !== true)
      .map(({ name, text }) => `${name}: ${text}`);
  const seenByTeam = () =>
    platform.shown.filter(({ conversation }) => conversation.startsWith("agents")).map(({ text }) => text);

  async function react(author: Author, words: string): Promise<void> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ platform_id: string }>(
        `select platform_id from delivery where purpose = 'relay' and reply::text like $1 and tenant_id = current_tenant()`,
        [`%${words}%`],
      ),
    );
    const { conversation, channelId, occurredAt, audience } = messageFrom(author, scene.at(thread), "");
    const at = { conversation, channelId, occurredAt, audience, author, messageId: rows[0]?.platform_id ?? "" };
    const reaction: ReactionEvent = {
      ...at,
      kind: "reaction",
      eventId: newId(),
      revision: 1,
      emoji: "👍",
      isAdded: true,
    };
    expect(await scene.play(reaction)).toBe("relayed: reaction");
  }

  async function uploaded(name: string) {
    const fileId = newId();
    await database.withStores(DEFAULT_TENANT, async ({ conversations, files }) => {
      const conversationId = await conversations.ensure(scene.at(thread));
      const keepUntil = new Date(Date.now() + 60_000);
      await files.begin({ fileId, conversationId, of: null, name, mediaType: "image/png", keepUntil });
      await files.append(fileId, 0, Buffer.from("x"));
      await files.keep(fileId, 1);
    });
    return { name, mediaType: "image/png", sizeBytes: 1, source: null, link: null, keptId: fileId };
  }

  /** Everything in which an agent is named, once. */
  async function wholeLife(): Promise<void> {
    await write(ana, "!claim");
    await write(ana, "Hold the knob.", { files: [await uploaded("knob.png")] });
    await write(ana, "!reply greet");
    await say("I do hold it");
    await react(ana, "I do hold it");
    await write(ben, "!take");
    await write(ben, "!resolve");
    await write(ben, "!reopen");
    await write(ben, "!team billing");
    thread = platform.newestThread("agents-billing");
    await write(ben, "!claim");
    await write(ben, "!return");
  }

  describe.each([
    ["full", ["Ana Lopez", "Ana Lopez"], ["Dr. Ben Marsh", "Dr. Ben Marsh"]],
    ["first", ["Ana", "Ana"], ["Ben", "Ben"]],
    ["hidden", ["Support", "The team"], ["Support", "The team"]],
  ] as const)("are shown to a customer: %s", (agentNames, [one, first], [, other]) => {
    it("in replies, with files, in what is sent by name, under reactions and in every notice", async () => {
      await handedOver(agentNames);
      await wholeLife();
      expect(toCora().slice(1)).toEqual([
        `Deskhand: ${first} has joined and will help you from here.`,
        `${one}: Hold the knob.`,
        expect.stringMatching(new RegExp(`^${one}: .*knob\\.png`, "u")),
        `${one}: Hello, this is ${one}.`,
        `Deskhand: ${first} reacted with 👍 to: “I do hold it”`,
        `Deskhand: ${other} has joined and will help you from here.`,
        `Deskhand: ${other} has marked this as solved. Is it? If not, press the button or just write what is left.`,
        `Deskhand: ${other} has joined and will help you from here.`,
        `Deskhand: ${other} has passed your question on to another team. They'll answer you right here.`,
        `Deskhand: ${other} has joined and will help you from here.`,
        `Deskhand: ${other} has handed this back to me. If there is anything else, just ask.`,
      ]);
    });
  });

  it("are in full for the team however customers see them: in its threads, on cards and in the transcript", async () => {
    await handedOver("hidden");
    await wholeLife();
    const seen = seenByTeam().join("\n");
    expect(seen).toContain("Ana Lopez has claimed this.");
    expect(seen).toContain("Dr. Ben Marsh has resolved this.");
    expect(seen).toMatch(/So far[^]*Ana Lopez: Hold the knob\./u);
    const [handoff] = await database.withStores(DEFAULT_TENANT, ({ reports }) => reports.list(1));
    const { entries } = await database.withStores(DEFAULT_TENANT, ({ reports }) =>
      reports.transcript(handoff!.handoffId, { limit: 99, isForCustomer: false }),
    );
    expect(new Set(entries.filter(({ speaker }) => speaker === "agent").map(({ name }) => name))).toEqual(
      new Set(["Ana Lopez"]),
    );
  });

  it("are hidden in the customer's language", async () => {
    await handedOver("hidden", "Unknown: warum blinkt die rote Lampe an meinem Gerät noch immer?");
    await write(ana, "Halten Sie den Knopf.");
    expect(toCora().slice(1)).toEqual([
      "Deskhand: Das Team ist jetzt dabei und hilft Ihnen weiter.",
      "Support: Halten Sie den Knopf.",
    ]);
    await say("¿Y cuánto tiempo tengo que esperar hasta que funcione otra vez?");
    await write(ana, "Un minuto.");
    expect(toCora().at(-1)).toBe("Soporte: Un minuto.");
  });

  it("stay with a reply as it was posted, also where it is changed or taken back after the setting", async () => {
    await handedOver("first");
    const reply = await write(ana, "Hold the knob.");
    const gone = await write(ana, "Hold the lamp.");
    await setTo("hidden");
    await scene.play(editOf(reply, "Hold the green knob."));
    expect(toCora()).toContain("Ana: Hold the green knob.");

    platform.refuseDeletions();
    await scene.play(deletionOf(gone));
    await scene.settled();
    expect(toCora()).toContain("Ana: (This message was taken back.)");
    await write(ana, "Well done.");
    expect(toCora().at(-1)).toBe("Support: Well done.");
  });

  it.each(["Thanks, Support!", "Gracias, Soporte"])("are thanked for by what is shown of them: %s", async (thanks) => {
    await handedOver("hidden");
    await write(ana, "Hold the knob.");
    await write(ana, "!resolve");
    expect(await say(thanks)).toBe("recorded: confirmed");
  });
});
