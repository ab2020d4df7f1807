import fc from "fast-check";
import { expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { relayedWords } from "../../../src/handoff/relayed-words.js";
import type { InboundEvent, MessageEvent } from "../../../src/ports/chat.js";
import type { Block, Inline } from "../../../src/ports/reply.js";
import { createInboundSink } from "../../../src/routing/inbound-sink.js";
import { silentLogger } from "../../support/silent-logger.js";

const CARDS = [
  "4539 1488 0343 6467",
  "5425-2334-3010-9903",
  "3714 496353 98431",
  "6011000990139424",
  "4539\n1488 0343\n6467",
];

/** Words without a digit, which may touch the number where they are formatted in another way. */
const words = fc.constantFrom("", "Karte", "my card: ", " exp", "_", "/", "?", "•", "(", " and\nmore ", "🙂", "no=");

const leaf = (text: string, isCode: boolean): Inline => ({ kind: isCode ? "code" : "text", text });
const styled = (children: readonly Inline[], style: number): Inline => ({
  kind: (["strong", "emphasis", "strike"] as const)[style % 3] ?? "strong",
  children,
});

/** A number cut into pieces, each formatted in a way of its own; at a line end also by a break. */
const inlines = (card: string): fc.Arbitrary<readonly Inline[]> =>
  fc
    .record({
      before: words,
      behind: words,
      cuts: fc.uniqueArray(fc.integer({ min: 1, max: card.length - 1 }), { maxLength: 4 }),
      styles: fc.array(fc.nat(7), { minLength: 7, maxLength: 7 }),
    })
    .map(({ before, behind, cuts, styles }) => {
      const ends = [...cuts, card.length].toSorted((left, right) => left - right);
      const pieces = [before, ...ends.map((end, index) => card.slice(ends[index - 1] ?? 0, end)), behind];
      return pieces
        .filter((piece) => piece !== "")
        .map((piece, index): Inline => {
          if (piece === "\n") return { kind: "break" };
          const style = styles[index] ?? 0;
          const inner = leaf(piece, style % 2 === 1);
          return style < 2 ? inner : styled([style > 5 ? styled([inner], style + 1) : inner], style);
        });
    });

const prose = (children: readonly Inline[]): Block => ({ kind: "paragraph", children });

/** Blocks of a number's words, its groups or its whole, in each other up to four deep. */
function around(card: string): fc.Arbitrary<readonly Block[]> {
  const groups = card.split(/[ \n]/u);
  const whole = inlines(card).map((children): Block => prose(children));
  const code = fc.tuple(words, words).map(([before, behind]): Block => {
    const apart = /[\p{L}_/?=]/u;
    return {
      kind: "code",
      language: null,
      text: `${before}${apart.test(before) ? " " : ""}${card}${apart.test(behind) ? " " : ""}${behind}`,
    };
  });
  const items: fc.Arbitrary<Block> = fc.record({ ordered: fc.boolean(), start: fc.nat(30) }).map((list) => ({
    ...{ kind: "list", ...list },
    items: groups.map((group) => [prose([leaf(group, false)])]),
  }));
  const broken = fc.constant<Block>(
    prose([
      leaf(groups[0] ?? "", false),
      ...groups.slice(1).flatMap((group): Inline[] => [{ kind: "break" }, leaf(group, false)]),
    ]),
  );
  const { block } = fc.letrec<{ block: Block }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      whole,
      code,
      items,
      broken,
      tie("block").map((inner): Block => ({ kind: "quote", blocks: [inner] })),
      fc
        .record({ ordered: fc.boolean(), start: fc.nat(30), inner: tie("block"), first: words })
        .map(({ inner, first, ...list }): Block => ({
          ...{ kind: "list", ...list },
          items: [[prose([leaf(first, false)])], [inner], [prose([leaf("then", false)]), inner]],
        })),
    ),
  }));
  return fc.array(block, { minLength: 1, maxLength: 2 });
}

const message = fc
  .constantFrom(...CARDS)
  .chain((card) =>
    around(card).chain((blocks) =>
      fc.record({ card: fc.constant(card), blocks: fc.constant(blocks), text: asText(blocks) }),
    ),
  );

/** What a platform says beside: the words with the marks of their lists, without, or with marks of formatting. */
function asText(blocks: readonly Block[]): fc.Arbitrary<string> {
  const said = replyText({ blocks });
  return fc.constantFrom(said, withoutMarks(said), `*${said}*`, `_${said}_`, `1) ${withoutMarks(said)}`);
}

function withoutMarks(text: string): string {
  let rest = text;
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replaceAll(/^\s*(?:[_*>]|\d{1,2}[.)] |- )+/gmu, "");
  }
  return rest;
}

/** Every digit that somebody who reads a text would read as the number's. */
function digitsOf(text: string): string {
  return withoutMarks(text).replaceAll(/\D/gu, "");
}

type Said = Required<Pick<MessageEvent, "text" | "blocks">>;

async function stored({ text, blocks }: Said): Promise<MessageEvent> {
  const kept: InboundEvent[] = [];
  const sink = createInboundSink({
    coordination: {
      acceptEvent: (event) => {
        kept.push(event);
        return Promise.resolve({ inboxId: "i", conversationId: "c", duplicate: false });
      },
    },
    queue: { enqueue: () => Promise.resolve() },
    fairShare: { take: () => 1 },
    metrics: { eventAccepted: () => undefined },
    logger: silentLogger,
    failpoint: () => Promise.resolve(),
  });
  const author = { id: "U1", displayName: "Ada", role: "customer", isBot: false } as const;
  const place = { conversation: { installationId: "i", key: "k" }, channelId: "k", audience: ["public"] };
  const envelope = { ...place, eventId: "e", messageId: "m", revision: 0, occurredAt: new Date(), author };
  const event = { ...envelope, kind: "message", text, blocks, addressesBot: true } as const;
  await sink.accept(event, new AbortController().signal);
  const [accepted] = kept;
  if (accepted?.kind !== "message") throw new Error("unreachable: a message was accepted");
  return accepted;
}

it("has no more than its last four digits in anything that is stored or relayed, however it is formatted", async () => {
  await fc.assert(
    fc.asyncProperty(message, async ({ card, text, blocks }) => {
      const event = await stored({ text, blocks });
      const relayed = relayedWords(event, event.text.trim());
      const kept = [event.text, relayed.text, replyText(relayed.shown), replyText({ blocks: event.blocks ?? [] })];
      const more = card.replaceAll(/\D/gu, "").slice(-5);
      for (const one of kept) expect(digitsOf(one)).not.toContain(more);
      expect(digitsOf(event.text)).toContain(more.slice(1));
    }),
    { numRuns: 2_000 },
  );
});
