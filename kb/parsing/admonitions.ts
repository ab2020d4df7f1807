const FENCE = /^ {0,3}(`{3,}|~{3,})/u;
const CONTAINER_OPEN = /^ {0,3}:{3,} {0,4}([A-Za-z][\w-]{0,30})(?:\[([^\]\n]{0,200})\]|[ \t]+([^\n{]{0,200}))?/u;
const CONTAINER_CLOSE = /^ {0,3}:{3,}[ \t]*$/u;
const INDENTED_OPEN = /^ {0,3}(?:!!!|\?\?\?\+?) {1,4}([A-Za-z][\w-]{0,30})(?:[^"\n]{0,100}"([^"\n]{0,200})")?/u;
const MDX_STATEMENT = /^(?:import|export)\s/u;

/**
 * Turns the admonitions of documentation tools (`:::warning` … `:::`, and `!!! warning` with an indented body) into
 * block quotes that begin with `[!WARNING]`, so that one Markdown parser reads them all. Code is left alone.
 */
export function admonitionsToQuotes(markdown: string): string {
  if (!/^ {0,3}(?::::|!!!|\?\?\?)/mu.test(markdown)) return markdown;
  const state: AdmonitionState = { output: [], fence: null, container: false, indented: false };
  for (const line of markdown.split("\n")) readLine(line, state);
  return state.output.join("\n");
}

interface AdmonitionState {
  readonly output: string[];
  fence: string | null;
  container: boolean;
  indented: boolean;
}

function readLine(line: string, state: AdmonitionState): void {
  if (state.indented && line.trim() !== "" && !/^(?: {4}|\t)/u.test(line)) {
    state.indented = false;
    state.output.push("");
  }
  if (state.fence === null && readMarker(line, state)) return;
  const content = state.indented ? line.replace(/^(?: {4}|\t)/u, "") : line;
  state.fence = fenceAfter(content, state.fence);
  state.output.push(state.container || state.indented ? `> ${content}` : content);
}

function readMarker(line: string, state: AdmonitionState): boolean {
  if (CONTAINER_CLOSE.test(line) && state.container) {
    state.container = false;
    state.output.push("");
    return true;
  }
  const container = CONTAINER_OPEN.exec(line);
  const opening = container ?? INDENTED_OPEN.exec(line);
  if (opening === null) return false;
  state.container = container !== null;
  state.indented = container === null;
  const title = (opening[2] ?? opening[3] ?? "").trim();
  state.output.push("", `> [!${(opening[1] ?? "note").toUpperCase()}]`);
  if (title !== "") state.output.push(`> **${title}**`, ">");
  return true;
}

/** The fence that is open after this line, or null. */
function fenceAfter(line: string, open: string | null): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return open;
  if (open === null) return mark;
  return mark.startsWith(open) && line.trim() === mark ? null : open;
}

/** Takes out what MDX executes instead of showing: import and export statements and comments in braces. */
export function stripMdx(source: string): string {
  const output: string[] = [];
  let fence: string | null = null;
  let skipping = false;
  for (const line of source.split("\n")) {
    if (fence === null && MDX_STATEMENT.test(line)) skipping = true;
    if (skipping) {
      // A statement ends with the paragraph it stands in.
      if (line.trim() !== "") continue;
      skipping = false;
    }
    fence = fenceAfter(line, fence);
    output.push(line);
  }
  return stripBraceComments(output.join("\n"));
}

/** Linear: a comment that is never closed hides the rest, as it would break the page. */
function stripBraceComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf("{/*"); start !== -1; start = text.indexOf("{/*", from)) {
    parts.push(text.slice(from, start));
    const end = text.indexOf("*/}", start + 3);
    if (end === -1) return parts.join("");
    from = end + 3;
  }
  parts.push(text.slice(from));
  return parts.join("");
}
