import type { BlockContent, Blockquote, DefinitionContent, ListItem, Paragraph, PhrasingContent, Table } from "mdast";
import { gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import { z } from "zod";
import { textsOf } from "./notion-api.js";
import type { NotionBlock, NotionText } from "./notion-api.js";
import { phrasingOf, plainText } from "./notion-text.js";

type Flow = BlockContent | DefinitionContent;

export interface NotionMarkdown {
  readonly markdown: string;
  /** Types of blocks that have no text, or none that the API tells. */
  readonly dropped: readonly string[];
}

export function blocksToMarkdown(blocks: readonly NotionBlock[]): NotionMarkdown {
  const dropped = new Set<string>();
  return { markdown: write(flowOf(blocks, dropped)), dropped: [...dropped].sort() };
}

/** A paragraph, with its marks. */
export function textsToMarkdown(texts: readonly NotionText[]): string {
  return write(paragraph(phrasingOf(texts)));
}

/** Headings of the first level, and a table of names and values below them. */
export function headToMarkdown(headings: readonly string[], rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map((row) => row.map((value): PhrasingContent[] => [{ type: "text", value }]));
  const lines = headings.map((value): Flow => ({ type: "heading", depth: 1, children: [{ type: "text", value }] }));
  return write([...lines, ...(rows.length === 0 ? [] : tableFrom([[[], []], ...cells]))]);
}

function write(children: Flow[]): string {
  return toMarkdown({ type: "root", children }, { extensions: [gfmToMarkdown()] });
}

const word = z.string().nullable().catch(null);
const flag = z.boolean().catch(false);

/** What blocks of the types that are read have under the name of their type; what is of another form counts as left out. */
const contentSchema = z.object({
  rich_text: z.unknown().optional(),
  caption: z.unknown().optional(),
  cells: z.unknown().optional(),
  icon: z.object({ emoji: word }).nullable().catch(null),
  language: word,
  expression: word,
  name: word,
  url: word,
  checked: flag,
  has_column_header: flag,
});
type Content = z.infer<typeof contentSchema>;

function contentOf({ block }: NotionBlock): Content {
  return contentSchema.parse(block[block.type] ?? {});
}

const LISTS: Readonly<Record<string, "bullets" | "numbers">> = {
  bulleted_list_item: "bullets",
  to_do: "bullets",
  numbered_list_item: "numbers",
};

function listKindOf({ block }: NotionBlock): "bullets" | "numbers" | null {
  return Object.hasOwn(LISTS, block.type) ? (LISTS[block.type] ?? null) : null;
}

/** Items that follow one another are one list. */
function flowOf(blocks: readonly NotionBlock[], dropped: Set<string>): Flow[] {
  const flow: Flow[] = [];
  let before: ReturnType<typeof listKindOf> = null;
  for (const block of blocks) {
    const kind = listKindOf(block);
    const last = flow.at(-1);
    if (kind === null) flow.push(...blockFlow(block, dropped));
    else if (kind === before && last?.type === "list") last.children.push(itemOf(block, dropped));
    else flow.push({ type: "list", ordered: kind === "numbers", spread: false, children: [itemOf(block, dropped)] });
    before = kind;
  }
  return flow;
}

/** Boxes as characters: those of Markdown are not read. */
function itemOf(block: NotionBlock, dropped: Set<string>): ListItem {
  const { rich_text: rich, checked } = contentOf(block);
  const mark: PhrasingContent[] = block.block.type === "to_do" ? [{ type: "text", value: checked ? "☑ " : "☐ " }] : [];
  const children = [...paragraph([...mark, ...phrasingOf(textsOf(rich))]), ...flowOf(block.children, dropped)];
  return { type: "listItem", spread: false, children };
}

function blockFlow(block: NotionBlock, dropped: Set<string>): Flow[] {
  const content = contentOf(block);
  const texts = textsOf(content.rich_text);
  const below = (): Flow[] => flowOf(block.children, dropped);
  switch (block.block.type) {
    case "paragraph":
      return [...paragraph(phrasingOf(texts)), ...below()];
    case "heading_1":
      return [...heading(2, phrasingOf(texts)), ...below()];
    case "heading_2":
      return [...heading(3, phrasingOf(texts)), ...below()];
    case "heading_3":
    case "heading_4":
      return [...heading(4, phrasingOf(texts)), ...below()];
    case "toggle":
      return [...strong(phrasingOf(texts)), ...below()];
    case "quote":
      return quote([...paragraph(phrasingOf(texts)), ...below()]);
    case "callout":
      return callout(content, [...paragraph(phrasingOf(texts)), ...below()]);
    case "code":
      return [
        { type: "code", lang: languageOf(content), value: plainText(texts) },
        ...paragraph(phrasingOf(textsOf(content.caption))),
      ];
    case "equation":
      return [{ type: "code", lang: "latex", value: content.expression ?? "" }];
    case "table":
      return tableOf(block, content.has_column_header);
    case "column_list":
    case "column":
    case "synced_block":
    case "tab":
      return below();
    default:
      return other(block, content, dropped);
  }
}

function other(block: NotionBlock, content: Content, dropped: Set<string>): Flow[] {
  const { type } = block.block;
  const caption = phrasingOf(textsOf(content.caption));
  switch (type) {
    case "bookmark":
    case "embed":
    case "link_preview":
      return paragraph([
        ...caption,
        ...(caption.length > 0 ? [{ type: "text", value: " " } as const] : []),
        ...linkTo(content.url),
      ]);
    case "file":
    case "pdf":
    case "audio":
    case "video":
      return paragraph(caption.length > 0 ? caption : [{ type: "text", value: content.name ?? type }]);
    case "image":
      return paragraph(caption);
    case "divider":
    case "breadcrumb":
    case "table_of_contents":
    case "child_page":
    case "child_database":
    case "link_to_page":
      return [];
    default: {
      // What is new at the vendor still has its text where all have it.
      const flow = [...paragraph(phrasingOf(textsOf(content.rich_text))), ...flowOf(block.children, dropped)];
      if (flow.length === 0) dropped.add(type);
      return flow;
    }
  }
}

function linkTo(url: string | null): PhrasingContent[] {
  return url !== null && url !== "" ? [{ type: "text", value: url }] : [];
}

function paragraph(children: PhrasingContent[]): Paragraph[] {
  return children.length === 0 ? [] : [{ type: "paragraph", children }];
}

function heading(depth: 2 | 3 | 4, children: PhrasingContent[]): Flow[] {
  return children.length === 0 ? [] : [{ type: "heading", depth, children }];
}

function strong(children: PhrasingContent[]): Flow[] {
  return children.length === 0 ? [] : paragraph([{ type: "strong", children }]);
}

function quote(children: Flow[]): Blockquote[] {
  return children.length === 0 ? [] : [{ type: "blockquote", children }];
}

const CALLOUTS: readonly (readonly [RegExp, string])[] = [
  [/[⚠🚨❗❌⛔🛑🔥]/u, "WARNING"],
  [/[💡✅👉⭐]/u, "TIP"],
];

/** An admonition, of the kind that its icon stands for. */
function callout({ icon }: Content, children: Flow[]): Flow[] {
  if (children.length === 0) return [];
  const kind = CALLOUTS.find(([form]) => form.test(icon?.emoji ?? ""))?.[1] ?? "NOTE";
  return quote([...paragraph([{ type: "text", value: `[!${kind}]` }]), ...children]);
}

function languageOf({ language }: Content): string | null {
  return language === null || language === "plain text" ? null : language.replace(/\s+/gu, "-");
}

/** Markdown has no table without a head, so one without has an empty one. */
function tableOf({ children }: NotionBlock, hasHeader: boolean): Table[] {
  const rows = children.map((row) => {
    const cells = z.array(z.unknown()).safeParse(contentOf(row).cells);
    return (cells.data ?? []).map((cell) => phrasingOf(textsOf(cell)));
  });
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  return tableFrom(hasHeader ? rows : [Array.from({ length: width }, () => []), ...rows]);
}

function tableFrom(rows: readonly (readonly PhrasingContent[][])[]): Table[] {
  if (rows.length === 0) return [];
  const children = rows.map((cells) => ({
    type: "tableRow" as const,
    children: cells.map((cell) => ({ type: "tableCell" as const, children: cell })),
  }));
  return [{ type: "table", children }];
}
