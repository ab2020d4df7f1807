import type { Block } from "../../../src/ports/reply.js";
import { paragraphsOf, type StyledRun } from "../../../src/text/styled-text.js";
import { plainText } from "./plain-text.js";

const FENCE = /```\n?([^]*?)\n?```/gu;
const QUOTED = /^(?:>|&gt;) ?/u;

/** What Slack's own markup says, for messages that come without rich text. Lists are lines there, and stay lines. */
export function readMrkdwn(source: string, botUserId: string): readonly Block[] {
  const tokens: string[] = [];
  // A mark inside of a link or a mention is none.
  const text = source.replaceAll(TOKEN, (token) => `${OPEN}${String(tokens.push(token) - 1)}${CLOSE}`);
  const restored = (part: string): string =>
    part.replaceAll(KEPT_TOKEN, (_, index: string) => tokens[Number(index)] ?? "");
  const plain = (part: string): string => plainText(restored(part), botUserId);
  return source.includes(OPEN) ? paragraphsOf([{ text: plain(source) }]) : passagesAndCode(text, plain);
}

type Plain = (part: string) => string;

const TOKEN = /<[^<>\n]*>/gu;
/** Two characters that stand for nothing. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const KEPT_TOKEN = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "gu");

function passagesAndCode(text: string, plain: Plain): readonly Block[] {
  const blocks: Block[] = [];
  let end = 0;
  for (const { 0: whole, 1: inside = "", index } of text.matchAll(FENCE)) {
    blocks.push(...passages(text.slice(end, index), plain));
    const code = plain(inside);
    if (code !== "") blocks.push({ kind: "code", language: null, text: indentationOf(inside) + code });
    end = index + whole.length;
  }
  return [...blocks, ...passages(text.slice(end), plain)];
}

/** Of the first line that holds anything. */
function indentationOf(code: string): string {
  const before = code.slice(0, code.length - code.trimStart().length);
  return before.slice(before.lastIndexOf("\n") + 1);
}

/** Lines after each other that are all quoted, or all not. */
function passages(text: string, plain: Plain): readonly Block[] {
  const found: { readonly isQuote: boolean; readonly lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const isQuote = QUOTED.test(line);
    const last = found.at(-1);
    if (last?.isQuote === isQuote) last.lines.push(line.replace(QUOTED, ""));
    else found.push({ isQuote, lines: [isQuote ? line.replace(QUOTED, "") : line] });
  }
  return found.flatMap(({ isQuote, lines }): readonly Block[] => {
    const blocks = paragraphsOf(runsOf(lines.join("\n"), {}, plain));
    return isQuote && blocks.length > 0 ? [{ kind: "quote", blocks }] : blocks;
  });
}

/** Marks count where words would be read so: at the ends of words, and around something. Innermost comes last. */
const MARKED = /(?<![\p{L}\p{N}*_~`])(?:`([^`\n]+)`|([*_~])(?=\S)((?:(?!\2)[^\n])*?\S)\2)(?![\p{L}\p{N}*_~`])/u;
const STYLES = { "*": { bold: true }, _: { italic: true }, "~": { strike: true } } as const;

type Style = Omit<StyledRun, "text">;

function runsOf(text: string, style: Style, plain: Plain): readonly StyledRun[] {
  const runs: StyledRun[] = [];
  let rest = text;
  for (let found = MARKED.exec(rest); found !== null; found = MARKED.exec(rest)) {
    const [whole, code, mark, inside = ""] = found;
    runs.push(...plainRun(rest.slice(0, found.index), style, plain));
    if (code !== undefined) runs.push(...plainRun(code, { ...style, code: true }, plain));
    else runs.push(...runsOf(inside, { ...style, ...STYLES[(mark ?? "*") as keyof typeof STYLES] }, plain));
    rest = rest.slice(found.index + whole.length);
  }
  return [...runs, ...plainRun(rest, style, plain)];
}

function plainRun(text: string, style: Style, plain: Plain): readonly StyledRun[] {
  if (text === "") return [];
  // Spaces at the ends stand between this and its neighbours.
  const [, before = "", after = ""] = /^(\s*)[^]*?(\s*)$/u.exec(text) ?? [];
  const inner = plain(text);
  return [{ ...style, text: inner === "" ? `${before}${after}` : `${before}${inner}${after}` }];
}
