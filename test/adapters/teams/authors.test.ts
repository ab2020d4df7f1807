import { describe, expect, it } from "vitest";
import { toSpeaking, type AuthorSettings } from "../../../adapters/teams/authors.js";
import { People } from "../../../adapters/teams/people.js";
import { ChatPlatformError } from "../../../src/ports/chat.js";
import { adam, ana } from "../../fakes/teams/people.js";
import type { Person } from "../../fakes/teams/teams-state.js";
import { silentLogger } from "../../support/silent-logger.js";
import { AGENTS, HOME_TENANT } from "./teams-harness.js";

const settings: AuthorSettings = {
  agentsChannels: [AGENTS],
  admins: [adam.aadObjectId],
  audience: ["public", "staff"],
  homeTenantId: HOME_TENANT,
};
const roster = {
  serviceUrl: "https://smba.trafficmanager.net/emea/",
  conversationId: AGENTS,
  type: "channel",
  tenantId: HOME_TENANT,
  botId: "28:app",
} as const;

const notOnList = new ChatPlatformError("not-found", "look up member", {
  cause: { code: "MemberNotFoundInConversation" },
});

/** Bot Connector, which fails from some time on. */
function openDesk() {
  const desk = { now: 0, isDown: false, isGone: false, userPrincipalName: "x@acme.example" };
  const people = new People({
    lookUp: () =>
      desk.isDown || desk.isGone
        ? Promise.reject(desk.isGone ? notOnList : new ChatPlatformError("unreachable", "look up member"))
        : Promise.resolve({ userPrincipalName: desk.userPrincipalName, tenantId: HOME_TENANT }),
    logger: silentLogger,
    nowMs: () => desk.now,
  });
  const speaks = async (from: Person) => {
    const { author, audience } = await toSpeaking(
      { from, conversationId: `${AGENTS};messageid=7`, roster },
      settings,
      people,
    );
    return { role: author.role, audience };
  };
  return Object.assign(desk, { speaks });
}

describe("while Bot Connector fails", () => {
  it.each([
    ["agent", ana],
    ["admin", adam],
  ])("who was a member before stays an %s, and reads what everybody may read", async (role, person) => {
    const desk = openDesk();
    expect(await desk.speaks(person)).toEqual({ role, audience: ["public", "staff"] });
    desk.isDown = true;
    desk.now = 3_600_000;

    expect(await desk.speaks(person)).toEqual({ role, audience: ["public"] });
  });

  it("who was a guest before stays one, also where Teams names the tenant as theirs", async () => {
    const desk = openDesk();
    desk.userPrincipalName = "x_b.example#EXT#@acme.example";
    await desk.speaks(ana);
    desk.isDown = true;
    desk.now = 3_600_000;
    const namesTenant = { ...ana, tenantId: HOME_TENANT };

    expect(await desk.speaks(namesTenant)).toEqual({ role: "customer", audience: ["public"] });
  });

  it("who was never looked up is a customer", async () => {
    const desk = openDesk();
    desk.isDown = true;

    expect(await desk.speaks(adam)).toEqual({ role: "customer", audience: ["public"] });
  });
});

describe("who was taken out of the team", () => {
  it.each([{}, { tenantId: HOME_TENANT }])("is no agent any more within seconds, also with %j", async (named) => {
    const desk = openDesk();
    expect(await desk.speaks(ana)).toMatchObject({ role: "agent" });
    desk.isGone = true;
    desk.now = 15_000;
    expect(await desk.speaks({ ...ana, ...named })).toEqual({ role: "customer", audience: ["public"] });
    desk.isGone = false;
    desk.now = 30_000;
    expect(await desk.speaks(ana)).toMatchObject({ role: "agent" });
  });
});
