import type { ContentBlock } from "../parsing/parsed-document.js";

/** A stretch of a document below one heading. */
export interface Section {
  /** The headings above it, outermost first, without the document's title. */
  readonly path: readonly string[];
  readonly blocks: readonly ContentBlock[];
}

/** Cuts a document at its headings. A heading with nothing of its own below it makes no section. */
export function toSections(blocks: readonly ContentBlock[]): readonly Section[] {
  const sections: Section[] = [];
  const open: { depth: number; text: string }[] = [];
  let content: ContentBlock[] = [];
  const close = (): void => {
    if (content.length > 0) sections.push({ path: open.map((heading) => heading.text), blocks: content });
    content = [];
  };
  for (const block of blocks) {
    if (block.kind !== "heading") {
      content.push(block);
      continue;
    }
    close();
    while ((open.at(-1)?.depth ?? 0) >= block.depth) open.pop();
    open.push({ depth: block.depth, text: plainHeading(block.text) });
  }
  close();
  return withoutNavigation(sections);
}

function plainHeading(text: string): string {
  return text.replace(/\*\*|`/gu, "").trim();
}

/** "Related articles" is no answer to anything, unless there is nothing else. */
function withoutNavigation(sections: readonly Section[]): readonly Section[] {
  const content = sections.filter((section) => !section.blocks.every(isNavigation));
  return content.length > 0 ? content : sections;
}

function isNavigation(block: ContentBlock): boolean {
  return block.kind === "list" && block.isNavigation;
}
