import type { Block, Inline, Reply } from "../ports/reply.js";

/** Small builders for the replies of commands. Everything given is text, never markup. */
export function text(words: string): Inline {
  return { kind: "text", text: words };
}

export function strong(words: string): Inline {
  return { kind: "strong", children: [text(words)] };
}

export function code(words: string): Inline {
  return { kind: "code", text: words };
}

export function paragraph(...children: readonly Inline[]): Block {
  return { kind: "paragraph", children };
}

export function bullets(items: readonly (readonly Inline[])[]): Block {
  return { kind: "list", ordered: false, start: 1, items: items.map((children) => [paragraph(...children)]) };
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): Block {
  return { kind: "table", header: header.map(cell), rows: rows.map((row) => row.map(cell)) };
}

export function reply(...blocks: readonly Block[]): Reply {
  return { blocks, citations: [], actions: [] };
}

function cell(words: string): readonly Inline[] {
  return words === "" ? [] : [text(words)];
}
