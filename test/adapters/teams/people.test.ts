import { describe, expect, it } from "vitest";
import type { TeamsAddress } from "../../../adapters/teams/address.js";
import { People, type Person } from "../../../adapters/teams/people.js";
import { ChatPlatformError, type ChatFailure } from "../../../src/ports/chat.js";
import type { Logger } from "../../../src/ports/logger.js";

const HOME = "99999999-0000-4000-8000-000000000000";
const roster: TeamsAddress = {
  serviceUrl: "https://smba.trafficmanager.net/emea/",
  conversationId: "19:team@thread.tacv2",
  type: "channel",
  tenantId: HOME,
  botId: "28:app",
};

const insider = { id: "29:x", userRole: "user", userPrincipalName: "x@acme.example", tenantId: HOME };
const MEMBER: Person = { standing: "member", lastKnown: "member", emailDomain: "acme.example" };
const OUTSIDER: Person = { standing: "outsider", lastKnown: "outsider" };
const GUEST: Person = { ...OUTSIDER, emailDomain: "acme.example" };
const UNKNOWN: Person = { standing: "unknown", lastKnown: null };

/** Has everybody as an insider, until it is told otherwise. */
class Directory {
  readonly asked: string[] = [];
  readonly logged: string[] = [];
  member: unknown = insider;
  failure: ChatFailure | null = null;
  retryAfterMs: number | undefined;
  isSilent = false;
  now = 0;
  readonly #logger: Logger = {
    info: () => undefined,
    warn: (event, fields) => void this.logged.push(JSON.stringify([event, fields])),
    error: () => undefined,
  };
  readonly people = new People({
    lookUp: (at, memberId) => this.#lookUp(at, memberId),
    logger: this.#logger,
    patienceMs: 5,
    nowMs: () => this.now,
  });

  #lookUp(at: TeamsAddress, memberId: string): Promise<unknown> {
    this.asked.push(`${at.conversationId} ${memberId}`);
    if (this.isSilent) return new Promise<never>(() => undefined);
    if (this.failure === null) return Promise.resolve(this.member);
    const options = this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs };
    return Promise.reject(new ChatPlatformError(this.failure, "look up member", options));
  }

  find(memberId = "29:x"): Promise<Person> {
    return this.people.find(roster, memberId);
  }
}

describe("what Teams says of a member", () => {
  it.each<readonly [string, unknown, Person]>([
    ["one of the tenant's own people", insider, MEMBER],
    ["a tenant id in capitals", { ...insider, tenantId: HOME.toUpperCase() }, MEMBER],
    ["no role, but an account of the tenant", { ...insider, userRole: null }, MEMBER],
    ["a guest", { ...insider, userRole: "guest" }, GUEST],
    ["a guest who is called a user", { ...insider, userPrincipalName: "x_b.example#EXT#@acme.example" }, OUTSIDER],
    [
      "a guest whose address it tells",
      { ...insider, userPrincipalName: "x_b.example#EXT#@acme.example", email: "x@B.example" },
      { ...OUTSIDER, emailDomain: "b.example" },
    ],
    ["a guest in lower case", { ...insider, userPrincipalName: "x_b.example#ext#@acme.example" }, OUTSIDER],
    ["somebody anonymous", { id: "29:x", name: "X (Guest)", tenantId: HOME, userRole: "anonymous" }, OUTSIDER],
    ["a role that is new", { ...insider, userRole: "external" }, GUEST],
    ["somebody of another organisation", { ...insider, tenantId: "99999999-0000-4000-8000-000000000001" }, GUEST],
    ["a user whose account it leaves out", { ...insider, userPrincipalName: undefined }, UNKNOWN],
    ["a user whose tenant it leaves out", { ...insider, tenantId: "" }, UNKNOWN],
    ["nothing", {}, UNKNOWN],
    ["what cannot be read", { ...insider, userRole: 7 }, UNKNOWN],
    ["no object", null, UNKNOWN],
  ])("is read: %s", async (_what, member, person) => {
    const directory = new Directory();
    directory.member = member;

    expect(await directory.find()).toEqual(person);
  });
});

describe("a person", () => {
  it("is asked for once in ten minutes, and once by all who ask at the same time", async () => {
    const directory = new Directory();
    await Promise.all([directory.find(), directory.find()]);
    directory.now = 599_999;
    await directory.find();
    expect(directory.asked).toEqual(["19:team@thread.tacv2 29:x"]);

    directory.now = 600_000;
    directory.member = { ...insider, userRole: "guest" };
    expect(await directory.find()).toEqual(GUEST);
    expect(directory.asked).toHaveLength(2);
  });

  it("is another one in another tenant", async () => {
    const directory = new Directory();
    await directory.find();

    expect(await directory.people.find({ ...roster, tenantId: "other" }, "29:x")).toEqual(GUEST);
    expect(directory.asked).toHaveLength(2);
  });

  it("is forgotten when ten thousand others came after", async () => {
    const directory = new Directory();
    await directory.find("29:first");
    for (let index = 0; index < 10_000; index += 1) await directory.find(`29:${index}`);
    expect(directory.asked).toHaveLength(10_001);

    await directory.find("29:9999");
    expect(directory.asked).toHaveLength(10_001);
    await directory.find("29:first");
    expect(directory.asked).toHaveLength(10_002);
  });

  it.each<ChatFailure>(["not-found", "forbidden", "rejected", "unreachable"])(
    "is unknown for a quarter of a minute after %s, which says nothing about others",
    async (failure) => {
      const directory = new Directory();
      directory.failure = failure;
      expect(await directory.find()).toEqual(UNKNOWN);
      directory.failure = null;
      directory.now = 14_999;
      expect(await directory.find()).toEqual(UNKNOWN);
      expect(await directory.find("29:y")).toEqual(MEMBER);
      directory.now = 15_000;
      expect(await directory.find()).toEqual(MEMBER);
      expect(directory.logged).toEqual([
        JSON.stringify(["teams person not looked up", { platform: "teams", code: failure }]),
      ]);
    },
  );

  it("is unknown when the answer takes too long, and then nobody is waited for a while", async () => {
    const directory = new Directory();
    directory.isSilent = true;

    expect(await Promise.all([directory.find(), directory.find()])).toEqual([UNKNOWN, UNKNOWN]);
    expect(await directory.find("29:y")).toEqual(UNKNOWN);
    expect(directory.asked).toHaveLength(1);

    directory.isSilent = false;
    directory.now = 15_000;
    expect(await directory.find("29:y")).toEqual(MEMBER);
  });

  it.each<readonly [ChatFailure, number | undefined, number]>([
    ["rate-limited", 40_000, 40_000],
    ["auth", undefined, 15_000],
  ])("is not asked for again after %s until that is over", async (failure, retryAfterMs, waitMs) => {
    const directory = new Directory();
    directory.failure = failure;
    directory.retryAfterMs = retryAfterMs;
    await directory.find();
    directory.failure = null;
    directory.now = waitMs - 1;
    expect(await directory.find("29:y")).toEqual(UNKNOWN);
    directory.now = waitMs;
    expect(await directory.find("29:y")).toEqual(MEMBER);
  });

  it("who was a member before a failure is unknown, and known to have been one", async () => {
    const directory = new Directory();
    await directory.find();
    directory.failure = "unreachable";
    directory.now = 600_000;
    expect(await directory.find()).toEqual({ standing: "unknown", lastKnown: "member" });

    directory.failure = "rate-limited";
    directory.now = 700_000;
    await directory.find("29:y");
    expect(await directory.find()).toEqual({ standing: "unknown", lastKnown: "member" });
  });

  it("of whose list nothing is known any more is known for nothing", async () => {
    const directory = new Directory();
    await directory.find();
    directory.failure = "not-found";
    directory.now = 600_000;

    expect(await directory.find()).toEqual(UNKNOWN);
  });
});
