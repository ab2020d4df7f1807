/** Sizes in tokens. */
export interface CutLimits {
  /** No part is smaller, where there is a choice. */
  readonly min: number;
  /** What fits is not cut. */
  readonly max: number;
  /** What cannot be cut without a part below `min` may grow up to here. */
  readonly hard: number;
}

/** Something that is not cut itself, in a row with others. */
export interface Cuttable {
  readonly size: number;
  /** What decides whether the cut falls before it. */
  readonly text: string;
}

/** Parts of at most `max`; only what is larger alone stays so. */
export function evenLimits(max: number): CutLimits {
  return { min: Math.floor(max / 4), max, hard: max };
}

/**
 * Cuts a row into parts that fit, at places that its content chooses: the row is cut before the entry whose hash is
 * smallest, and so are its two halves until they fit. A change moves cuts only near to it, as elsewhere the smallest
 * hashes stay the same. Content-defined chunking (Muthitacharoen, Chen, Mazières: A Low-bandwidth Network File System,
 * 2001), with the priorities of a treap (Aragon, Seidel: Randomized Search Trees, 1989) in place of a divisor, so that
 * there is a largest size which no run of unlucky hashes exceeds.
 */
export function cutByContent<Entry extends Cuttable>(entries: readonly Entry[], limits: CutLimits): Entry[][] {
  const ends = [0];
  for (const { size } of entries) ends.push((ends.at(-1) ?? 0) + size);
  if (entries.length <= 1 || (ends.at(-1) ?? 0) <= limits.max) return entries.length === 0 ? [] : [[...entries]];
  const hashes = entries.map(({ text }) => hashOf(text));
  return cutRange({ ends, hashes, limits }, 0, entries.length).map(([from, to]) => entries.slice(from, to));
}

interface Row {
  /** `ends[i]` is the size of the first `i` entries. */
  readonly ends: readonly number[];
  readonly hashes: readonly number[];
  readonly limits: CutLimits;
}

type Range = readonly [from: number, to: number];

function cutRange(row: Row, from: number, to: number): Range[] {
  const size = sizeOf(row, from, to);
  if (to - from <= 1 || size <= row.limits.max) return [[from, to]];
  const at = cheapestCut(row, from, to) ?? (size <= row.limits.hard ? null : mostEvenCut(row, from, to));
  return at === null ? [[from, to]] : [...cutRange(row, from, at), ...cutRange(row, at, to)];
}

/** Null when every cut leaves a part that is too small. Of equal hashes, as of equal rows, the most even cut wins. */
function cheapestCut(row: Row, from: number, to: number): number | null {
  let best: number | null = null;
  for (let at = from + 1; at < to; at += 1) {
    if (smallerSide(row, from, at, to) < row.limits.min) continue;
    const difference = best === null ? -1 : (row.hashes[at] ?? 0) - (row.hashes[best] ?? 0);
    if (best === null || difference < 0 || (difference === 0 && isMoreEven(row, from, to, at, best))) best = at;
  }
  return best;
}

function mostEvenCut(row: Row, from: number, to: number): number {
  let best = from + 1;
  for (let at = from + 2; at < to; at += 1) if (isMoreEven(row, from, to, at, best)) best = at;
  return best;
}

function isMoreEven(row: Row, from: number, to: number, at: number, than: number): boolean {
  return smallerSide(row, from, at, to) > smallerSide(row, from, than, to);
}

function smallerSide(row: Row, from: number, at: number, to: number): number {
  return Math.min(sizeOf(row, from, at), sizeOf(row, at, to));
}

function sizeOf(row: Row, from: number, to: number): number {
  return (row.ends[to] ?? 0) - (row.ends[from] ?? 0);
}

/**
 * The same for entries that may have been split themselves: each is given as its parts, in order. The parts of one are
 * never put together again, though its first may join what stands before it, and its last what stands behind it.
 */
export function cutAroundSplits<Entry extends Cuttable>(
  entries: readonly (readonly Entry[])[],
  limits: CutLimits,
): Entry[][] {
  const runs: Entry[][] = [[]];
  for (const parts of entries) {
    parts.forEach((part, index) => {
      if (index === 0) runs.at(-1)?.push(part);
      else runs.push([part]);
    });
  }
  return runs.flatMap((run) => cutByContent(run, limits));
}

/** FNV-1a with the last mixing of MurmurHash3: the lowest bits and the highest are equally good. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
