import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACTIVITY_LIMIT, renderActivities } from "../../../adapters/teams/render-activity.js";
import { escapeText } from "../../../adapters/teams/render-text.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import { cleanText } from "../../../src/answering/text/clean-text.js";
import type { Block, Citation, Inline, Reply } from "../../../src/ports/reply.js";
import { plainReply } from "../../../src/ports/reply.js";
import { isRefusal, readSentActivity } from "../../fakes/teams/activity-rules.js";
import { readAsPerson } from "../../fakes/teams/read-as-person.js";
import { bot } from "./teams-harness.js";

function seen(reply: Reply) {
  return renderActivities({ reply, speaker: bot }).map(({ text }) => readAsPerson(text ?? ""));
}

function citation(number: number, changes: Partial<Citation> = {}): Citation {
  const id = `passage-${number}`;
  const place = { title: `Manual ${number}`, headingPath: ["Setup"], url: `https://help.acme.example/${number}` };
  return { number, passageId: id, documentId: id, versionId: id, updatedAt: null, ...place, ...changes };
}

const text = (value: string): Inline => ({ kind: "text", text: value });
const replyOf = (...blocks: readonly Block[]): Reply => ({ blocks, citations: [], actions: [] });

describe("the renderer", () => {
  it.each([
    ["paragraphs", "One.\n\nTwo.", "One.\n\nTwo."],
    ["a line break", "One.  \nTwo.", "One.\nTwo."],
    ["strong and emphasised words", "**Hold** the _button_.", "Hold the button."],
    ["a heading", "## Reset\n\nHold it.", "Reset\n\nHold it."],
    ["steps", "3. Hold\n4. Wait", "3. Hold\n4. Wait"],
    ["code", "Run `npm ci`:\n\n```sh\nnpm ci\n```", "Run npm ci:\n\nnpm ci"],
    ["a quote", "> Hold it.", "Hold it."],
    ["markup in text", String.raw`2 \* 3 \_ 4 \# \[x\]`, "2 * 3 _ 4 # [x]"],
  ])("shows %s", (_what, markdown, shown) => {
    expect(seen(replyOf(...parseReply(markdown, new Set())))[0]?.text).toBe(shown);
  });

  it("shows a table as a list, each row with its columns' names", () => {
    const cell = (value: string) => [text(value)];
    const table: Block = {
      kind: "table",
      header: ["Plan", "Price", "Seats"].map(cell),
      rows: [["Basic", "€ 5", "1"].map(cell), ["Pro", "€ 9", ""].map(cell)],
    };

    expect(seen(replyOf(table))[0]?.text).toBe("- Basic · Price: € 5 · Seats: 1\n- Pro · Price: € 9");
  });

  it("links to an address only when it is one of a source", () => {
    const words = "See https://help.acme.example/1, https://attacker.example/?d=x and www.attacker.example.";
    const reply = { ...plainReply(words), citations: [citation(1)] };
    const [shown] = seen(reply);

    expect(shown?.links.every((link) => link === "https://help.acme.example/1")).toBe(true);
    expect(shown?.text).toBe(words);
  });

  it.each(["(https://attacker.example/?d=x)", ": https://attacker.example/", "(javascript:alert(1))"])(
    "makes no link of a citation mark followed by %s",
    (after) => {
      const children: Inline[] = [{ kind: "citation", number: 1 }, text(after)];
      const [shown] = seen({ ...replyOf({ kind: "paragraph", children }), citations: [citation(1)] });

      expect(shown).toEqual({ text: `[1]${after}`, links: [], live: [] });
    },
  );

  it("makes no link of a source's address that is none of the web", () => {
    const urls = ["javascript:alert(1)", "data:text/html,x", "https://a.example/ x", "file:///etc/passwd", null];
    const blocks = urls.map((_, index): Block => ({
      kind: "paragraph",
      children: [{ kind: "citation", number: index + 1 }],
    }));
    const reply = { blocks, citations: urls.map((url, index) => citation(index + 1, { url })), actions: [] };

    expect(JSON.stringify(renderActivities({ reply, speaker: bot }))).not.toContain('"url"');
  });

  it("cites twenty sources where Teams takes twenty, and names the others in words", () => {
    const numbers = Array.from({ length: 25 }, (_, index) => index + 1);
    const children = numbers.map((number): Inline => ({ kind: "citation", number }));
    const reply: Reply = {
      blocks: [{ kind: "paragraph", children }],
      citations: numbers.map((number) => citation(number)),
      actions: [],
    };
    const [activity] = renderActivities({ reply, speaker: bot });

    expect(isRefusal(readSentActivity(JSON.stringify(activity)))).toBe(false);
    expect(readAsPerson(activity.text ?? "").text).toContain("[25] Manual 25 › Setup");
  });

  it("labels the bot's answers as generated, cited or not, and nothing else", () => {
    const cites: readonly Block[] = [
      { kind: "paragraph", children: [text("Hold it "), { kind: "citation", number: 1 }] },
    ];
    const answer = { blocks: cites, citations: [citation(1)], actions: [] };
    const rated = plainReply("npm ci", [
      { name: "helpful", answerId: "a" },
      { name: "not-helpful", answerId: "a" },
    ]);
    const label = (reply: Reply, speaker = bot) =>
      JSON.stringify(renderActivities({ reply, speaker })).includes("AIGeneratedContent");

    expect(label(answer)).toBe(true);
    expect(label(rated)).toBe(true);
    expect(label({ ...rated, citations: [citation(1)] })).toBe(true);
    expect(label(plainReply("Hello!"))).toBe(false);
    expect(label(plainReply("What is it about?", [{ name: "human" }]))).toBe(false);
    expect(label(answer, { role: "agent", name: "Ana" })).toBe(false);
    expect(label(rated, { role: "customer", name: "Cora" })).toBe(false);
    expect(label({ ...answer, actions: [{ name: "claim", handoffId: "h" }] })).toBe(false);
    expect(label({ ...answer, actions: [{ name: "resolve", handoffId: "h" }] })).toBe(false);
  });

  it("labels every message of a long answer, and Teams takes a label without a source", () => {
    const reply = plainReply("word ".repeat(10_000), [{ name: "helpful", answerId: "a" }]);
    const activities = renderActivities({ reply, speaker: bot });

    expect(activities.length).toBeGreaterThan(1);
    for (const activity of activities) {
      expect(activity.entities).toEqual([
        {
          type: "https://schema.org/Message",
          "@type": "Message",
          "@context": "https://schema.org",
          additionalType: ["AIGeneratedContent"],
        },
      ]);
      expect(isRefusal(readSentActivity(JSON.stringify(activity)))).toBe(false);
    }
  });

  it("says something also for an empty reply", () => {
    expect(seen(replyOf())[0]?.text).toBe("…");
  });
});

const words = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.stringMatching(/^[\\`*_[\](){}#+.!|<>&~:/@a-z1-9 -]{0,40}$/u),
  fc.constantFrom(
    "<at>All</at>",
    "![x](https://a.example/p.png)",
    "[x](javascript:alert(1))",
    "https://a.example",
    "&lt;b&gt;",
  ),
);
const inline: fc.Arbitrary<Inline> = fc.oneof(
  words.map(text),
  words.map((value): Inline => ({ kind: "code", text: value })),
  words.map((value): Inline => ({ kind: "strong", children: [text(value)] })),
  words.map((value): Inline => ({ kind: "emphasis", children: [text(value)] })),
  fc.constant<Inline>({ kind: "break" }),
  fc.integer({ min: 1, max: 3 }).map((number): Inline => ({ kind: "citation", number })),
);
const paragraphs = fc.array(inline, { maxLength: 6 });
const simple: fc.Arbitrary<Block> = fc.oneof(
  paragraphs.map((children): Block => ({ kind: "paragraph", children })),
  paragraphs.map((children): Block => ({ kind: "heading", children })),
  words.map((value): Block => ({ kind: "code", language: null, text: value })),
  fc.tuple(paragraphs, paragraphs).map(([a, b]): Block => ({ kind: "table", header: [a, b], rows: [[b, a]] })),
);
const block: fc.Arbitrary<Block> = fc.oneof(
  simple,
  fc.array(simple, { maxLength: 3 }).map((blocks): Block => ({ kind: "quote", blocks })),
  fc
    .tuple(fc.boolean(), fc.array(fc.array(simple, { minLength: 1, maxLength: 2 }), { maxLength: 3 }))
    .map(([ordered, items]): Block => ({ kind: "list", ordered, start: 1, items })),
);

describe("whatever a reply says", () => {
  it("is taken by Teams, and is only shown: no element, no image, no link but to a source", () => {
    const citations = [citation(1), citation(2), citation(3, { title: "<at>x</at> ".repeat(30), headingPath: [] })];
    const sources = new Set(citations.map(({ url }) => url));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        for (const activity of renderActivities({ reply: { blocks, citations, actions: [] }, speaker: bot })) {
          expect(readSentActivity(JSON.stringify(activity))).not.toHaveProperty("status");
          const { live, links } = readAsPerson(activity.text ?? "");
          expect(live).toEqual([]);
          expect(links.filter((link) => !sources.has(link))).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("is read as it was written", () => {
    const line = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(fc.oneof(line, words), (value) => {
        const written = cleanText(value).replaceAll(/\s+/gu, " ").trim();
        fc.pre(written !== "");
        const shown = seen(replyOf({ kind: "paragraph", children: [text(written)] }))[0]?.text ?? "";
        expect(shown.replaceAll(/\s+/gu, " ").trim()).toBe(written);
      }),
      { numRuns: 400 },
    );
  });

  it("fits in what Teams takes, and no word of it is lost", () => {
    const long = fc
      .array(fc.constantFrom("word", "Größe", "🙂🙂", '"quoted"', "x".repeat(9_000), "a_b*c"), {
        minLength: 1,
        maxLength: 40,
      })
      .map((parts) => parts.join(" "))
      .map((joined) => (joined.length > 10_000 ? joined : joined.repeat(20)));
    fc.assert(
      fc.property(long, fc.boolean(), (value, isCode) => {
        const body: Block = isCode
          ? { kind: "code", language: null, text: value }
          : { kind: "paragraph", children: [text(value)] };
        const reply = { blocks: [body], citations: [], actions: [{ name: "human" }] as const };
        const activities = renderActivities({ reply, speaker: bot });
        for (const activity of activities)
          expect(2 * JSON.stringify(activity).length).toBeLessThanOrEqual(ACTIVITY_LIMIT);
        const shown = activities.map((activity) => readAsPerson(activity.text ?? "").text).join("");
        expect(shown.replaceAll(/\s/gu, "")).toBe(value.replaceAll(/\s/gu, ""));
        expect(activities.filter(({ attachments }) => attachments !== undefined)).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it("is escaped in a time that grows with its length alone", () => {
    for (const hostile of ["a.".repeat(50_000), "http://".repeat(20_000), "www.".repeat(30_000), "[".repeat(100_000)]) {
      expect(escapeText(hostile).length).toBeGreaterThan(0);
    }
  });
});
