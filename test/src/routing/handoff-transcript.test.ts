import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { listReply } from "../../../src/commands/handoff-replies.js";
import { transcriptMarkdown } from "../../../src/commands/handoff-transcript.js";
import { manageHandoffs } from "../../../src/commands/manage-handoffs.js";
import { replyText } from "../../../src/answering/reply-text.js";
import type { AgentNames } from "../../../src/handoff/agent-names.js";
import { systemClock } from "../../../src/ports/clock.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import type { HandoffTranscript } from "../../../src/ports/handoff-reports.js";
import { DEFAULT_TENANT, newId, type TenantId } from "../../../src/ports/ids.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { ana, cora, deletionOf, messageFrom, noteFrom } from "../../support/events.js";

describeEachDatabase("the transcript of a handoff", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let handoffId: string;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    scene = await CoreScene.start(database, platform, new ScriptedAnswering());
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?"));
    const thread = scene.at(platform.newestThread());
    await scene.play(messageFrom(ana, thread, "Hold <b>it</b>.\n# For ten seconds"));
    await scene.play(noteFrom(ana, thread, "Pays late."));
    const secret = messageFrom(cora, scene.at("c"), "My door code is on the mat.");
    await scene.play(secret);
    await scene.play(deletionOf(secret));
    handoffId = (await database.handoffBoard.list(DEFAULT_TENANT, 1))[0]!.handoffId;
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const ask = (
    code: string,
    given: { format?: "md" | "json"; reader?: "team" | "customer"; tenant?: TenantId; agentNames?: AgentNames } = {},
  ): Promise<unknown> => {
    const { format = "md", reader = "team", tenant = DEFAULT_TENANT, agentNames = "full" } = given;
    const command = { kind: "handoffs-transcript", handoff: code, format, reader } as const;
    return database.withStores(
      tenant,
      async ({ reports }) => (await manageHandoffs({ reports, agentNames, clock: systemClock }, command)).data,
    );
  };

  it("is all that was said, with notes marked and times, and nothing that was deleted", async () => {
    const found = (await ask(handoffId, { format: "json" })) as HandoffTranscript;
    expect(found.handoff).toMatchObject({
      handoffId,
      state: "claimed",
      customer: "Cora",
      claimedBy: "Ana",
      rating: null,
    });
    expect(found.entries.map(({ speaker, name }) => [speaker, name])).toEqual([
      ["customer", "Cora"],
      ["bot", "Deskhand"],
      ["agent", "Ana"],
      ["note", "Ana"],
    ]);
    expect(found.entries[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
    expect(JSON.stringify(found)).not.toContain("door code");
  });

  it("is Markdown in which nobody's words are markup", async () => {
    const markdown = await ask(handoffId.slice(-8));
    expect(markdown).toContain("**Ana** (support team), ");
    expect(markdown).toContain("> Hold \\<b>it\\</b>.\n> # For ten seconds");
    expect(markdown).toContain("**Ana** (internal note, not sent to the customer), ");
    expect(markdown).not.toContain("door code");
  });

  it("is without notes for a customer", async () => {
    for (const format of ["md", "json"] as const) {
      const text = JSON.stringify(await ask(handoffId, { format, reader: "customer" }));
      expect(text).toContain("Hold");
      expect(text).not.toMatch(/Pays late|internal note/u);
    }
  });

  it("names agents for a customer as the customer sees them, and for the team in full", async () => {
    for (const format of ["md", "json"] as const) {
      const hidden = { format, agentNames: "hidden" } as const;
      expect(JSON.stringify(await ask(handoffId, { ...hidden, reader: "customer" }))).not.toContain("Ana");
      expect(JSON.stringify(await ask(handoffId, { ...hidden, reader: "team" }))).toContain("Ana");
    }
    await scene.play(messageFrom(cora, scene.at("c"), "¿Cuánto tiempo tengo que esperar hasta que funcione?"));
    const shown = await ask(handoffId, { reader: "customer", agentNames: "hidden" });
    expect(shown).toContain("- State: claimed, Soporte");
    expect(shown).toContain("**Soporte** (support team), ");
    expect(shown).toContain("**Cora** (customer), ");
  });

  it("is nobody's of another tenant", async () => {
    await expect(ask(handoffId, { tenant: `t-${newId()}` })).rejects.toThrow(NotFoundError);
    await expect(ask("00000000")).rejects.toThrow(/There is no handoff 00000000/u);
    expect(await database.withStores(`t-${newId()}`, ({ reports }) => reports.list(9))).toEqual([]);
  });

  it("is found in a list that says who and how it stands, and how the question begins", async () => {
    const listed = await database.withStores(DEFAULT_TENANT, ({ reports }) => reports.list(9));
    const shown = replyText(listReply(listed, 50));
    expect(shown).toContain(handoffId.slice(-6));
    expect(shown).toMatch(/Cora[^]*claimed[^]*Ana/u);
    const long = listed.map((one) => ({ ...one, question: `How do I reset\n the router ${"again ".repeat(20)}` }));
    expect(shown).toContain(listed[0]!.question);
    expect(replyText(listReply(long, 50))).toContain("How do I reset the router again again ag…");
    const elsewhere = replyText(listReply(listed, 50, true));
    expect(elsewhere).toMatch(/Cora[^]*claimed[^]*Ana[^]*What they asked is shown where nobody else reads it/u);
    expect(elsewhere).not.toContain(listed[0]!.question);
    expect(replyText(listReply([], 50))).toBe("Nothing was handed over to people yet.");
  });

  it("says where it is cut, and where nothing is kept", async () => {
    const options = { limit: 2, isForCustomer: false };
    const found = await database.withStores(DEFAULT_TENANT, ({ reports }) => reports.transcript(handoffId, options));
    expect(found).toMatchObject({ isCut: true, entries: [{ speaker: "agent" }, { speaker: "note" }] });
    expect(transcriptMarkdown(found)).toContain("The newest 2 messages; there are more before these.");
    expect(transcriptMarkdown({ ...found, entries: [], isCut: false })).toContain("Nothing is kept of what was said.");
  });
});
