import type { Block, Inline, StyledInline } from "../ports/reply.js";

/** A stretch of text that is formatted in one way, as chat platforms give it; `\n` ends a line. */
export interface StyledRun {
  readonly text: string;
  readonly bold?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly strike?: boolean | undefined;
  readonly code?: boolean | undefined;
}

type Paragraph = Extract<Block, { kind: "paragraph" }>;

/** Runs as paragraphs, which end at empty lines. Nothing but spaces at the ends of lines is lost. */
export function paragraphsOf(runs: readonly StyledRun[]): readonly Paragraph[] {
  const paragraphs: Inline[][] = [];
  let open: Inline[] | null = null;
  for (const line of linesOf(runs)) {
    if (isBlank(line)) {
      open = null;
      continue;
    }
    const inlines = inlinesOf(trimmed(line), STYLES);
    if (open === null) paragraphs.push((open = [...inlines]));
    else open.push({ kind: "break" }, ...inlines);
  }
  return paragraphs.map((children) => ({ kind: "paragraph", children }));
}

function linesOf(runs: readonly StyledRun[]): readonly (readonly StyledRun[])[] {
  const lines: StyledRun[][] = [[]];
  for (const run of runs) {
    for (const [index, text] of run.text.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push({ ...run, text });
    }
  }
  return lines;
}

function isBlank(line: readonly StyledRun[]): boolean {
  return line.every(({ text }) => text.trim() === "");
}

function trimmed(line: readonly StyledRun[]): readonly StyledRun[] {
  const last = line.findLastIndex(({ text }) => text.trim() !== "");
  const first = line.findIndex(({ text }) => text.trim() !== "");
  return line.slice(first, last + 1).map((run, index, all) => {
    const text = index === 0 && run.code !== true ? run.text.trimStart() : run.text;
    return { ...run, text: index === all.length - 1 && run.code !== true ? text.trimEnd() : text };
  });
}

const STYLES = [
  ["strike", "strike"],
  ["bold", "strong"],
  ["italic", "emphasis"],
] as const satisfies readonly (readonly [keyof StyledRun, StyledInline["kind"]])[];

/** Neighbours of one style are one node of it, which holds the other styles. */
function inlinesOf(runs: readonly StyledRun[], styles: readonly (typeof STYLES)[number][]): readonly Inline[] {
  const [style, ...others] = styles;
  if (style === undefined) return mergedLeaves(runs);
  const [name, kind] = style;
  return stretches(runs, (run) => run[name] === true).flatMap(({ isOn, runs: within }): readonly Inline[] => {
    const children = inlinesOf(within, others);
    return isOn && !isBlank(within) ? [{ kind, children }] : children;
  });
}

interface Stretch {
  readonly isOn: boolean;
  readonly runs: StyledRun[];
}

function stretches(runs: readonly StyledRun[], isOn: (run: StyledRun) => boolean): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (last?.isOn === isOn(run)) last.runs.push(run);
    else found.push({ isOn: isOn(run), runs: [run] });
  }
  return found;
}

function mergedLeaves(runs: readonly StyledRun[]): readonly Inline[] {
  return stretches(runs, (run) => run.code === true).map(({ isOn, runs: within }) => ({
    kind: isOn ? "code" : "text",
    text: within.map(({ text }) => text).join(""),
  }));
}

/** Where a link leads stands behind its words: what somebody typed is never made a link. */
export function linkWords(label: string, address: string): string {
  const isSame = label === "" || address === label || address.replace(/^https?:\/\//u, "") === label;
  return isSame ? address : `${label} (${address})`;
}
