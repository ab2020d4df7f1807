import type { DocumentKind } from "../../src/ports/models.js";
import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ContentBlock } from "../parsing/parsed-document.js";
import type { ChunkSizes } from "./chunk-sizes.js";
import { cutByContent, evenLimits } from "./cut-by-content.js";
import type { Cuttable } from "./cut-by-content.js";
import { familiesOf } from "./section-family.js";
import type { Section } from "./sections.js";
import { countTokens } from "./token-count.js";

/** A section as it is cut: one of the document, or several put together. Above `max` its size is not exact. */
export interface SizedSection extends Section, Cuttable {
  /** Up to here it is one chunk. */
  readonly max: number;
}

/** Neighbours that become one section, as far as they fit. */
interface Run {
  /** What stands above all of them: the path of what they become. */
  readonly parent: readonly string[];
  readonly sections: readonly SizedSection[];
  readonly max: number;
}

/**
 * Puts together what belongs together by its headings, as far as it fits: a symptom with its causes and remedies, a
 * version with what is new in it, a question with its parts; and elsewhere tiny sections with their neighbours under the
 * same parent. The headings then stand in the text.
 */
export function joinSections(
  sections: readonly Section[],
  kind: DocumentKind,
  sizes: ChunkSizes,
): readonly SizedSection[] {
  const families = familiesOf(sections, kind);
  const joined: SizedSection[] = [];
  let from = 0;
  for (let to = 1; to <= sections.length; to += 1) {
    const family = families[from] ?? null;
    if (to < sections.length && samePath(families[to] ?? null, family)) continue;
    const members = sections.slice(from, to);
    if (family !== null) joined.push(...joinFamily(members, family, sizes));
    else if (kind === "faq") joined.push(...members.map((section) => sizedSection(section, sizes.max)));
    else joined.push(...joinTiny(members, sizes));
    from = to;
  }
  return joined;
}

function sizedSection(section: Section, max: number): SizedSection {
  const text = blocksToMarkdown(section.blocks);
  return { ...section, max, text, size: countTokens(text, max) + 1 };
}

function joinFamily(
  members: readonly Section[],
  family: readonly string[],
  sizes: ChunkSizes,
): readonly SizedSection[] {
  const sections = members.map((section) => sizedSection(section, sizes.maxWhole));
  return joinRun({ parent: family, sections, max: sizes.maxWhole });
}

function joinTiny(sections: readonly Section[], sizes: ChunkSizes): readonly SizedSection[] {
  const sized = withIntroductions(
    sections.map((section) => sizedSection(section, sizes.max)),
    sizes,
  );
  const runs: { parent: readonly string[]; sections: SizedSection[]; max: number }[] = [];
  sized.forEach((section, index) => {
    const last = runs.at(-1);
    if (last !== undefined && isLinked(sized, index, sizes.tiny)) last.sections.push(section);
    else runs.push({ parent: parentIn(sized, index), sections: [section], max: sizes.target });
  });
  return runs.flatMap(joinRun);
}

/** A tiny introduction goes into the first section below it. */
function withIntroductions(sections: readonly SizedSection[], sizes: ChunkSizes): readonly SizedSection[] {
  const result: SizedSection[] = [];
  for (const section of sections) {
    const last = result.at(-1);
    const isIntroduction =
      last !== undefined &&
      last.size < sizes.tiny &&
      samePath(last.path, parentOf(section)) &&
      last.size + section.size <= sizes.target;
    if (!isIntroduction) result.push(section);
    else result.splice(-1, 1, sizedSection({ ...section, blocks: [...last.blocks, ...section.blocks] }, section.max));
  }
  return result;
}

/** A tiny section goes with the one before it; only the first under its parent goes with the one behind it. */
function isLinked(sections: readonly SizedSection[], index: number, tiny: number): boolean {
  const [left, right] = [sections[index - 1], sections[index]];
  if (left === undefined || right === undefined || !areNear(left, right)) return false;
  const beforeLeft = sections[index - 2];
  return right.size < tiny || (left.size < tiny && (beforeLeft === undefined || !areNear(beforeLeft, left)));
}

/** Two under the same heading, or what stands right below a heading and the first section under it. */
function areNear(left: Section, right: Section): boolean {
  const parent = parentOf(right);
  if (right.path.length === 0) return false;
  return samePath(left.path, parent) || (left.path.length > 0 && samePath(parentOf(left), parent));
}

function parentIn(sections: readonly SizedSection[], index: number): readonly string[] {
  const [first, second] = [sections[index], sections[index + 1]];
  if (first === undefined) return [];
  return second !== undefined && samePath(first.path, parentOf(second)) ? first.path : parentOf(first);
}

function joinRun({ parent, sections, max }: Run): readonly SizedSection[] {
  if (sections.length === 1) return sections;
  const withHeadings = sections.map((section, index): SizedSection => {
    const above = sections[index - 1]?.path ?? parent;
    const headings = headingsBelow(section.path, above, parent.length);
    return sizedSection({ path: section.path, blocks: [...headings, ...section.blocks] }, section.max);
  });
  return cutByContent(withHeadings, evenLimits(max)).flatMap((part) => {
    const [first, ...others] = part;
    if (first === undefined) return [];
    if (others.length === 0) return sections[withHeadings.indexOf(first)] ?? [];
    return sizedSection({ path: parent, blocks: part.flatMap(({ blocks }) => blocks) }, first.max);
  });
}

/** The headings of a section as text, from a depth on and without those that the section above it has as well. */
function headingsBelow(path: readonly string[], above: readonly string[], depth: number): readonly ContentBlock[] {
  let shared = depth;
  while (shared < path.length - 1 && path[shared] === above[shared]) shared += 1;
  return path.slice(shared).map((heading) => ({ kind: "paragraph", text: `**${heading}**` }));
}

function parentOf(section: Section): readonly string[] {
  return section.path.slice(0, -1);
}

function samePath(left: readonly string[] | null, right: readonly string[] | null): boolean {
  if (left === null || right === null) return left === right;
  return left.length === right.length && left.every((heading, index) => heading === right[index]);
}
