import { describe, expect, it } from "vitest";
import { parseDocument } from "../../../kb/parsing/parse-document.js";
import { readRecord } from "../../../kb/sources/vendor-record.js";
import type { FetchedItem, Source } from "../../../kb/sources/source.js";
import { zendeskRules } from "../../../kb/sources/zendesk-options.js";
import { createZendeskSource } from "../../../kb/sources/zendesk-source.js";
import { networkSourceContract, type NetworkPlace } from "../../contracts/network-source-contract.js";
import { fakeZendesk, type FakeZendesk } from "../../fakes/zendesk/fake-zendesk.js";

const signal = new AbortController().signal;
const idOf = (externalId: string): number => Number(externalId.split("/")[1]);

async function openPlace(): Promise<NetworkPlace> {
  const zendesk = await fakeZendesk();
  for (const id of [101, 102, 103, 104, 105]) zendesk.add(id, {});
  return {
    server: zendesk,
    record: { kind: "zendesk", location: zendesk.origin, options: {} },
    secret: zendesk.secret,
    workDirectory: "/nonexistent",
    documents: [101, 102, 103, 104, 105].map((id) => `en-us/${id}`),
    asksForDocument: /\/articles\/\d+\.json/u,
    change: (externalId, text) => zendesk.edit(idOf(externalId), { body: `<p>${text}</p>` }),
    remove(externalId) {
      zendesk.articles.splice(
        zendesk.articles.findIndex(({ id }) => id === idOf(externalId)),
        1,
      );
    },
    narrow(externalId) {
      // As at the vendor: an update, and no edit of the text.
      const updates = { user_segment_id: 55, updated_at: zendesk.tick() };
      for (const article of zendesk.articles) if (article.id === idOf(externalId)) Object.assign(article, updates);
      return ["zendesk:segment:55"];
    },
    [Symbol.asyncDispose]: () => zendesk[Symbol.asyncDispose](),
  };
}

networkSourceContract("zendesk", openPlace);

function sourceOf(zendesk: FakeZendesk, options: Record<string, unknown> = {}): Source {
  const record = { name: "help", kind: "zendesk" as const, location: zendesk.origin, options };
  const read = readRecord(zendeskRules, record, zendesk.secret);
  return createZendeskSource({ ...read, location: zendesk.origin, fetch: zendesk.fetch });
}

const idsOf = async (source: Source, cursor: string | null = null): Promise<readonly string[]> =>
  (await source.list(cursor, signal)).items.map(({ externalId }) => externalId);

async function readOne(source: Source, externalId: string): Promise<FetchedItem> {
  const read = await source.fetch({ externalId, revision: null, known: null }, signal);
  if (read === "unchanged") throw new Error("was read as unchanged");
  return read;
}

describe("a Zendesk help center", () => {
  it("gives an article with its place, address, author and the time of its last edit", async () => {
    await using zendesk = await fakeZendesk();
    zendesk.sections.push({ id: 21, name: "Cards", locale: "en-us", category_id: 10, parent_section_id: 20 });
    const { edited_at: editedAt } = zendesk.add(101, {
      section_id: 21,
      title: "How do refunds work?",
      body: "<p>Refunds take <b>5 days</b>.</p><h2>By card</h2><p>Sooner.</p>",
    });
    const source = sourceOf(zendesk);
    await source.list(null, signal);
    const item = await readOne(source, "en-us/101");
    expect(item.facts).toEqual({
      title: "How do refunds work?",
      url: "https://acme.zendesk.com/hc/en-us/articles/101",
      updatedAt: editedAt,
      editedBy: "Mia Meyer",
      acl: null,
    });
    const outcome = await parseDocument(item);
    expect(outcome).toMatchObject({
      ok: true,
      documents: [
        {
          title: "How do refunds work?",
          blocks: [
            { kind: "heading", text: "Billing › Refunds › Cards" },
            { kind: "paragraph", text: "Refunds take **5 days**." },
            { kind: "heading", text: "By card" },
            { kind: "paragraph", text: "Sooner." },
          ],
        },
      ],
    });
  });

  it("leaves out drafts, and takes an article that becomes one for removed", async () => {
    await using zendesk = await fakeZendesk();
    zendesk.add(101, {});
    zendesk.add(102, { draft: true });
    const source = sourceOf(zendesk);
    const first = await source.list(null, signal);
    zendesk.edit(101, { draft: true });
    const second = await source.list(first.cursor, signal);
    expect(first.items.map(({ externalId }) => externalId)).toEqual(["en-us/101"]);
    expect(second).toMatchObject({ scope: "changes", items: [], removed: ["en-us/101"] });
  });

  it("reads the locales, categories, sections and labels that are asked for", async () => {
    await using zendesk = await fakeZendesk();
    zendesk.categories.push({ id: 11, name: "Versand", locale: "de" });
    zendesk.sections.push({ id: 30, name: "Pakete", locale: "de", category_id: 11, parent_section_id: null });
    zendesk.sections.push({ id: 21, name: "Cards", locale: "en-us", category_id: 10, parent_section_id: 20 });
    zendesk.add(101, { label_names: ["public", "card"], section_id: 21 });
    zendesk.add(102, {});
    zendesk.add(101, { locale: "de", section_id: 30 });
    await expect(idsOf(sourceOf(zendesk))).resolves.toEqual(["en-us/101", "en-us/102"]);
    await expect(idsOf(sourceOf(zendesk, { locales: ["de", "en-us"] }))).resolves.toEqual([
      "de/101",
      "en-us/101",
      "en-us/102",
    ]);
    await expect(idsOf(sourceOf(zendesk, { categories: 11, locales: ["de", "en-us"] }))).resolves.toEqual(["de/101"]);
    await expect(idsOf(sourceOf(zendesk, { sections: ["20"], labels: "card" }))).resolves.toEqual(["en-us/101"]);
  });

  it("follows a change into each locale, and asks for what the change did not bring along", async () => {
    await using zendesk = await fakeZendesk();
    zendesk.add(101, {});
    zendesk.add(101, { locale: "de", body: "<p>Alt.</p>" });
    const source = sourceOf(zendesk, { locales: ["de", "en-us"] });
    const first = await source.list(null, signal);
    zendesk.edit(101, { body: "<p>Neu.</p>" });
    const second = await source.list(first.cursor, signal);
    expect(second).toMatchObject({ scope: "changes", removed: [] });
    expect(second.items.map(({ externalId }) => externalId)).toEqual(["de/101", "en-us/101"]);
    expect(Buffer.from((await readOne(source, "de/101")).bytes).toString()).toContain("Neu.");
  });

  it("reads nothing anew when only votes changed, and everything in a section that was renamed", async () => {
    await using zendesk = await fakeZendesk();
    const article = zendesk.add(101, {});
    const source = sourceOf(zendesk);
    const first = await source.list(null, signal);
    Object.assign(article, { vote_sum: 3, updated_at: zendesk.tick() });
    const voted = await source.list(first.cursor, signal);
    zendesk.sections[0]!.name = "Returns";
    const renamed = await source.list(voted.cursor, signal);
    expect(voted.items).toEqual(first.items);
    expect(renamed.scope).toBe("whole");
    expect(renamed.items[0]?.revision).not.toBe(first.items[0]?.revision);
  });

  it("sees at once that an article is gone, and lists whole after twelve listings of changes", async () => {
    await using zendesk = await fakeZendesk();
    for (const id of [101, 102, 103]) zendesk.add(id, {});
    const source = sourceOf(zendesk);
    const first = await source.list(null, signal);
    zendesk.articles.splice(1, 1);
    let listing = await source.list(first.cursor, signal);
    const after = listing.items.map(({ externalId }) => externalId);
    expect([listing.scope, after]).toEqual(["whole", ["en-us/101", "en-us/103"]]);
    const scopes = [];
    for (let count = 0; count < 13; count += 1) {
      listing = await source.list(listing.cursor, signal);
      scopes.push(listing.scope);
    }
    expect(scopes).toEqual([...Array<string>(12).fill("changes"), "whole"]);
  });

  it("takes no article for removed when the vendor counts more than it lists, and says so", async () => {
    await using zendesk = await fakeZendesk();
    for (const id of [101, 102, 103]) zendesk.add(id, {});
    zendesk.unlisted.add(102);
    const source = sourceOf(zendesk);
    const short = await source.list(null, signal);
    expect(short).toMatchObject({
      scope: "whole",
      isComplete: false,
      items: [{ externalId: "en-us/101" }, { externalId: "en-us/103" }],
      failures: [{ externalId: "count:en-us", code: "other-count" }],
    });
    expect(short.failures[0]?.message).toContain("lists 2 articles in en-us and counts 3");
    zendesk.unlisted.clear();
    const whole = await source.list(null, signal);
    expect(whole).toMatchObject({ scope: "whole", isComplete: true, failures: [] });
    expect(whole.items).toHaveLength(3);
  });

  it("names every segment that may read an article", async () => {
    await using zendesk = await fakeZendesk();
    zendesk.add(101, { user_segment_id: 9, user_segment_ids: [9, 12] });
    const source = sourceOf(zendesk);
    await source.list(null, signal);
    expect((await readOne(source, "en-us/101")).facts?.acl).toEqual(["zendesk:segment:12", "zendesk:segment:9"]);
  });

  it.each([
    ["http://acme.zendesk.com", {}, "m@x.org/token:abc", "location"],
    ["https://acme.zendesk.com.evil.example", {}, "m@x.org/token:abc", "location"],
    ["https://acme.zendesk.com/hc/en-us", {}, "m@x.org/token:abc", "location"],
    ["https://acme.zendesk.com", { locales: "English" }, "m@x.org/token:abc", "options.locales"],
    ["https://acme.zendesk.com", { sections: ["Refunds"] }, "m@x.org/token:abc", "options.sections"],
    ["https://acme.zendesk.com", {}, "m@x.org:password", "SOURCE_HELP_SECRET"],
    ["https://acme.zendesk.com", {}, "two words", "SOURCE_HELP_SECRET"],
  ])("refuses %s with %j and a secret of the wrong form", (location, options, secret, named) => {
    const record = { name: "help", kind: "zendesk" as const, location, options };
    const read = (): unknown => readRecord(zendeskRules, record, secret);
    expect(read).toThrow(named);
    expect(read).not.toThrow(secret);
  });
});
