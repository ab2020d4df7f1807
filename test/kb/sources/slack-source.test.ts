import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import { slackKind } from "../../../kb/sources/slack-kind.js";
import { slackRulesFor } from "../../../kb/sources/slack-options.js";
import { createSlackApi } from "../../../kb/sources/slack-api.js";
import { createSlackSource, type SlackLimits } from "../../../kb/sources/slack-source.js";
import type { FetchedItem, Source, SourceListing } from "../../../kb/sources/source.js";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { DEFAULT_WORKSPACE } from "../../fakes/slack/workspace-options.js";
import { answeredThread, fetchOfSlack } from "../../support/slack-place.js";

const signal = new AbortController().signal;
const DAY_MS = 86_400_000;
const record = { name: "talk", kind: "slack", location: "C0GENERAL" } as const;
const slackRules = slackRulesFor(record);

let fake: FakeSlack;
let now: Date;
beforeEach(async () => {
  fake = await FakeSlack.start();
  now = new Date();
});
afterEach(() => fake[Symbol.asyncDispose]());

interface Reading {
  readonly source: Source;
  /** Lists with the cursor of the last listing. */
  next(): Promise<SourceListing>;
}

function read(
  options: Readonly<Record<string, unknown>> = {},
  location = "C0GENERAL",
  secret = fake.botToken(),
): Reading {
  const source = createSlackSource({
    location,
    options: slackRules.options.parse(options),
    secret,
    fetch: fetchOfSlack(fake),
    clock: { now: () => now },
  });
  let cursor: string | null = null;
  return {
    source,
    async next() {
      const listing = await source.list(cursor, signal);
      cursor = listing.cursor;
      return listing;
    },
  };
}

async function readAll({ source, next }: Reading): Promise<readonly FetchedItem[]> {
  const { items } = await next();
  const fetched = await Promise.all(items.map((item) => source.fetch({ ...item, known: null }, signal)));
  return fetched.filter((item) => item !== "unchanged");
}

async function parsedOf(reading: Reading) {
  const outcomes = await Promise.all((await readAll(reading)).map((item) => parseDocument(item)));
  return outcomes.flatMap((outcome) => (outcome.ok ? outcome.documents : []));
}

const idsOf = ({ items }: SourceListing): readonly string[] => items.map(({ externalId }) => externalId);

describe("answered questions in a Slack channel", () => {
  it("become questions with their answers, and lead back to where they were asked", async () => {
    const thread = answeredThread(
      fake,
      "Hi all. How do I reset my password? I am locked out.",
      "Press *Forgot password*.",
    );
    const [document] = await parsedOf(read());
    expect(document).toMatchObject({
      externalId: thread.id,
      kind: "faq",
      isQuestionAndAnswer: true,
      title: "How do I reset my password?",
      url: `https://acme.slack.test/archives/C0GENERAL/p${thread.question.ts.replace(".", "")}`,
      acl: null,
      blocks: [
        { kind: "quote", blocks: [{ text: "Hi all. How do I reset my password? I am locked out." }] },
        { kind: "paragraph", text: "Press **Forgot password**." },
      ],
    });
    expect(Date.parse(document?.updatedAt ?? "")).toBeCloseTo(Number(thread.answer.ts) * 1_000, -4);
  });

  it("count only when the asker or an expert accepted the answer", async () => {
    const own = answeredThread(fake, "How do I pay?", "By card.");
    answeredThread(fake, "How do I leave?", "Close the account.", { acceptedBy: "Carla" });
    answeredThread(fake, "How do I stay?", "Do nothing.", { reaction: "thumbsup" });
    const tone = answeredThread(fake, "How do I wave?", "With a hand.", { reaction: "heavy_check_mark" });
    expect(idsOf(await read().next()).toSorted()).toEqual([own.id, tone.id].sort());
    expect((await read({ experts: ["U0CARLA"] }).next()).items).toHaveLength(3);
    expect((await read({ accepted: ["thumbsup"] }).next()).items).toHaveLength(1);
  });

  it("leave out statements, what apps wrote, joins and answers that are nothing but a picture", async () => {
    answeredThread(fake, "The office is closed.", "Thanks.");
    const byApp = fake.say("Other robot", "general", "How is the build?");
    fake.people.react("Anna", fake.say("Ben", "general", "Fine.", { thread: byApp.ts }), "white_check_mark");
    const asked = fake.say("Anna", "general", "Who answers?");
    fake.people.react("Anna", fake.say("Other robot", "general", "I do.", { thread: asked.ts }), "white_check_mark");
    fake.people.react(
      "Anna",
      fake.say("Ben", "general", "", { thread: asked.ts, subtype: "file_share" }),
      "white_check_mark",
    );
    fake.people.join("Carla", "general");
    expect((await read().next()).items).toEqual([]);
  });

  it("hold no names, addresses and numbers of people", async () => {
    const asked = fake.say("Anna", "general", "@Ben how do I call you, Ben? Anna here, anna@acme.test");
    const text =
      "@Anna call Ben on +49 170 1234567 or write to ben@acme.test, said Carla. Version 10.4.2 of 2026-05-01 is 4711.";
    const answer = fake.say("Ben", "general", text, { thread: asked.ts });
    fake.say("Carla", "general", "thanks", { thread: asked.ts });
    fake.people.react("Anna", answer, "white_check_mark");
    const [item] = await readAll(read());
    const said = Buffer.from(item?.bytes ?? []).toString();
    expect(said).not.toMatch(/Anna|Ben|Carla|acme\.test|U0|1234567/u);
    expect(JSON.parse(said)).toMatchObject({
      title: "how do I call you, a colleague?",
      text: expect.stringContaining(
        "call a colleague on [phone number] or write to [e-mail address], said a colleague. Version 10.4.2 of 2026-05-01 is 4711.",
      ) as string,
    });
    expect(item?.facts?.editedBy).toBeNull();
  });
});

describe("what is kept of Slack in memory", () => {
  function limited(limits: Partial<SlackLimits>): Source {
    const options = slackRules.options.parse({});
    return createSlackSource({
      location: "C0GENERAL",
      options,
      secret: fake.botToken(),
      fetch: fetchOfSlack(fake),
      limits,
    });
  }

  it("is one page of a channel's history at a time", async () => {
    for (let count = 0; count < 450; count += 1) fake.say("Anna", "general", `Statement ${count}.`);
    let requests = 0;
    const fetch = fetchOfSlack(fake);
    const api = createSlackApi({
      fetch: (...asked) => {
        requests += 1;
        return fetch(...asked);
      },
      token: fake.botToken(),
      requestsPerMinute: 600,
      isGovSlack: false,
      maxThreadBytes: 1_000,
    });
    const requestsAtPage: number[] = [];
    for await (const messages of api.history("C0GENERAL", null, signal)) {
      expect(messages.length).toBeLessThanOrEqual(200);
      requestsAtPage.push(requests);
    }
    expect(requestsAtPage).toEqual([1, 2, 3]);
  });

  it("has a limit for one thread, which is left out and told", async () => {
    const small = answeredThread(fake, "How do I pay?", "By card.");
    const large = answeredThread(fake, "How do I wait?", "Long. ".repeat(500));
    const listing = await limited({ maxThreadBytes: 2_000 }).list(null, signal);
    expect(idsOf(listing)).toEqual([small.id]);
    expect(listing.skipped).toMatchObject([{ externalId: `thread:${large.id}`, code: "too-large" }]);
  });

  it("has a limit for all accepted answers, beyond which nothing is changed", async () => {
    for (const what of ["pay", "wait"]) answeredThread(fake, `How do I ${what}?`, "Long. ".repeat(100));
    await expect(limited({ maxHeldBytes: 2_000 }).list(null, signal)).resolves.toMatchObject({ isComplete: true });
    await expect(limited({ maxHeldBytes: 1_000 }).list(null, signal)).rejects.toThrow(
      expect.objectContaining({
        name: "SourceError",
        message: expect.stringContaining("0.001 MB of accepted answers, so nothing was changed") as string,
      }),
    );
  });
});

describe("what changed in a Slack channel", () => {
  it("an edit, a late acceptance, a withdrawn one and a deletion are seen within the window", async () => {
    const [edited, withdrawn, deleted, late] = ["edit", "withdraw", "delete", "accept"].map((what) =>
      answeredThread(fake, `How do I ${what}?`, `You ${what} it.`, what === "accept" ? { acceptedBy: "Ben" } : {}),
    );
    const reading = read();
    const first = await reading.next();
    fake.people.edit("Ben", edited!.answer, "You edit it twice.");
    fake.people.unreact("Anna", withdrawn!.answer, "white_check_mark");
    fake.people.removeRoot("Anna", deleted!.question);
    fake.people.react("Anna", late!.answer, "white_check_mark");
    const second = await reading.next();
    expect(first.items).toHaveLength(3);
    expect(second.scope).toBe("changes");
    expect(idsOf(second).toSorted()).toEqual([edited!.id, late!.id].sort());
    expect(second.items.find(({ externalId }) => externalId === edited!.id)?.revision).not.toBe(
      first.items.find(({ externalId }) => externalId === edited!.id)?.revision,
    );
    expect(second.removed.toSorted()).toEqual([withdrawn!.id, deleted!.id].sort());
  });

  it("what is older than the window is left as it is, until everything is looked at again", async () => {
    const old = answeredThread(fake, "How do I age?", "Slowly.");
    fake.clock.advance(40 * DAY_MS);
    const fresh = answeredThread(fake, "How do I start?", "Now.");
    const reading = read();
    await reading.next();
    fake.people.removeRoot("Anna", old.question);
    const second = await reading.next();
    now = new Date(now.getTime() + 8 * DAY_MS);
    const third = await reading.next();
    expect(second).toMatchObject({ scope: "changes", items: [{ externalId: fresh.id }], removed: [] });
    expect(third).toMatchObject({ scope: "whole", items: [{ externalId: fresh.id }] });
  });

  it("other options list everything again", async () => {
    answeredThread(fake, "How do I start?", "Now.");
    const { cursor } = await read().next();
    expect((await read().source.list(cursor, signal)).scope).toBe("changes");
    expect((await read({ days: 31 }).source.list(cursor, signal)).scope).toBe("whole");
    expect((await read().source.list("nonsense", signal)).scope).toBe("whole");
  });
});

describe("channels that not everybody may read", () => {
  it.each([
    ["private", "C0AGENTS"],
    ["shared with another organisation", "C0PARTNERS"],
  ])("a %s one is refused, and with allowPrivate read for its members alone", async (_, id) => {
    const asked = fake.say("Ben", id, "Where is the key?");
    fake.people.react("Ben", fake.say("Carla", id, "In the drawer.", { thread: asked.ts }), "white_check_mark");
    await expect(read({}, id).next()).rejects.toThrow(/private or shared.*allowPrivate/su);
    const [item] = await readAll(read({ allowPrivate: true }, id));
    expect(item?.facts?.acl).toEqual([`slack:channel:${id}`]);
  });

  it("one that was open before is closed to others at the next sync, which says so", async () => {
    const thread = answeredThread(fake, "How do I start?", "Now.");
    const reading = read();
    const first = await reading.next();
    const channel = fake.workspace.channel("general");
    fake.workspace.channels.set(channel.id, { ...channel, kind: "private" });
    const second = await reading.next();
    const [item] = second.items;
    expect(second).toMatchObject({
      scope: "whole",
      failures: [{ externalId: "channel:C0GENERAL", code: "private-channel" }],
    });
    expect(item?.externalId).toBe(thread.id);
    expect(item?.revision).not.toBe(first.items[0]?.revision);
    await expect(reading.source.fetch({ ...item!, known: null }, signal)).resolves.toMatchObject({
      facts: { acl: ["slack:channel:C0GENERAL"] },
    });
  });
});

describe("what Slack refuses", () => {
  it.each([
    ["a token it does not know", "C0GENERAL", "xoxb-wrong", /does not know the token.*secret/su],
    ["a channel that is not there", "C0NOWHERE", undefined, /C0NOWHERE: There is no such channel/u],
    ["a channel without the app", "C0WITHOUT", undefined, /C0WITHOUT: The app is not in the channel.*invite/su],
  ])("%s is told with what to do", async (_, location, secret, message) => {
    await expect(read({}, location, secret ?? fake.botToken()).next()).rejects.toThrow(message);
  });

  it("a scope that is missing is named", async () => {
    await using narrow = await FakeSlack.start({
      workspaces: [{ ...DEFAULT_WORKSPACE, scopes: ["channels:read", "channels:history"] }],
    });
    answeredThread(narrow, "How do I start?", "Now.");
    const place = { location: "C0GENERAL", options: slackRules.options.parse({}), secret: narrow.botToken() };
    const source = createSlackSource({ ...place, fetch: fetchOfSlack(narrow) });
    await expect(source.list(null, signal)).rejects.toThrow(/lacks the scope users:read\./u);
  });

  it("more calls than it takes are put off as long as it says, and no thread is lost", async () => {
    await using strict = await FakeSlack.start({ rateLimits: true });
    for (let count = 0; count < 55; count += 1) answeredThread(strict, `How do I do ${count}?`, `So: ${count}.`);
    const waitsMs: number[] = [];
    const source = createSlackSource({
      location: "C0GENERAL",
      options: slackRules.options.parse({ requestsPerMinute: 600 }),
      secret: strict.botToken(),
      fetch: fetchOfSlack(strict, waitsMs),
    });
    const { items } = await source.list(null, signal);
    expect(items).toHaveLength(55);
    expect(strict.calls.map(({ outcome }) => outcome)).toContain("ratelimited");
    expect(Math.max(...waitsMs)).toBeGreaterThan(10_000);
  });
});

describe("a source of the kind slack", () => {
  const check = (changes: object, secret: string | null = "xoxb-1") =>
    slackKind.check({ ...record, ...changes }, { secretOf: () => secret } as never);

  it("names its channels in the location, or in an option where there is none", async () => {
    await expect(check({ location: "C0GENERAL, G0OTHER1" })).resolves.toBeUndefined();
    await expect(check({ location: "slack", options: { channels: ["C0GENERAL"] } })).resolves.toBeUndefined();
    await expect(check({ location: "slack" })).rejects.toThrow("in deskhand.yaml they are the option channels");
    const thread = answeredThread(fake, "How do I start?", "Now.");
    expect(idsOf(await read({ channels: "C0GENERAL" }, "slack").next())).toEqual([thread.id]);
  });

  it("says everything at once that is wrong", async () => {
    const options = { days: 0, accepted: ":ok:", experts: ["Anna"], allowPrivate: "yes", more: 1 };
    await expect(check({ location: "#general", options }, "xoxp-user")).rejects.toThrow(
      /location: .*#general.*accepted.*experts.*days: is a whole number from 1 to 365.*allowPrivate.*there is no more.*SOURCE_TALK_SECRET/su,
    );
  });
});
