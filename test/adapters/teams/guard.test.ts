import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTeamsSurface } from "../../../adapters/teams/teams-surface.js";
import { FakeTeams } from "../../fakes/teams/fake-teams.js";
import type { Forgery } from "../../fakes/teams/openid-issuer.js";
import { cora } from "../../fakes/teams/people.js";
import { APP_ID, HOME_TENANT, openTeams, OTHER_TENANT, surfaceDeps, type TeamsHarness } from "./teams-harness.js";

let teams: TeamsHarness;
beforeEach(async () => {
  teams = await openTeams();
});
afterEach(async () => teams[Symbol.asyncDispose]());

const FORGERIES: readonly (readonly [string, Forgery])[] = [
  ["no token", { header: null }],
  ["a token of another scheme", { header: "Basic eDp5" }],
  ["a token that is none", { header: "Bearer x.y.z" }],
  ["a token without a signature", { algorithm: "none" }],
  ["a token signed with the public key as a secret", { algorithm: "HS256" }],
  ["a forged signature", { isStrangersKey: true }],
  ["another audience", { audience: "another-app" }],
  ["another issuer", { issuer: "https://attacker.example" }],
  ["an emulator's issuer", { issuer: "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/" }],
  ["a token that has expired", { expiresIn: -360 }],
  ["a token of the future", { notBeforeIn: 360 }],
  ["an unknown key", { keyId: "unknown" }],
  ["a key that is endorsed for another channel", { isOtherChannelsKey: true }],
  ["a token for another address", { serviceUrl: "https://smba.trafficmanager.net/emea/" }],
  ["a token without an address", { serviceUrl: null }],
];

describe("who may deliver", () => {
  it.each(FORGERIES)("answers %s with 401 and stores nothing", async (_what, forgery) => {
    const { status, body } = await teams.fake.direct(cora, "hello", {}, forgery);

    expect(status).toBe(401);
    expect(body).toBe("");
    expect(teams.accepted).toEqual([]);
    expect(teams.addresses.size).toBe(0);
    expect([...teams.fake.requests, ...teams.fake.lookUps]).toEqual([]);
  });

  it("takes a token that expired within the five minutes that clocks may differ", async () => {
    expect(await teams.fake.direct(cora, "hello", {}, { expiresIn: -200 })).toMatchObject({ status: 200 });
  });

  it("asks for the keys once, however many unknown keys are named", async () => {
    for (const keyId of ["a", "b", "c"]) await teams.fake.direct(cora, "hello", {}, { keyId });

    expect(teams.fake.keyRequests).toBe(1);
  });

  it.each([
    ["no service address", { serviceUrl: undefined }],
    ["a service address elsewhere", { serviceUrl: "https://attacker.example/" }],
    ["a name that only starts like Microsoft's", { serviceUrl: "https://smba.trafficmanager.net.attacker.example/" }],
    ["a user in the address", { serviceUrl: "https://smba.trafficmanager.net@attacker.example/" }],
    ["Microsoft's host without https", { serviceUrl: "http://smba.trafficmanager.net/" }],
    ["another channel", { channelId: "emulator" }],
  ])("answers %s with 403 and stores nothing", async (_what, changes) => {
    const serviceUrl = "serviceUrl" in changes ? (changes.serviceUrl ?? null) : undefined;
    const forgery = serviceUrl === undefined ? {} : { serviceUrl };
    const { status } = await teams.fake.direct(cora, "hello", changes, forgery);

    expect(status).toBe(403);
    expect(teams.accepted).toEqual([]);
    expect(teams.addresses.size).toBe(0);
  });

  it.each([
    ["another Microsoft 365 tenant", tenant(OTHER_TENANT, OTHER_TENANT)],
    ["two tenants", tenant(HOME_TENANT, OTHER_TENANT)],
    ["no tenant", tenant(undefined, undefined)],
  ])("ignores %s: nothing is stored or called", async (_what, changes) => {
    expect(await teams.fake.direct(cora, "hello", changes)).toEqual({ status: 200, body: "" });
    expect(teams.accepted).toEqual([]);
    expect(teams.addresses.size).toBe(0);
    expect([...teams.fake.requests, ...teams.fake.lookUps]).toEqual([]);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["no type", JSON.stringify({ channelId: "msteams" })],
    ["a type that is no text", JSON.stringify({ type: 7 })],
    ["a conversation without an id", JSON.stringify({ type: "message", conversation: {} })],
  ])("answers %s with 400", async (_what, body) => {
    expect(await teams.fake.deliverRaw(body)).toEqual({ status: 400, body: "" });
  });

  it("refuses a body that is larger than any activity", async () => {
    const { status } = await teams.fake.direct(cora, "x".repeat(300 * 1024));

    expect(status).toBe(413);
  });

  it("answers 503 when the event could not be stored, so that it comes again", async () => {
    teams.failAccept = () => Promise.reject(new Error("no database"));
    const failed = await teams.fake.direct(cora, "hello");
    teams.failAccept = null;

    expect(failed).toEqual({ status: 503, body: "" });
    expect(await teams.fake.direct(cora, "hello")).toMatchObject({ status: 200 });
  });

  it("answers 503 when storing hangs", async () => {
    await using impatient = await openTeams({ surface: { answerLimits: { stopAfterMs: 100, graceMs: 50 } } });
    impatient.failAccept = () => new Promise<never>(() => undefined);

    expect(await impatient.fake.direct(cora, "hello")).toMatchObject({ status: 503 });
  });

  it("answers 503 when the keys cannot be had", async () => {
    await using broken = await openTeams({
      surface: { endpoints: { ...teams.fake.endpoints(), openIdMetadataUrl: "http://127.0.0.1:1/openid" } },
    });

    expect(await broken.fake.direct(cora, "hello")).toMatchObject({ status: 503 });
    expect(broken.accepted).toEqual([]);
  });

  it("never logs what was written or sent along", async () => {
    await teams.fake.direct(cora, "secret words", {}, { isStrangersKey: true });
    await teams.fake.direct(cora, "secret words", tenant(OTHER_TENANT, OTHER_TENANT));

    expect(teams.logged).toHaveLength(2);
    expect(teams.logged.join()).not.toMatch(/secret|Bearer|eyJ|Cora/u);
  });

  it("answers the tenants on the list besides the app's own", async () => {
    await using open = await openTeams({ surface: { allowedTenants: [OTHER_TENANT.toUpperCase()] } });

    const statuses = [
      await open.fake.direct(cora, "hello", tenant(OTHER_TENANT, OTHER_TENANT)),
      await open.fake.direct(cora, "hello"),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
  });

  it("answers nobody without a tenant of its own and a list", async () => {
    await using open = await openTeams({ surface: { appType: "MultiTenant", appTenantId: null } });

    await open.fake.direct(cora, "hello");

    expect(open.accepted).toEqual([]);
    expect([...open.fake.requests, ...open.fake.lookUps]).toEqual([]);
  });
});

describe("an identity that cannot work", () => {
  it.each([
    ["no app id", { appId: " " }],
    ["no password", { appPassword: null, endpoints: null }],
    ["a single tenant without its id", { appTenantId: null }],
    ["a managed identity with a password", { appType: "UserAssignedMsi", endpoints: null } as const],
  ])("is refused at the start: %s", async (_what, changes) => {
    const fake = await FakeTeams.start({ appId: APP_ID, tenantId: HOME_TENANT });
    await fake.stop();

    expect(() => createTeamsSurface({ ...surfaceDeps(fake), ...changes })).toThrow(/Teams/u);
  });
});

function tenant(ofConversation: string | undefined, ofChannel: string | undefined) {
  return {
    conversation: { id: "a:29:cora", conversationType: "personal", tenantId: ofConversation },
    channelData: { tenant: { id: ofChannel } },
  };
}
