import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHashedEmbeddings } from "../../../infra/models/local/hashed-embeddings.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { bestWay, joinedWords, splittings } from "../../../kb/search/compounds.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { queryWords } from "../../../kb/search/query-terms.js";
import type { Language } from "../../../src/text/stop-words.js";
import { describeEachDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";

const joined = (text: string): readonly string[] => joinedWords(text).flatMap(({ terms }) => terms);
const parted = (word: string, language: Language): readonly (readonly string[])[] => {
  const words = queryWords(word).map((each) => ({ ...each, terms: new Map<string, number>() }));
  return splittings(words, [language]).flatMap(({ ways }) => ways.map(([first, second]) => [first[0] ?? "", second[0] ?? ""])); // prettier-ignore
};

describe("words that may be one", () => {
  it("are neighbours, whatever the language", () => {
    expect(joined("which time zone is it")).toContain("timezon");
    expect(joined("my e mail")).toContain("email");
    expect(joined("what is the time of the zone")).not.toContain("timezon");
  });

  it("are compounds of German and its like, in both orders and with what links them", () => {
    expect(joined("Wie ändere ich die Adresse der Rechnung?")).toContain("rechnungsadress");
    expect(joined("Hoe vind ik het nummer van de klant?")).toContain("klantennummer");
    expect(joined("Hur ändrar jag adressen för min faktura?")).not.toEqual([]);
  });
});

describe("words that may be two", () => {
  it("are parted everywhere that leaves two words", () => {
    expect(parted("Rechnungsadresse", "german")).toContainEqual(["rechnung", "adress"]);
    expect(parted("timezone", "english")).toContainEqual(["time", "zone"]);
    expect(parted("short", "german")).toEqual([]);
    expect(parted("x".repeat(64), "german")).toEqual([]);
  });

  it("are those whose parts are used most", () => {
    const ways = [[["ab"], ["cd"]], [["abc"], ["d"]], [["a"], ["bcd"]]] as const; // prettier-ignore
    const use = (chunks: number) => ({ chunks, documents: chunks });
    const uses = new Map([["ab", use(4)], ["cd", use(4)], ["abc", use(100)], ["a", use(20)], ["bcd", use(1)]]); // prettier-ignore
    expect(bestWay({ position: 0, ways }, uses)).toEqual([["a"], ["bcd"]]);
    expect(bestWay({ position: 0, ways }, new Map())).toBeNull();
  });
});

const PAGES = {
  "adresse.md": "# Konto\n\nDie Adresse der Rechnung ändern Sie in den Einstellungen unter Abrechnung.",
  "nummer.md": "# Konto\n\nDie Kundennummer steht auf jedem Brief, den Sie von uns bekommen.",
  "zone.md": "# Account\n\nThe time zone of your profile is set in the settings of your account.",
  "hook.md": "# Account\n\nA webhook calls your server when something happens in your account.",
  "konto.md": "# Konto\n\nEin Konto wird in den Einstellungen gelöscht.",
};

describeEachDatabase("compounds in the knowledge search", (open) => {
  let database: OpenDatabase;
  const embeddings = createHashedEmbeddings();

  beforeAll(async () => {
    database = await open();
    const admin = testKnowledge(database, embeddings);
    using pages = testFolder(PAGES);
    await admin.addSource("default", folderSource(pages.location));
    await syncToEnd(admin);
  }, 60_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it.each([
    ["Wie ändere ich meine Rechnungsadresse?", "adresse.md"],
    ["Rechnungsadresse", "adresse.md"],
    ["Wo finde ich die Nummer des Kunden?", "nummer.md"],
    ["timezone", "zone.md"],
    ["how do I change my timezone", "zone.md"],
    ["what is a web hook", "hook.md"],
  ])("are found by their words: %j", async (text, page) => {
    const query = { tenantId: "default", text, audience: ["public"], limit: 5 };
    const { passages } = await createKnowledgeSearch({ database, embeddings }).search(query, new AbortController().signal); // prettier-ignore
    const [first] = passages;

    expect(first?.externalId).toBe(page);
    expect(first?.scores.lexical).toBeGreaterThan(0);
    expect(first?.scores.coverage).toBeGreaterThan(0.4);
  });
});
