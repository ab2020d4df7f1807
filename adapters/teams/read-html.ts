import { Parser } from "htmlparser2";
import type { Block } from "../../src/ports/reply.js";
import { linkWords, paragraphsOf, type StyledRun } from "../../src/text/styled-text.js";

/** Lists and quotes that stand deeper are read as if they stood there. */
const DEEPEST = 8;

const STYLES: Readonly<Record<string, "bold" | "italic" | "strike" | "code">> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  s: "strike",
  strike: "strike",
  del: "strike",
  code: "code",
  tt: "code",
};

const ENDS_LINE: ReadonlySet<string> = new Set(["p", "div", "tr", "table", "hr", "section", "article", "figure"]);
const UNSEEN: ReadonlySet<string> = new Set(["script", "style", "head", "title", "template"]);

/** What a message's HTML says. Elements that are not known are read as what stands in them. */
export function readHtml(html: string, isBotsName: (name: string) => boolean): readonly Block[] {
  const reader = new HtmlReader(isBotsName);
  const parser = new Parser({
    onopentag: (name, attributes) => reader.open(name, attributes),
    onclosetag: (name) => reader.close(name),
    ontext: (text) => reader.text(text),
  });
  parser.end(html);
  return reader.end();
}

type Container = "root" | "quote" | "bullets" | "steps" | "item" | "heading" | "code";

/** What is being read: its finished blocks, and what will be its next paragraph. */
interface Frame {
  readonly kind: Container;
  /** What its first item is numbered with. */
  readonly start: number;
  readonly blocks: Block[];
  readonly items: Block[][];
  runs: StyledRun[];
}

interface Opened {
  readonly name: string;
  readonly makesFrame: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where in the runs its words begin. */
  readonly from: number;
}

class HtmlReader {
  readonly #isBotsName: (name: string) => boolean;
  readonly #frames: Frame[] = [frame("root", 1)];
  readonly #opened: Opened[] = [];
  readonly #styles = { bold: 0, italic: 0, strike: 0, code: 0 };
  #unseen = 0;

  constructor(isBotsName: (name: string) => boolean) {
    this.#isBotsName = isBotsName;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (UNSEEN.has(name)) this.#unseen += 1;
    const style = STYLES[name];
    if (style !== undefined) this.#styles[style] += 1;
    const kind = containerOf(name);
    const makesFrame = kind !== null && this.#frames.length <= 2 * DEEPEST && this.#top.kind !== "code";
    if (kind !== null || ENDS_LINE.has(name)) this.#flush();
    if (makesFrame) this.#frames.push(frame(kind, Number(attributes["start"] ?? 1)));
    if (name === "br") this.#add("\n");
    if (name === "td" || name === "th") this.#separate();
    this.#add(pictured(name, attributes));
    this.#opened.push({ name, makesFrame, attributes, from: this.#top.runs.length });
  }

  close(name: string): void {
    const opened = this.#opened.pop();
    if (opened === undefined) return;
    if (UNSEEN.has(name)) this.#unseen -= 1;
    const style = STYLES[name];
    if (name === "a") this.#endLink(opened);
    if (isMention(opened)) this.#endMention(opened);
    if (style !== undefined) this.#styles[style] -= 1;
    if (opened.makesFrame || containerOf(name) !== null || ENDS_LINE.has(name)) this.#flush();
    if (opened.makesFrame) this.#endFrame();
  }

  text(text: string): void {
    if (this.#unseen > 0) return;
    if (this.#top.kind === "code") {
      this.#add(text);
      return;
    }
    const collapsed = text.replaceAll(/[\s\u00a0]+/gu, " ");
    const last = this.#top.runs.at(-1)?.text ?? "";
    this.#add(/\s$/u.test(last) ? collapsed.trimStart() : collapsed);
  }

  end(): readonly Block[] {
    while (this.#frames.length > 1) {
      this.#flush();
      this.#endFrame();
    }
    this.#flush();
    return this.#top.blocks;
  }

  get #top(): Frame {
    const top = this.#frames.at(-1);
    if (top === undefined) throw new Error("unreachable: the root is never ended");
    return top;
  }

  #add(text: string): void {
    if (text === "") return;
    const { bold, italic, strike, code } = this.#styles;
    this.#top.runs.push({ text, bold: bold > 0, italic: italic > 0, strike: strike > 0, code: code > 0 });
  }

  #separate(): void {
    if (this.#top.runs.some(({ text }) => text.trim() !== "")) this.#add(" | ");
  }

  #flush(): void {
    const top = this.#top;
    if (top.kind === "code") {
      if (top.runs.at(-1)?.text.endsWith("\n") === false) this.#add("\n");
      return;
    }
    const paragraphs = paragraphsOf(top.runs);
    top.runs = [];
    for (const block of paragraphs) {
      if (isList(top)) top.items.push([block]);
      else top.blocks.push(top.kind === "heading" ? { ...block, kind: "heading" } : block);
    }
  }

  #endFrame(): void {
    const ended = this.#frames.pop();
    if (ended === undefined) return;
    const into = this.#top;
    if (!isList(into)) into.blocks.push(...blocksOf(ended));
    else if (ended.kind === "item") into.items.push(ended.blocks);
    else for (const block of blocksOf(ended)) this.#addToList(into, block);
  }

  /** Teams puts a list into a list beside its items. */
  #addToList({ items }: Frame, block: Block): void {
    const last = items.at(-1);
    if (block.kind === "list" && last !== undefined) last.push(block);
    else items.push([block]);
  }

  #endLink({ attributes, from }: Opened): void {
    const address = (attributes["href"] ?? "").replace(/^(?:mailto|tel):/u, "");
    if (address === "") return;
    const label = this.#wordsSince(from);
    const words = linkWords(label.trim(), address);
    if (label.trim() === "") this.#add(words);
    else if (words.startsWith(label.trim())) this.#add(words.slice(label.trim().length));
    else this.#add(` (${address})`);
  }

  #endMention({ from }: Opened): void {
    if (this.#isBotsName(this.#wordsSince(from).trim())) this.#top.runs.splice(from);
  }

  #wordsSince(from: number): string {
    return this.#top.runs
      .slice(from)
      .map(({ text }) => text)
      .join("");
  }
}

function frame(kind: Container, start: number): Frame {
  return { kind, start: Number.isSafeInteger(start) && start >= 0 ? start : 1, blocks: [], items: [], runs: [] };
}

const CONTAINERS: Readonly<Record<string, Container>> = {
  blockquote: "quote",
  ul: "bullets",
  ol: "steps",
  li: "item",
  pre: "code",
  codeblock: "code",
};

function containerOf(name: string): Container | null {
  return /^h[1-6]$/u.test(name) ? "heading" : (CONTAINERS[name] ?? null);
}

function isList({ kind }: Frame): boolean {
  return kind === "bullets" || kind === "steps";
}

function blocksOf({ kind, blocks, items, runs, start }: Frame): readonly Block[] {
  switch (kind) {
    case "code": {
      const text = runs
        .map((run) => run.text)
        .join("")
        .replaceAll("\u00a0", " ")
        .replace(/^\n|\n$/gu, "");
      return text.trim() === "" ? [] : [{ kind: "code", language: null, text }];
    }
    case "quote":
      return blocks.length === 0 ? [] : [{ kind: "quote", blocks }];
    case "bullets":
    case "steps": {
      const filled = items.filter((item) => item.length > 0);
      const ordered = kind === "steps";
      return filled.length === 0 ? [] : [{ kind: "list", ordered, start: ordered ? start : 1, items: filled }];
    }
    default:
      return blocks;
  }
}

/** Teams shows emoji as pictures, which say what they are. Other pictures are files of the message. */
function pictured(name: string, attributes: Readonly<Record<string, string>>): string {
  const words = attributes["alt"] ?? attributes["title"] ?? "";
  if (name === "emoji") return words;
  const isEmoji = /emoji/iu.test(attributes["itemtype"] ?? "") || /^\p{Extended_Pictographic}/u.test(words);
  return name === "img" && isEmoji ? words : "";
}

function isMention({ name, attributes }: Opened): boolean {
  return name === "at" || /\/Mention$/iu.test(attributes["itemtype"] ?? "");
}
