import { z } from "zod";
import { assertNever } from "../../../src/ports/errors.js";
import type { Block } from "../../../src/ports/reply.js";
import { linkWords, paragraphsOf, type StyledRun } from "../../../src/text/styled-text.js";

const style = z.object({ bold: z.boolean(), italic: z.boolean(), strike: z.boolean(), code: z.boolean() }).partial();
const styled = { style: style.nullish() };

/** As far from 1970 as a date can be. */
const MOST_SECONDS = 8_640_000_000_000;
const seconds = z.number().min(-MOST_SECONDS).max(MOST_SECONDS);

const inlineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string(), ...styled }),
  z.object({ type: z.literal("link"), url: z.string(), text: z.string().nullish(), ...styled }),
  z.object({ type: z.literal("emoji"), name: z.string(), unicode: z.string().nullish(), ...styled }),
  z.object({ type: z.literal("user"), user_id: z.string(), ...styled }),
  z.object({ type: z.literal("channel"), channel_id: z.string(), ...styled }),
  z.object({ type: z.literal("usergroup"), usergroup_id: z.string(), ...styled }),
  z.object({ type: z.literal("team"), team_id: z.string(), ...styled }),
  z.object({ type: z.literal("broadcast"), range: z.string(), ...styled }),
  z.object({ type: z.literal("color"), value: z.string(), ...styled }),
  z.object({ type: z.literal("date"), timestamp: seconds, fallback: z.string().nullish(), ...styled }),
]);
type RichInline = z.infer<typeof inlineSchema>;

const elements = z.array(inlineSchema);
const border = z.number().nullish();
const sectionSchema = z.object({ type: z.literal("rich_text_section"), elements });

const elementSchema = z.discriminatedUnion("type", [
  sectionSchema,
  z.object({
    type: z.literal("rich_text_list"),
    style: z.enum(["bullet", "ordered"]),
    indent: z.number().int().min(0).max(8).nullish(),
    offset: z.number().int().min(0).nullish(),
    border,
    elements: z.array(sectionSchema),
  }),
  z.object({ type: z.literal("rich_text_quote"), elements }),
  z.object({ type: z.literal("rich_text_preformatted"), elements, border }),
]);
type RichElement = z.infer<typeof elementSchema>;
type RichList = Extract<RichElement, { type: "rich_text_list" }>;

const messageBlocks = z
  .array(z.object({ type: z.literal("rich_text"), elements: z.array(elementSchema) }))
  .min(1)
  .max(50);

type Read = (inlines: readonly RichInline[]) => readonly StyledRun[];

/** What a message's `blocks` say; null where they are anything but rich text of a form that is known. */
export function readRichText(blocks: unknown, botUserId: string): readonly Block[] | null {
  const { data } = messageBlocks.safeParse(blocks);
  if (data === undefined) return null;
  const given = withoutLeadingBot(
    data.flatMap((block) => block.elements),
    botUserId,
  );
  return joinedQuotes(blocksOf(given, (inlines) => inlines.map((one) => runOf(one, botUserId))));
}

function blocksOf(given: readonly RichElement[], read: Read): readonly Block[] {
  const [first, ...rest] = given;
  if (first === undefined) return [];
  if (first.type !== "rich_text_list") return [...blockOf(first, read), ...blocksOf(rest, read)];
  const end = given.findIndex((one) => one.type !== "rich_text_list" || one.border !== first.border);
  const lists = given.slice(0, end === -1 ? given.length : end).filter((one) => one.type === "rich_text_list");
  return [...quotedIf(first.border === 1, nested(lists, read)), ...blocksOf(given.slice(lists.length), read)];
}

function blockOf(element: Exclude<RichElement, RichList>, read: Read): readonly Block[] {
  const runs = read(element.elements);
  switch (element.type) {
    case "rich_text_section":
      return paragraphsOf(runs);
    case "rich_text_quote":
      return quotedIf(true, paragraphsOf(runs));
    case "rich_text_preformatted": {
      const text = runs.map((run) => run.text).join("");
      return text.trim() === "" ? [] : quotedIf(element.border === 1, [{ kind: "code", language: null, text }]);
    }
    default:
      return assertNever(element);
  }
}

function quotedIf(isQuoted: boolean, blocks: readonly Block[]): readonly Block[] {
  return isQuoted && blocks.length > 0 ? [{ kind: "quote", blocks }] : blocks;
}

/** Slack cuts a quote where a list or code begins in it. */
function joinedQuotes(blocks: readonly Block[]): readonly Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.kind === "quote" && last?.kind === "quote") {
      joined[joined.length - 1] = { kind: "quote", blocks: [...last.blocks, ...block.blocks] };
    } else joined.push(block);
  }
  return joined;
}

interface OpenList {
  readonly indent: number;
  readonly ordered: boolean;
  readonly start: number;
  readonly items: Block[][];
}

/** Slack gives the lists of a list one after the other, each with how far in it stands. */
function nested(lists: readonly RichList[], read: Read): readonly Block[] {
  const found: Block[] = [];
  const open: OpenList[] = [];
  const close = (): void => {
    const done = open.pop();
    if (done === undefined) return;
    const { ordered, start, items } = done;
    (open.at(-1)?.items.at(-1) ?? found).push({ kind: "list", ordered, start, items });
  };
  for (const list of lists) {
    const [indent, ordered, start] = [list.indent ?? 0, list.style === "ordered", (list.offset ?? 0) + 1];
    while ((open.at(-1)?.indent ?? -1) > indent) close();
    const last = open.at(-1);
    const goesOn = last?.indent === indent && last.ordered === ordered && (!ordered || isNext(last, start));
    if (last?.indent === indent && !goesOn) close();
    if (!goesOn) open.push({ indent, ordered, start: ordered ? start : 1, items: [] });
    open.at(-1)?.items.push(...list.elements.map((item) => [...paragraphsOf(read(item.elements))]));
  }
  while (open.length > 0) close();
  return found;
}

function isNext({ start, items }: OpenList, next: number): boolean {
  return start + items.length === next;
}

/** The bot's own name in front is whom it is said to, and no part of what is said. */
function withoutLeadingBot(given: readonly RichElement[], botUserId: string): readonly RichElement[] {
  const [first, ...rest] = given;
  if (first?.type !== "rich_text_section") return given;
  const [called, next, ...others] = first.elements;
  if (called?.type !== "user" || called.user_id !== botUserId) return given;
  const kept = next?.type === "text" ? { ...next, text: next.text.replace(/^[\s:,]+/u, "") } : next;
  return [{ ...first, elements: kept === undefined ? others : [kept, ...others] }, ...rest];
}

function runOf(inline: RichInline, botUserId: string): StyledRun {
  const { bold, italic, strike, code } = inline.style ?? {};
  return { text: wordsOf(inline, botUserId), bold, italic, strike, code };
}

function wordsOf(inline: RichInline, botUserId: string): string {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "link":
      return linkWords(inline.text ?? "", inline.url.replace(/^(?:mailto|tel):/u, ""));
    case "emoji":
      return emoji(inline);
    case "user":
      return inline.user_id === botUserId ? "" : `@${inline.user_id}`;
    case "usergroup":
      return `@${inline.usergroup_id}`;
    case "team":
      return `@${inline.team_id}`;
    case "broadcast":
      return `@${inline.range}`;
    case "channel":
      return `#${inline.channel_id}`;
    case "color":
      return inline.value;
    case "date":
      return inline.fallback ?? new Date(inline.timestamp * 1_000).toISOString();
    default:
      return assertNever(inline);
  }
}

const LAST_CHARACTER = 0x10_ff_ff;

/** Slack's own have a character, a workspace's own have none. */
function emoji({ name, unicode }: Extract<RichInline, { type: "emoji" }>): string {
  const points = (unicode ?? "")
    .split("-")
    .map((point) => (/^[0-9a-f]{2,6}$/iu.test(point) ? parseInt(point, 16) : NaN));
  return points.every((point) => point <= LAST_CHARACTER) ? String.fromCodePoint(...points) : `:${name}:`;
}
