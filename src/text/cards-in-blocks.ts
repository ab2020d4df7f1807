import { inlineText, replyText } from "../answering/reply-text.js";
import { cleanText } from "../answering/text/clean-text.js";
import { plainReply, type Block, type Inline, type Reply } from "../ports/reply.js";
import { withWords } from "./formatted-words.js";
import { maskCards } from "./mask-cards.js";

/**
 * What blocks say, with of each card's number only its last four digits, however formatting cuts it and whatever it puts
 * beside it; null where they hold none.
 */
export function wordsWithoutCards(blocks: readonly Block[]): string | null {
  const masked = withInlines(withWords(blocks, maskCards), maskedLine);
  const words = replyText({ blocks: flattened(masked) });
  const whole = maskCards(words);
  // Cut by blocks, it is seen only without what stands in front of each.
  if (whole !== words) return whole;
  const said = replyText({ blocks: masked });
  return said === replyText({ blocks }) ? null : said;
}

/** The same reply without such numbers: what held one has plain words, as they are seen. */
export function withoutCards(reply: Reply): Reply {
  const files = reply.blocks.filter(({ kind }) => kind === "file");
  const said = reply.blocks.filter(({ kind }) => kind !== "file");
  const words = wordsWithoutCards(withWords(said, cleanText));
  return words === null ? reply : { ...reply, blocks: [...plainReply(words).blocks, ...files] };
}

function maskedLine(inlines: readonly Inline[]): readonly Inline[] {
  const apart = pieces(inlines)
    .map((piece, index, all) => between(all[index - 1] ?? "", piece) + piece)
    .join("");
  const masked = maskCards(apart);
  return masked === apart ? inlines : [{ kind: "text", text: masked }];
}

function pieces(inlines: readonly Inline[]): readonly string[] {
  return inlines
    .flatMap((inline) => ("children" in inline ? pieces(inline.children) : [inlineText([inline])]))
    .filter((piece) => piece !== "");
}

/** Two words that formatting alone tells from each other. */
function between(left: string, right: string): string {
  const isApart = (WORD_AT_END.test(left) && /^\d/u.test(right)) || (/\d$/u.test(left) && WORD_AT_START.test(right));
  return isApart ? " " : "";
}

const WORD_AT_END = /[\p{L}_/=#&?%+]$/u;
const WORD_AT_START = /^[\p{L}_/=&?%]/u;

function withInlines(
  blocks: readonly Block[],
  rewrite: (inlines: readonly Inline[]) => readonly Inline[],
): readonly Block[] {
  return blocks.map((block): Block => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return { ...block, children: rewrite(block.children) };
      case "list":
        return { ...block, items: block.items.map((item) => withInlines(item, rewrite)) };
      case "quote":
        return { ...block, blocks: withInlines(block.blocks, rewrite) };
      case "table":
        return { ...block, header: block.header.map(rewrite), rows: block.rows.map((row) => row.map(rewrite)) };
      case "code":
      case "file":
        return block;
    }
  });
}

function flattened(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block): readonly Block[] => {
    switch (block.kind) {
      case "list":
        return block.items.flatMap(flattened);
      case "quote":
        return flattened(block.blocks);
      default:
        return [block];
    }
  });
}
