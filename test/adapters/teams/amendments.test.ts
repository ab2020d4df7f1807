import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cora } from "../../fakes/teams/people.js";
import { openTeams, SUPPORT, type TeamsHarness } from "./teams-harness.js";

let teams: TeamsHarness;
beforeEach(async () => {
  teams = await openTeams();
});
afterEach(() => teams[Symbol.asyncDispose]());

function newest(): string {
  return teams.fake.state.messages.findLast(({ isBots }) => !isBots)!.id;
}

describe("what comes after a message", () => {
  it("is an edit of that message, in its conversation, and each edit one event", async () => {
    await teams.fake.direct(cora, "How do I rest it?");
    const id = newest();
    await teams.fake.edit(cora, id, "How do I reset it?");
    await teams.fake.edit(cora, id, "How do I reset the lamp?", { timestamp: "2030-01-01T00:00:00.000Z" });

    const [message, ...edits] = teams.accepted;
    expect(edits.map((edit) => [edit.kind, "text" in edit && edit.text])).toEqual([
      ["edit", "How do I reset it?"],
      ["edit", "How do I reset the lamp?"],
    ]);
    for (const edit of edits) {
      const { conversation, channelId, messageId, author, audience } = message!;
      expect(edit).toMatchObject({ conversation, channelId, messageId, author, audience, addressesBot: true });
    }
    expect(new Set(teams.accepted.map(({ eventId }) => eventId)).size).toBe(3);
    expect(new Set(teams.accepted.map(({ revision }) => revision)).size).toBe(3);
  });

  it("is a deletion, and an edit when the deletion is taken back", async () => {
    await teams.fake.mention(cora, SUPPORT, "How do I reset it?");
    const id = newest();
    teams.takesPartIn.add(teams.accepted[0]!.conversation.key);
    await teams.fake.remove(cora, id);
    await teams.fake.restore(cora, id);

    expect(teams.accepted).toMatchObject([
      { kind: "message", messageId: id },
      { kind: "deletion", messageId: id },
      { kind: "edit", messageId: id, addressesBot: false },
    ]);
  });

  it("is nothing where the bot takes no part", async () => {
    await teams.fake.say(cora, SUPPORT, "How do I reset it?");
    await teams.fake.edit(cora, newest(), "How do I reset the lamp?");
    await teams.fake.remove(cora, newest());

    expect(teams.accepted).toEqual([]);
  });

  it("is the same event when Bot Connector delivers it again", async () => {
    await teams.fake.direct(cora, "How do I rest it?");
    const again = { timestamp: "2030-01-01T00:00:00.000Z" };
    await teams.fake.edit(cora, newest(), "How do I reset it?", again);
    await teams.fake.edit(cora, newest(), "How do I reset it?", again);

    const [, first, second] = teams.accepted;
    expect([second?.eventId, second?.revision]).toEqual([first?.eventId, first?.revision]);
  });
});
