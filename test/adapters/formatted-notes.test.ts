import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMessage } from "../../adapters/slack/inbound/read-message.js";
import { parseActivity } from "../../adapters/teams/inbound-activity.js";
import { readActivity } from "../../adapters/teams/inbound-events.js";

/** Notes as they are typed, cut into pieces that are each formatted in a way of its own. */
const note = fc
  .record({
    mark: fc.constantFrom("//", "// ", "note: ", "Note:", "internal note: "),
    words: fc.stringMatching(/^he [a-z]{1,8} [a-z]{1,8}$/u),
    cuts: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
  })
  .map(({ mark, words, cuts }) => {
    const text = `${mark}${words}`;
    const ends = [...cuts.filter((cut) => cut > 0 && cut < text.length), text.length].toSorted((a, b) => a - b);
    return { words, pieces: ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)) };
  });

const styles = fc.array(
  fc.record({ bold: fc.boolean(), italic: fc.boolean(), strike: fc.boolean(), code: fc.boolean() }),
  { minLength: 5, maxLength: 5 },
);

/** Who a note is said to stands in front, in the same line or above. */
const calls = fc.constantFrom("", " ", ", ", "\n", ":\n\n");

const PLACES = ["section", "quote", "bullet", "ordered", "preformatted"] as const;

interface Typed {
  readonly pieces: readonly string[];
  readonly style: readonly Readonly<Record<string, boolean>>[];
  readonly place: (typeof PLACES)[number];
  /** What stands between a mention and the note; empty where nobody is mentioned. */
  readonly call: string;
}

function onSlack({ pieces, style, place, call }: Typed): string | null {
  const mention =
    call === ""
      ? []
      : [
          { type: "user", user_id: "U0BEN" },
          { type: "text", text: call },
        ];
  const isAbove = call.includes("\n");
  const words = pieces.map((text, index) => ({ type: "text", text, style: style[index] }));
  const elements = isAbove ? words : [...mention, ...words];
  const section = { type: "rich_text_section", elements };
  const element = {
    section,
    quote: { type: "rich_text_quote", elements },
    bullet: { type: "rich_text_list", style: "bullet", elements: [section] },
    ordered: { type: "rich_text_list", style: "ordered", elements: [section] },
    preformatted: { type: "rich_text_preformatted", elements },
  }[place];
  const above = isAbove ? [{ type: "rich_text_section", elements: mention }] : [];
  const blocks = [{ type: "rich_text", elements: [...above, element] }];
  const number = place === "ordered" ? "1. " : "";
  const called = call === "" ? "" : `<@U0BEN>${call}`;
  // Slack's text may say less than its blocks: what is a note in either goes to nobody.
  const event = {
    type: "message",
    user: "U0ANN",
    text: (isAbove ? called + number : number + called) + pieces.join(""),
    blocks,
    ts: "2.0",
    thread_ts: "1.0",
    channel: "C0A",
  };
  const settings = { botUserId: "U0BOT", agentsChannels: ["C0A"] };
  const said = readMessage({ ...event, text: "(see blocks)" }, settings)?.note;
  if (style.some((one) => Object.values(one).includes(true)) || place !== "section") expect(said).not.toBeNull();
  expect(readMessage({ ...event, blocks: undefined }, settings)?.note).not.toBeNull();
  return readMessage(event, settings)?.note ?? null;
}

const ELEMENTS = { bold: "strong", italic: "em", strike: "s", code: "code" } as const;
const AROUND = {
  section: ["<p>", "</p>"],
  quote: ["<blockquote><p>", "</p></blockquote>"],
  bullet: ["<ul><li>", "</li></ul>"],
  ordered: ["<ol><li>", "</li></ol>"],
  preformatted: ["<pre><code>", "</code></pre>"],
} as const;

function onTeams({ pieces, style, place, call }: Typed, text: string): string | null {
  const html = pieces.map((piece, index) =>
    Object.entries(ELEMENTS).reduce(
      (inner, [name, element]) => (style[index]?.[name] === true ? `<${element}>${inner}</${element}>` : inner),
      piece,
    ),
  );
  const content = `${call === "" ? "" : `<p>Ben${call}</p>`}${AROUND[place][0]}${html.join("")}${AROUND[place][1]}`;
  const activity = parseActivity(
    Buffer.from(
      JSON.stringify({
        ...{ type: "message", id: "2", from: { id: "29:ann" }, recipient: { id: "28:bot" }, text, textFormat: "plain" },
        conversation: { id: "19:agents;messageid=1" },
        attachments: [{ contentType: "text/html", content }],
      }),
    ),
  );
  if (activity === null) throw new Error("unreachable: it is an activity");
  const trusted = { activity, installationId: "i", receivedAt: new Date() };
  const reading = readActivity(trusted, { agentsChannels: ["19:agents"] });
  return reading.kind === "event" && reading.event.kind === "note" ? reading.event.text : null;
}

describe.each(PLACES)("an internal note that is formatted, as or in a %s", (place) => {
  it("stays one on Slack", () => {
    fc.assert(
      fc.property(note, styles, calls, ({ pieces, words }, style, call) => {
        const said = onSlack({ pieces, style: style.slice(0, pieces.length), place, call });
        expect(said?.replaceAll(/[*_~`]/gu, "")).toBe(words);
      }),
    );
  });

  it("stays one on Teams, whichever copy of it says so", () => {
    fc.assert(
      fc.property(note, styles, calls, ({ pieces, words }, style, call) => {
        const called = call === "" ? "" : `<at>Ben</at>${call}`;
        const number = place === "ordered" ? "1. " : "";
        expect(onTeams({ pieces, style, place, call }, called + number + pieces.join(""))).toBe(words);
        const isFormatted =
          place !== "section" || style.slice(0, pieces.length).some((one) => Object.values(one).includes(true));
        if (isFormatted) expect(onTeams({ pieces, style, place, call: "" }, "(see the other copy)")).toBe(words);
      }),
    );
  });
});
