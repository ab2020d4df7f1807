import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import { githubKind } from "../../../kb/sources/github-kind.js";
import { githubRules } from "../../../kb/sources/github-options.js";
import { createGithubSource } from "../../../kb/sources/github-source.js";
import type { Source, SourceListing } from "../../../kb/sources/source.js";
import { networkSourceContract, type NetworkPlace } from "../../contracts/network-source-contract.js";
import { fakeGithub, type FakeGithub } from "../../fakes/github/fake-github.js";

const signal = new AbortController().signal;

async function openPlace(): Promise<NetworkPlace> {
  const github = await fakeGithub();
  for (const number of [1, 2, 3, 4, 5])
    github.discuss(number, `How do I do ${number}?`, `You do ${number} in the settings.`);
  const numbered = (externalId: string) =>
    github.conversations.findIndex(({ number }) => externalId === `discussions/${number}`);
  return {
    server: github,
    record: { kind: "github", location: github.location, options: {} },
    secret: github.token,
    workDirectory: "/nonexistent",
    documents: [1, 2, 3, 4, 5].map((number) => `discussions/${number}`),
    asksForDocument: /Texts/u,
    change: (externalId, text) => github.edit(github.conversations[numbered(externalId)]!.answer!, text),
    remove: (externalId) => void github.conversations.splice(numbered(externalId), 1),
    narrow: null,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

networkSourceContract("github", openPlace);

describe("a repository's conversations", () => {
  let github: FakeGithub;
  const waitsMs: number[] = [];
  beforeEach(async () => {
    github = await fakeGithub();
    waitsMs.length = 0;
  });
  afterEach(() => github[Symbol.asyncDispose]());

  function source(options: Readonly<Record<string, unknown>> = {}): Source {
    return createGithubSource({
      location: github.location,
      options: githubRules.options.parse(options),
      secret: github.token,
      fetch: github.fetch,
      wait(ms) {
        waitsMs.push(ms);
        return Promise.resolve();
      },
    });
  }
  const idsOf = ({ items }: SourceListing): readonly string[] => items.map(({ externalId }) => externalId);

  it("become questions with their accepted answer and where they are", async () => {
    const { answer } = github.discuss(
      7,
      "How do I reset?\n\nIt says `locked`.",
      "Press **Reset**.\n\n1. Wait\n2. Go on",
    );
    github.edit(answer!, "Press **Reset** twice.");
    const place = source();
    const [item] = (await place.list(null, signal)).items;
    const fetched = await place.fetch({ ...item!, known: null }, signal);
    if (fetched === "unchanged") throw new Error("it was never read");
    const outcome = await parseDocument(fetched);
    expect(fetched.facts).toMatchObject({ editedBy: "editor", acl: null });
    expect(outcome).toMatchObject({
      documents: [
        {
          externalId: "discussions/7",
          kind: "faq",
          isQuestionAndAnswer: true,
          title: "How do I reset?",
          url: "https://github.com/acme/help/discussions/7",
          updatedAt: new Date(answer!.updatedAt).toISOString(),
          blocks: [{ kind: "quote" }, { kind: "paragraph", text: "Press **Reset** twice." }],
        },
      ],
    });
  });

  it("are read only where they are answered, not hidden, and of the wanted categories", async () => {
    github.discuss(1, "Open?", null);
    github.discuss(2, "Hidden?", "Spam").answer!.isMinimized = true;
    github.discuss(3, "Idea?", "Yes", { category: { name: "Ideas", slug: "ideas" } });
    github.discuss(4, "Help?", "Yes");
    expect(idsOf(await source().list(null, signal))).toEqual(["discussions/3", "discussions/4"]);
    expect(idsOf(await source({ categories: "q-a" }).list(null, signal))).toEqual(["discussions/4"]);
    expect(idsOf(await source({ categories: ["ideas", "Q&A"] }).list(null, signal))).toHaveLength(2);
  });

  it("an answer that was taken back is gone from the next listing, and cannot be read meanwhile", async () => {
    const taken = github.discuss(1, "Taken back?", "Yes");
    github.discuss(2, "Left?", "Yes");
    const place = source();
    const { items } = await place.list(null, signal);
    taken.answer = null;
    await expect(place.fetch({ ...items[0]!, known: null }, signal)).rejects.toMatchObject({ code: "gone" });
    expect(idsOf(await place.list(null, signal))).toEqual(["discussions/2"]);
  });

  it("issues are read by their labels when they are done, with what a maintainer said last", async () => {
    const answers = [github.comment("Set A."), github.comment("Better set B."), github.comment("Thanks!", "NONE")];
    github.fileIssue(1, "Why does it fail?", ["question", "bug"], answers);
    github.fileIssue(2, "Why not?", ["question"], [github.comment("Me too", "NONE")]);
    github.fileIssue(3, "Again?", ["question"], [github.comment("See 1")]).stateReason = "DUPLICATE";
    github.fileIssue(4, "Other?", ["wontfix"], [github.comment("No")]);
    github.fileIssue(5, "Still?", ["question"], [github.comment("Hm")]).state = "OPEN";
    const place = source({ read: ["issues"], labels: ["question", "bug"] });
    const { items } = await place.list(null, signal);
    expect(items.map(({ externalId }) => externalId)).toEqual(["issues/1"]);
    const fetched = await place.fetch({ ...items[0]!, known: null }, signal);
    expect(fetched === "unchanged" ? "" : Buffer.from(fetched.bytes).toString()).toContain("Better set B.");
  });

  it("texts that are asked for together come with few requests", async () => {
    for (let number = 1; number <= 45; number += 1) github.discuss(number, `What is ${number}?`, `It is ${number}.`);
    github.mostInOnePage = 100;
    const place = source();
    const { items } = await place.list(null, signal);
    const fetched = await Promise.all(items.map((item) => place.fetch({ ...item, known: null }, signal)));
    expect(fetched).toHaveLength(45);
    for (const [index, item] of fetched.entries()) {
      expect(item === "unchanged" ? "" : Buffer.from(item.bytes).toString()).toContain(`It is ${index + 1}.`);
    }
    expect(github.requests).toEqual(["/graphql DiscussionList", ...Array<string>(3).fill("/graphql Texts")]);
  });

  it("a renamed repository is followed, and another one under the old name is not read", async () => {
    github.discuss(1, "Here?", "Yes");
    const { cursor } = await source().list(null, signal);
    github.repository = { ...github.repository!, name: "support", formerNames: ["help"] };
    expect(idsOf(await source().list(cursor, signal))).toEqual(["discussions/1"]);
    github.repository = { ...github.repository, id: "R_2", name: "help" };
    await expect(source().list(cursor, signal)).rejects.toThrow(/Another repository than before/u);
  });

  it("nothing is listed of a repository that is gone, or has no discussions", async () => {
    github.repository = { ...github.repository!, hasDiscussionsEnabled: false };
    await expect(source().list(null, signal)).rejects.toThrow(/no discussions turned on.*nothing was changed/su);
    github.repository = null;
    await expect(source().list(null, signal)).rejects.toThrow(/no such repository, or the token may not see it/u);
  });

  it("fewer than GitHub counts are no whole listing", async () => {
    github.discuss(1, "Here?", "Yes");
    const page = { totalCount: 2, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
    github.answerOnce({ body: { data: { repository: { id: "R_1", hasDiscussionsEnabled: true, page } } } });
    expect((await source().list(null, signal)).isComplete).toBe(false);
    expect((await source().list(null, signal)).isComplete).toBe(true);
  });

  it.each([
    ["Retry-After", { "retry-after": "9" }, { message: "secondary rate limit" }, 9_000],
    ["words alone", {}, { message: "You have exceeded a secondary rate limit." }, 60_000],
    ["its clock", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, {}, 1_000],
  ])("a pause that is asked for with 403 by %s is made", async (_, headers, body, ms) => {
    github.discuss(1, "Here?", "Yes");
    github.answerOnce({ status: 403, headers, body });
    expect((await source().list(null, signal)).items).toHaveLength(1);
    expect(waitsMs).toEqual([ms]);
  });

  it("a longer pause is told, and a refusal is one", async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 1_800);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    github.answerOnce({ status: 403, headers, body: { message: "API rate limit exceeded" } });
    await expect(source().list(null, signal)).rejects.toThrow(/asks for a pause for 1[78]\d\d s \(429\)/u);
    github.answerOnce({ status: 403, body: { message: "Resource not accessible by personal access token" } });
    await expect(source().list(null, signal)).rejects.toThrow(/does not allow reading.*access to the repository/su);
    github.answerOnce({ body: { data: null, errors: [{ type: "RATE_LIMITED" }] } });
    await expect(source().list(null, signal)).rejects.toThrow(/used up what GitHub answers in an hour/u);
    expect(waitsMs).toEqual([]);
  });
});

describe("a source of the kind github", () => {
  const check = (location: string, options: object = {}) =>
    githubKind.check({ name: "help", kind: "github", location, options: { ...options } }, {
      secretOf: () => "github_pat_11AAAAAAA0fake",
    } as never);

  it.each([
    "https://github.com/acme/help",
    "https://github.com/acme/help.git/",
    "https://git.acme.test/Acme/help.docs",
    "https://acme.ghe.com/a/b",
  ])("is %s", async (location) => {
    await expect(check(location)).resolves.toBeUndefined();
  });

  it.each([
    "acme/help",
    "http://github.com/acme/help",
    "https://github.com/acme",
    "https://github.com/acme/help/issues",
    "https://u:p@github.com/a/b",
  ])("is not %s", async (location) => {
    await expect(check(location)).rejects.toThrow("location: is https://github.com/OWNER/REPOSITORY");
  });

  it("sends whoever wants its files to the kind git, and needs labels for issues", async () => {
    const location = "https://github.com/acme/help";
    await expect(check(location, { read: ["docs"] })).rejects.toThrow("read by a source of the kind git");
    await expect(check(location, { read: "issues" })).rejects.toThrow("options.labels: names the labels");
    await expect(check(location, { read: "issues", labels: "question" })).resolves.toBeUndefined();
  });
});
