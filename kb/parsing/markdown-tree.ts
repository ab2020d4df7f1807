import MarkdownIt from "markdown-it";
import { ParseError } from "./parse-error.js";
import type { StateBlock, StateInline, Token } from "markdown-it";

/** A token with what stands between it and its end. */
export interface MarkdownNode {
  /** As markdown-it calls it, without `_open`: `paragraph`, `list_item`, `text`. */
  readonly type: string;
  readonly token: Token;
  readonly children: readonly MarkdownNode[];
}

/** Deeper than any page that a person wrote; what walks the tree may be recursive up to here. */
const MAX_NESTING = 200;

/** Reads GitHub-flavoured Markdown into a tree. */
export function parseMarkdownTree(markdown: string): readonly MarkdownNode[] {
  const notes: FootnoteLabels = { footnotes: new Set() };
  return nest(PARSER.parse(markdown, notes));
}

/** Handed from the rule for footnotes to the one for marks that refer to them. */
interface FootnoteLabels {
  readonly footnotes: Set<string>;
}

const PARSER = createParser();

/** Nothing is checked or changed in addresses: none of them is shown. */
function createParser(): MarkdownIt {
  const options = { html: true, maxNesting: MAX_NESTING };
  const parser = new MarkdownIt(options);
  parser.validateLink = () => true;
  parser.normalizeLink = (address) => address;
  parser.normalizeLinkText = (text) => text;
  parser.block.ruler.before("reference", "footnote", readFootnote, { alt: ["paragraph", "reference"] });
  parser.inline.ruler.before("link", "footnote_mark", readFootnoteMark);
  return parser;
}

function nest(tokens: readonly Token[]): MarkdownNode[] {
  const root: MarkdownNode[] = [];
  const open: MarkdownNode[][] = [root];
  for (const token of tokens) {
    if (token.nesting === -1) {
      if (open.length > 1) open.pop();
      continue;
    }
    const children: MarkdownNode[] = token.type === "inline" ? nest(token.children ?? []) : [];
    if (open.length > MAX_NESTING - 2) throw tooDeep();
    open.at(-1)?.push({ type: token.type.replace(/_open$/u, ""), token, children });
    if (token.nesting === 1) open.push(children);
  }
  return root;
}

/** The parser drops what lies deeper without a word. */
function tooDeep(): ParseError {
  return new ParseError(
    "too-deep",
    `Lists and quotations lie more than ${MAX_NESTING / 2} deep in each other. Take some out.`,
  );
}

const FOOTNOTE = /^\[\^([^\]\s]{1,200})\]:/u;
/** How far the lines of a footnote are set in. */
const FOOTNOTE_INDENT = 4;

/** `[^1]: text`, with all that is set in below it. */
function readFootnote(state: StateBlock, line: number, endLine: number, isSilent: boolean): boolean {
  const begin = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  const end = state.eMarks[line] ?? begin;
  if (state.src[begin] !== "[" || state.src[begin + 1] !== "^") return false;
  const match = FOOTNOTE.exec(state.src.slice(begin, end));
  if (match === null) return false;
  if (isSilent) return true;
  (state.env as FootnoteLabels).footnotes.add(match[1] ?? "");
  const { blkIndent, parentType } = state;
  const [mark, shift, count] = [state.bMarks[line] ?? 0, state.tShift[line] ?? 0, state.sCount[line] ?? 0];
  const text = begin + match[0].length;
  const space = state.skipSpaces(text) - text;
  state.push("footnote_open", "", 1);
  state.bMarks[line] = text;
  state.tShift[line] = space;
  state.blkIndent += FOOTNOTE_INDENT;
  state.sCount[line] = space + state.blkIndent;
  state.md.block.tokenize(state, line, endLine);
  Object.assign(state, { blkIndent, parentType });
  state.bMarks[line] = mark;
  state.tShift[line] = shift;
  state.sCount[line] = count;
  state.push("footnote_close", "", -1);
  return true;
}

/** `[^1]` shows a number and is no text. */
function readFootnoteMark(state: StateInline, isSilent: boolean): boolean {
  if (state.src[state.pos] !== "[" || state.src[state.pos + 1] !== "^") return false;
  const end = state.src.indexOf("]", state.pos);
  const label = state.src.slice(state.pos + 2, end);
  if (end === -1 || !(state.env as FootnoteLabels).footnotes.has(label)) return false;
  if (!isSilent) state.push("footnote_mark", "", 0);
  state.pos = end + 1;
  return true;
}
