import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../fakes/teams/fake-teams.js";
import { adam, ana, cora, gus } from "../../fakes/teams/people.js";
import { TEAM_ID, type Person } from "../../fakes/teams/teams-state.js";
import { AGENTS, HOME_TENANT, openTeams, OTHER_TENANT, SUPPORT, type TeamsHarness } from "./teams-harness.js";

let teams: TeamsHarness;
beforeEach(async () => {
  teams = await openTeams();
});
afterEach(async () => teams[Symbol.asyncDispose]());

const STAFF = { audience: ["public", "staff"] };
const handoffId = "0199a000-0000-7000-8000-0000000000bb";
const claim = { action: { type: "Action.Execute", verb: "claim", data: { action: { name: "claim", handoffId } } } };
const inTenant = (tenantId: string) => ({
  conversation: { id: "a:29:cora", conversationType: "personal", tenantId },
  channelData: { tenant: { id: tenantId } },
});
const listedAs = (listed: NonNullable<Person["listed"]>): Person => ({ ...cora, listed });

describe("who reads what", () => {
  it.each<readonly [string, Person, readonly string[]]>([
    ["one of the tenant's own people", cora, ["public", "staff"]],
    ["a guest", listedAs({ userRole: "guest" }), ["public"]],
    ["a guest whom the list calls a user", gus, ["public"]],
    ["somebody anonymous", listedAs({ userRole: "anonymous" }), ["public"]],
    ["somebody whom the list has in another tenant", listedAs({ tenantId: OTHER_TENANT }), ["public"]],
    ["somebody of whom the list says too little", listedAs({ userPrincipalName: null }), ["public"]],
  ])("%s", async (_who, person, audience) => {
    expect(await teams.fake.direct(person, "How?")).toMatchObject({ status: 200 });
    await teams.fake.invoke(person, teams.fake.chatWith(person), claim);

    expect(teams.accepted).toMatchObject([
      { kind: "message", audience, author: { role: "customer" } },
      { kind: "action", audience, author: { role: "customer" } },
    ]);
  });

  it.each<readonly [string, Fault]>([
    ["is not on the list", { kind: "status", status: 404 }],
    ["cannot be looked up", { kind: "status", status: 500 }],
    ["is looked up for too long", { kind: "hang" }],
    ["is looked up by a connection that breaks", { kind: "cut" }],
  ])("somebody who %s reads what everybody may read, and is asked for once", async (_what, fault) => {
    await using impatient = await openTeams({ surface: { lookUpPatienceMs: 200 } });
    impatient.fake.failLookUps(fault);
    for (const text of ["One?", "Two?"]) {
      expect(await impatient.fake.direct(adam, text)).toMatchObject({ status: 200 });
    }

    expect(impatient.accepted).toMatchObject([
      { audience: ["public"], author: { role: "customer" } },
      { audience: ["public"], author: { role: "customer" } },
    ]);
    expect(impatient.fake.lookUps).toHaveLength(1);
  });

  it("asks once for a person, wherever they write", async () => {
    await teams.fake.direct(cora, "How?");
    await teams.fake.mention(cora, SUPPORT, "How?");
    await teams.fake.direct(cora, "And then?");

    expect(teams.accepted).toMatchObject([STAFF, STAFF, STAFF]);
    expect(teams.fake.lookUps).toEqual(["/teams/v3/conversations/a%3A29%3Acora/members/29%3Acora"]);
  });

  it("asks the team's list for who writes in a channel's thread", async () => {
    await teams.fake.mention(cora, SUPPORT, "How?");

    const team = encodeURIComponent(TEAM_ID);
    expect(teams.accepted).toMatchObject([STAFF]);
    expect(teams.fake.lookUps).toEqual([`/teams/v3/conversations/${team}/members/29%3Acora`]);
  });

  it("asks the list of a group chat for who writes there", async () => {
    const chat = teams.fake.addConversation("19:group@thread.v2", "groupChat", [cora]);
    await teams.fake.mention(cora, chat, "How?");

    expect(teams.accepted).toMatchObject([STAFF]);
  });

  it.each([
    ["another tenant on the list", inTenant(OTHER_TENANT)],
    ["an account of another tenant", { from: { ...cora, tenantId: OTHER_TENANT } }],
    ["an account without an object id", { from: { id: cora.id, name: "Cora" } }],
    ["an account that is called a guest's", { from: { ...cora, userRole: "guest" } }],
  ])("asks nobody about %s", async (_what, changes) => {
    await using open = await openTeams({ surface: { allowedTenants: [OTHER_TENANT] } });
    await open.fake.direct(cora, "How?", changes);

    expect(open.accepted).toMatchObject([{ audience: ["public"], author: { role: "customer" } }]);
    expect(open.fake.lookUps).toEqual([]);
  });

  it("asks nobody about what is not stored", async () => {
    await teams.fake.say(cora, SUPPORT, "Lunch?");
    await teams.fake.direct(cora, "hello", { type: "messageReaction", text: undefined });
    await teams.fake.direct(cora, "hello", {}, { isStrangersKey: true });

    expect(teams.fake.lookUps).toEqual([]);
  });
});

describe("who works handoffs", () => {
  const thread = `${AGENTS};messageid=7`;

  it("a member in the agents' channel, and no guest there", async () => {
    await teams.fake.say(ana, thread, "Hold it.");
    await teams.fake.say(gus, thread, "Hold it.");
    await teams.fake.invoke(gus, thread, claim);

    expect(teams.accepted).toMatchObject([
      { author: { role: "agent" }, ...STAFF },
      { author: { role: "customer", id: gus.aadObjectId }, audience: ["public"] },
      { kind: "action", author: { role: "customer" } },
    ]);
  });

  it("no guest and nobody of another tenant is an admin, whatever list they are on", async () => {
    const admins = [gus.aadObjectId, adam.aadObjectId, cora.aadObjectId];
    await using open = await openTeams({ surface: { admins, allowedTenants: [OTHER_TENANT] } });
    await open.fake.direct(gus, "kb sync docs");
    await open.fake.direct(cora, "kb sync docs", inTenant(OTHER_TENANT));
    await open.fake.direct(adam, "kb sync docs");

    expect(open.accepted.map(({ author }) => author.role)).toEqual(["customer", "customer", "admin"]);
  });

  it("somebody who cannot be looked up, where Teams names the tenant as theirs, but reads no more", async () => {
    teams.fake.failLookUps({ kind: "status", status: 500 });
    await teams.fake.direct(adam, "kb status", { from: { ...adam, tenantId: HOME_TENANT } });

    expect(teams.accepted).toMatchObject([{ author: { role: "admin" }, audience: ["public"] }]);
  });

  it("an agent in the only tenant of an app that has none of its own", async () => {
    const surface = { appType: "MultiTenant", appTenantId: null, allowedTenants: [HOME_TENANT] } as const;
    await using open = await openTeams({ surface });
    await open.fake.say(ana, thread, "Hold it.");

    expect(open.accepted).toMatchObject([{ author: { role: "agent" }, audience: ["public"] }]);
  });
});
