import type { Passage } from "../../../src/ports/knowledge.js";
import type { SourcePassage } from "./corpus-passages.js";

export const KINDS = ["number", "name", "negation", "condition", "unit", "order"] as const;
export type ChangeKind = (typeof KINDS)[number];

export interface Claim {
  readonly passage: Passage;
  readonly text: string;
  /** What the passage says. */
  readonly from: string;
  /** What was changed, or `honest`. */
  readonly kind: ChangeKind | "honest";
  readonly rule: string;
}

export interface Source {
  readonly sentence: string;
  /** The one after it, if any. */
  readonly next: string | null;
  readonly of: SourcePassage;
}

export interface Scene {
  readonly random: Random;
  /** Names of the whole corpus. */
  readonly names: readonly string[];
}

/** Says the same in other words, or null where it does not fit. */
export interface Paraphrase {
  readonly name: string;
  say(source: Source, scene: Scene): string | null;
}

/** Says something else, or null where it does not fit. */
export interface Change {
  readonly kind: ChangeKind;
  readonly name: string;
  change(source: Source, scene: Scene): string | null;
}

export interface ClaimRules {
  readonly paraphrases: readonly Paraphrase[];
  readonly changes: readonly Change[];
}

export interface Random {
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
  shuffled<Item>(items: readonly Item[]): readonly Item[];
}

const PER_KIND = 25;

/** 25 changed claims of each kind and as many honest ones as of all kinds, the same for the same seed. */
export function makeClaims(
  passages: readonly SourcePassage[],
  rules: ClaimRules,
  seed: number,
  kinds: readonly ChangeKind[] = KINDS,
): readonly Claim[] {
  const random = randomFrom(seed);
  const scene = { random, names: namesIn(passages) };
  const sources = random.shuffled(passages.flatMap(sourcesOf));
  const changed = kinds.flatMap((kind) => changedClaims(kind, sources, rules, scene));
  return [...honestClaims(sources, rules, scene, PER_KIND * kinds.length), ...changed];
}

function sourcesOf(of: SourcePassage): readonly Source[] {
  const text = of.sentences;
  return text.map((sentence, index) => ({ sentence, next: text[index + 1] ?? null, of }));
}

/** Every rule in turn, so that rare ones are not drowned by frequent ones; after it sometimes a second one. */
function honestClaims(
  sources: readonly Source[],
  { paraphrases }: ClaimRules,
  scene: Scene,
  count: number,
): readonly Claim[] {
  const cursors = paraphrases.map(() => 0);
  const claims = new Map<string, Claim>();
  for (let round = 0; claims.size < count && round < count * 20; round += 1) {
    const index = round % paraphrases.length;
    const rule = paraphrases[index];
    if (rule === undefined) break;
    for (let cursor = cursors[index] ?? 0; cursor < sources.length; cursor += 1) {
      cursors[index] = cursor + 1;
      const source = sources[cursor];
      const said = source === undefined ? null : rule.say(source, scene);
      if (source === undefined || said === null || said === source.sentence) continue;
      const second = scene.random.below(3) === 0 ? scene.random.pick(paraphrases) : null;
      const again =
        second === null || second === rule ? null : second.say({ ...source, sentence: said, next: null }, scene);
      const text = again ?? said;
      const name = again === null ? rule.name : `${rule.name}, then ${second?.name ?? ""}`;
      if (claims.has(text)) continue;
      claims.set(text, { passage: source.of.passage, text, from: source.sentence, kind: "honest", rule: name });
      break;
    }
  }
  return [...claims.values()];
}

function changedClaims(
  kind: ChangeKind,
  sources: readonly Source[],
  { changes, paraphrases }: ClaimRules,
  scene: Scene,
): readonly Claim[] {
  const own = changes.filter((change) => change.kind === kind);
  const cursors = own.map(() => 0);
  const claims = new Map<string, Claim>();
  // Where the corpus has few places to change, they are taken again with another change.
  for (let round = 0; claims.size < PER_KIND && round < 5000; round += 1) {
    const index = round % own.length;
    const rule = own[index];
    if (rule === undefined) break;
    const start = cursors[index] ?? 0;
    for (let step = 0; step < sources.length; step += 1) {
      const source = sources[(start + step) % sources.length];
      cursors[index] = start + step + 1;
      const text = source === undefined ? null : rule.change(source, scene);
      if (source === undefined || text === null || text === source.sentence) continue;
      const other = scene.random.below(3) === 0 ? scene.random.pick(paraphrases) : null;
      const said = kind === "order" ? text : (other?.say({ ...source, sentence: text, next: null }, scene) ?? text);
      const name = said === text ? rule.name : `${rule.name}, then ${other?.name ?? ""}`;
      if (!claims.has(text))
        claims.set(text, { passage: source.of.passage, text: said, from: source.sentence, kind, rule: name });
      break;
    }
  }
  return [...claims.values()];
}

function namesIn(passages: readonly SourcePassage[]): readonly string[] {
  const bold = passages.flatMap(({ sentences }) => sentences.flatMap((sentence) => boldIn(sentence)));
  return [...new Set(bold)].filter((name) => name.split(" ").length <= 4).sort();
}

export function boldIn(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\*\*([^*]+)\*\*/gu)].map(([, name]) => name ?? "");
}

export function lowerFirst(text: string): string {
  return /^(?:I|[A-Z][A-Z]|\*\*|Zulip|GitHub)/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function withoutStop(text: string): string {
  return text.replace(/\.$/u, "");
}

/** Replaces the first match, or gives null where there is none. */
export function swap(text: string, pattern: RegExp, by: string | ((...match: string[]) => string)): string | null {
  if (!pattern.test(text)) return null;
  return typeof by === "string" ? text.replace(pattern, by) : text.replace(pattern, by);
}

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    shuffled(items) {
      const copy = [...items];
      for (let index = copy.length - 1; index > 0; index -= 1) {
        const other = below(index + 1);
        [copy[index], copy[other]] = [copy[other] as (typeof copy)[number], copy[index] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
