import { isHiddenElement } from "./hidden-html.js";

const VOID_TAGS: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);
const MAX_TAG_LENGTH = 5_000;

export interface HtmlTag {
  readonly name: string;
  readonly kind: "open" | "close" | "void";
  readonly isHidden: boolean;
}

/** Finds the tags of a piece of HTML that stands inside Markdown. Linear; comments are passed over. */
export function readTags(html: string): readonly HtmlTag[] {
  const tags: HtmlTag[] = [];
  let from = 0;
  for (let start = html.indexOf("<"); start !== -1; start = html.indexOf("<", from)) {
    if (html.startsWith("<!--", start)) {
      const end = html.indexOf("-->", start + 4);
      if (end === -1) break;
      from = end + 3;
      continue;
    }
    const end = tagEnd(html, start);
    if (end === -1) break;
    const tag = readTag(html.slice(start, end + 1));
    if (tag !== null) tags.push(tag);
    from = end + 1;
  }
  return tags;
}

/** A `>` inside a quoted attribute does not end the tag. */
function tagEnd(html: string, start: number): number {
  let quote = "";
  const last = Math.min(html.length, start + MAX_TAG_LENGTH);
  for (let index = start; index < last; index += 1) {
    const character = html[index] ?? "";
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === ">") return index;
    else if (character === '"' || character === "'") quote = character;
  }
  return -1;
}

function readTag(source: string): HtmlTag | null {
  const name = /^<\/?([A-Za-z][\w:.-]*)/u.exec(source)?.[1]?.toLowerCase();
  if (name === undefined) return null;
  if (source.startsWith("</")) return { name, kind: "close", isHidden: false };
  const isVoid = VOID_TAGS.has(name) || source.endsWith("/>");
  return { name, kind: isVoid ? "void" : "open", isHidden: isHiddenElement(name, readAttributes(source)) };
}

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gu;

function readAttributes(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const match of tag.replace(/^<[^\s/>]+/u, "").matchAll(ATTRIBUTE)) {
    attributes.set((match[1] ?? "").toLowerCase(), match[2] ?? match[3] ?? match[4] ?? "");
  }
  return attributes;
}

/** Follows which elements are open across the pieces of a document, to know whether the text between is shown. */
export class OpenElements {
  readonly #stack: { name: string; isHidden: boolean }[] = [];
  #hidden = 0;

  get isHidden(): boolean {
    return this.#hidden > 0;
  }

  read(tags: readonly HtmlTag[]): void {
    for (const tag of tags) {
      if (tag.kind === "open") this.#open(tag);
      else if (tag.kind === "close") this.#close(tag.name);
    }
  }

  #open({ name, isHidden }: HtmlTag): void {
    this.#stack.push({ name, isHidden });
    if (isHidden) this.#hidden += 1;
  }

  /** Closes the innermost element of that name with all that were left open inside it. */
  #close(name: string): void {
    const index = this.#stack.findLastIndex((element) => element.name === name);
    if (index === -1) return;
    for (const element of this.#stack.splice(index)) {
      if (element.isHidden) this.#hidden -= 1;
    }
  }
}
