import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderReply } from "../../../adapters/slack/render/render-reply.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { parseReply } from "../../../src/answering/parse-reply.js";
import type { Speaker } from "../../../src/ports/chat.js";
import type { Block, Citation, Inline, Reply } from "../../../src/ports/reply.js";
import { newId } from "../../../src/ports/ids.js";
import { checkMessageBlocks } from "../../fakes/slack/block-kit.js";

const bot: Speaker = { role: "bot", name: "Deskhand" };
const SOURCE: Citation = {
  number: 1,
  passageId: "p",
  documentId: "d",
  versionId: "v",
  title: "Opening hours",
  headingPath: ["Shop"],
  url: "https://help.acme.example/hours",
  updatedAt: null,
};

function replyOf(blocks: readonly Block[], rest: Partial<Reply> = {}): Reply {
  return { blocks, citations: [], actions: [], ...rest };
}

/** Every text of a rendered reply, in order, as Slack keeps it. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "text" && typeof inner === "string" ? [inner] : textsOf(inner),
  );
}

function rendered(reply: Reply, speaker: Speaker = bot) {
  const messages = renderReply(reply, speaker);
  for (const { blocks } of messages) checkMessageBlocks(JSON.parse(JSON.stringify(blocks)) as never);
  return messages;
}

function blocksOf(markdown: string): unknown {
  const [first] = rendered(replyOf(parseReply(markdown, new Set([1])), { citations: [SOURCE] }));
  return first.blocks;
}

const nasty = fc.constantFrom(
  "<!channel>",
  "<!here>",
  "<@U0ADMIN1>",
  "<#C1|x>",
  "<!subteam^S1|@oncall>",
  "&lt;!here&gt;",
  "<https://attacker.example|ok>",
  "😀",
  "a",
  " ",
  "\n",
  "|",
  "*",
  "`",
);
const words = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(nasty, { maxLength: 40 }).map((parts) => parts.join("")),
);
const text = words.map((value): Inline => ({ kind: "text", text: value }));
const leaf: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 3, arbitrary: text },
  words.map((value): Inline => ({ kind: "code", text: value })),
  fc.constant<Inline>({ kind: "break" }),
  fc.constant<Inline>({ kind: "citation", number: 1 }),
);
const inlines = fc.array(
  fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 2 }).map((children): Inline => ({ kind: "strong", children })),
  ),
  { maxLength: 4 },
);
const block = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: "small" },
    inlines.map((children): Block => ({ kind: "paragraph", children })),
    inlines.map((children): Block => ({ kind: "heading", children })),
    words.map((value): Block => ({ kind: "code", language: null, text: value })),
    fc.array(tie("block"), { maxLength: 3 }).map((blocks): Block => ({ kind: "quote", blocks })),
    fc
      .record({
        ordered: fc.boolean(),
        start: fc.nat(20),
        items: fc.array(fc.array(tie("block"), { maxLength: 3 }), { maxLength: 4 }),
      })
      .map((list): Block => ({ kind: "list", ...list })),
    fc
      .record({
        header: fc.array(inlines, { maxLength: 4 }),
        rows: fc.array(fc.array(inlines, { maxLength: 5 }), { maxLength: 4 }),
      })
      .map((table): Block => ({ kind: "table", ...table })),
  ),
})).block;
const speaker = fc.record({
  role: fc.constantFrom("bot" as const, "agent" as const, "customer" as const),
  name: words,
});

describe("a reply as Slack messages", () => {
  it("never says anything in Slack's own markup but links to its sources", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), speaker, words, (blocks, by, title) => {
        const messages = rendered(replyOf(blocks, { citations: [{ ...SOURCE, title }] }), by);
        for (const message of messages) {
          expect(message.text).not.toMatch(/[<>]/u);
          expect(JSON.stringify(message.blocks)).not.toMatch(
            /"type":"(?:user|usergroup|broadcast|channel|date|markdown)"/u,
          );
          for (const markup of JSON.stringify(message.blocks).matchAll(
            /"type":"mrkdwn","text":("(?:[^"\\]|\\.)*")/gu,
          )) {
            const source = JSON.parse(markup[1] ?? "") as string;
            expect(source.replace("<https://help.acme.example/hours|", "").replace(/>$/u, "")).not.toMatch(/[<>]/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("loses nothing and keeps to Slack's limits", () => {
    const long = fc
      .tuple(fc.array(block, { maxLength: 6 }), fc.integer({ min: 1, max: 400 }))
      .map(([blocks, times]) => {
        const paragraph: Block = {
          kind: "paragraph",
          children: [{ kind: "text", text: "word 😀 ".repeat(times * 20) }],
        };
        return [...blocks, paragraph, ...blocks];
      });
    fc.assert(
      fc.property(long, (blocks) => {
        const messages = rendered(replyOf(blocks));
        // Tables are laid out anew, so spaces do not count; everything else does, in order.
        const said = messages
          .flatMap((message) => textsOf(message.blocks))
          .join("")
          .replaceAll(/\s/gu, "");
        expect(firstMissing(said, blocks.map(wordsOf).join("").replaceAll(/\s/gu, ""))).toBeNull();
        for (const message of messages) {
          expect(message.blocks.length).toBeLessThanOrEqual(50);
          expect(message.text.length).toBeLessThanOrEqual(1_500);
          expect(textsOf(message.blocks).join("").length + message.text.length).toBeLessThanOrEqual(13_000);
        }
      }),
      { numRuns: 80 },
    );
  });

  it("numbers steps by itself where Slack can, and writes the numbers out where it cannot", () => {
    expect(blocksOf("1. Press\n2. Wait")).toMatchObject([
      { elements: [{ type: "rich_text_list", style: "ordered", elements: [{}, {}] }] },
      { type: "context" },
    ]);
    expect(textsOf(blocksOf("3. Press\n4. Wait")).join("")).toContain("3. Press\n4. Wait");
    expect(textsOf(blocksOf("1. Press\n   - long\n   - hard\n2. Wait")).join("")).toContain("1. Press");
  });

  it("links a citation mark and its source only to the source's own address", () => {
    const [message] = rendered(
      replyOf(parseReply("At nine [1]. See [here](https://attacker.example).", new Set([1])), { citations: [SOURCE] }),
    );

    const links = [...JSON.stringify(message.blocks).matchAll(/https?:[^"|]+/gu)].map(String);
    expect(links).toEqual([SOURCE.url, SOURCE.url]);
    expect(JSON.stringify(message.blocks)).toContain("[1] <https://help.acme.example/hours|Opening hours › Shop>");
  });

  it.each([
    ["javascript:alert(1)//https://help.acme.example"],
    ["data:text/html,x"],
    ["not an address"],
    [`https://help.acme.example/${"a".repeat(2_000)}`],
  ])("does not link %.60s", (url) => {
    const [message] = rendered(replyOf(parseReply("At nine [1].", new Set([1])), { citations: [{ ...SOURCE, url }] }));
    expect(JSON.stringify(message.blocks)).not.toContain(url.slice(0, 20));
  });

  it("keeps an address from ending its link early", () => {
    const url = "https://help.acme.example/a|b>c<!channel>";
    const [message] = rendered(replyOf(parseReply("At nine [1].", new Set([1])), { citations: [{ ...SOURCE, url }] }));
    expect(JSON.stringify(message.blocks)).toContain(
      "<https://help.acme.example/a%7Cb%3Ec%3C!channel%3E|Opening hours",
    );
  });

  it("shows small tables in columns and wide ones row by row", () => {
    const table = (cell: string) => `| Plan | Price |\n| --- | --- |\n| Basic | ${cell} |`;
    expect(textsOf(blocksOf(table("5 €")))).toContain("Plan   Price\n─────  ─────\nBasic  5 €");
    expect(textsOf(blocksOf(table("5 € ".repeat(20)))).join("\n")).toContain("Plan: Basic\nPrice: 5 €");
  });

  it("names whose words it carries", () => {
    const [byAgent] = rendered(replyOf(parseReply("We open at nine.", new Set())), {
      role: "agent",
      name: "Ben <!here>",
    });
    expect(byAgent.blocks[0]).toMatchObject({ elements: [{ type: "plain_text", text: "Ben <!here> (support team)" }] });
    expect(byAgent.text).toBe("Ben &lt;!here&gt; (support team):\n\nWe open at nine.");
  });

  it("puts the buttons under the last message and keeps their values short", () => {
    const answerId = newId();
    const actions: Reply["actions"] = [
      { name: "human" },
      { name: "helpful", answerId },
      { name: "not-helpful", answerId },
    ];
    const messages = rendered(replyOf(parseReply("Word. ".repeat(5_000), new Set()), { actions }));
    const types = messages.map(({ blocks }) => blocks.filter((one) => one.type !== "rich_text").map((one) => one.type));
    expect(messages.length).toBeGreaterThan(2);
    expect(types.slice(0, -1).flat()).toEqual([]);
    expect(types.at(-1)).toEqual(["actions", "context_actions"]);
  });
});

/** The first character of `wanted` that does not come in `said` after those before it. */
function firstMissing(said: string, wanted: string): string | null {
  let at = 0;
  for (const character of wanted) {
    const found = said.indexOf(character, at);
    if (found === -1) return character;
    at = found + character.length;
  }
  return null;
}

/** What a block says, without the marks that a renderer adds. */
function wordsOf(one: Block): string {
  switch (one.kind) {
    case "list":
      return one.items.map((item) => item.map(wordsOf).join("")).join("");
    case "quote":
      return one.blocks.map(wordsOf).join("");
    case "table":
      // A row by row layout repeats the names of columns: only what the cells say is looked for.
      return one.rows.length === 0
        ? replyText({ blocks: [one] }).replaceAll(" | ", "")
        : one.rows
            .map((row) => row.map((cell) => replyText({ blocks: [{ kind: "paragraph", children: cell }] })).join(""))
            .join("");
    default:
      return replyText({ blocks: [one] });
  }
}

describe("a mention", () => {
  const mention = (id: string): Block => ({ kind: "paragraph", children: [{ kind: "mention", id, name: "Ana" }] });

  it("is one for Slack where it is of a person's id, and else their name", () => {
    const [{ blocks, text }] = rendered(replyOf([mention("U0ANA")]));
    expect(JSON.stringify(blocks)).toContain('{"type":"user","user_id":"U0ANA"}');
    expect(text).toBe("Ana");
    for (const id of ["agent:Ana", "S0GROUP", "!here"]) {
      const [{ blocks: named }] = rendered(replyOf([mention(id)]));
      expect(textsOf(named)).toEqual(["Ana"]);
      expect(JSON.stringify(named)).not.toContain("user_id");
    }
  });
});
