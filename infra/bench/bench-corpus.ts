import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { mulberry32 } from "../../src/answering/evaluation/bootstrap.js";
import { analyze } from "../../src/text/analyze.js";
import type { BenchVocabulary } from "../cli/program-dependencies.js";
import { packageRoot } from "../package-root.js";

const lineSchema = z.object({ title: z.string(), text: z.string() });

/** Words in each made-up document: it becomes one chunk. */
const WORDS_PER_DOCUMENT = 150;
/** How many of them carry grammar, and how many of the others the document has used before. */
const SHARES = { grammar: 0.41, again: 0.45 } as const;
const INVENTED_WORDS = 40_000;
/** How the frequency of a word falls with its rank (Mandelbrot 1953). */
const FREQUENCY = { offset: 35, exponent: 1.32 } as const;
const SHORTEST_QUESTION = 6;
const LONGEST_QUESTION = 14;

/** In the other vocabulary: the share of invented words, of so many, which fall in frequency with one over their rank (Zipf). */
const ONE_PRODUCT = { invented: 1 / 3, words: 20_000 } as const;

export interface BenchCorpusOptions {
  readonly documents: number;
  readonly questions: number;
  readonly vocabulary: BenchVocabulary;
  readonly seed: number;
}

export interface BenchCorpus {
  readonly questions: readonly string[];
}

/**
 * Writes a corpus of `documents` one-chunk documents as JSON lines and returns questions about it: each is a run of words of
 * one document. The same seed makes the same corpus.
 */
export async function writeBenchCorpus(file: string, options: BenchCorpusOptions): Promise<BenchCorpus> {
  const random = mulberry32(options.seed);
  const demo = await demoWords();
  const write = options.vocabulary === "manuals" ? manualWriter(demo, random) : oneProductWriter(demo, random);
  const texts = Array.from({ length: options.documents }, write);
  const lines = texts.map((text, index) =>
    JSON.stringify({ id: `page-${index}`, title: text.slice(0, 6).join(" "), text: sentences(text.slice(6)) }),
  );
  await writeFile(file, `${lines.join("\n")}\n`);
  const questions = Array.from({ length: options.questions }, () => {
    const length = SHORTEST_QUESTION + Math.floor(random() * (LONGEST_QUESTION - SHORTEST_QUESTION + 1));
    const text = pick(texts, random);
    const start = Math.floor(random() * (text.length - length));
    return `${text.slice(start, start + length).join(" ")}?`;
  });
  return { questions };
}

type Random = () => number;
/** The words of a document. */
type WriteText = () => readonly string[];

function manualWriter(demo: readonly string[], random: Random): WriteText {
  const grammar = demo.filter((word) => analyze(word, "english").every(({ isWeak }) => isWeak));
  const drawWord = createDraw(inventedWords(INVENTED_WORDS), random);
  return () => {
    const used: string[] = [];
    return Array.from({ length: WORDS_PER_DOCUMENT }, () => {
      if (random() < SHARES.grammar) return pick(grammar, random);
      const word = used.length > 0 && random() < SHARES.again ? pick(used, random) : drawWord();
      used.push(word);
      return word;
    });
  };
}

function oneProductWriter(demo: readonly string[], random: Random): WriteText {
  const rare = inventedWords(ONE_PRODUCT.words);
  const drawRare = () => rare[Math.min(rare.length - 1, Math.floor((rare.length + 1) ** random()) - 1)] ?? "";
  return () =>
    Array.from({ length: WORDS_PER_DOCUMENT }, () =>
      random() < ONE_PRODUCT.invented ? drawRare() : pick(demo, random),
    );
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("unreachable: picked from an empty list");
  return item;
}

/** Pronounceable words that are in no stop list and that no stemmer makes equal. */
function inventedWords(count: number): readonly string[] {
  const consonants = "bdfgklmnprtvz".split("");
  const vowels = "aiou".split("");
  const syllables = consonants.flatMap((consonant) => vowels.map((vowel) => consonant + vowel));
  return Array.from({ length: count }, (_, index) => {
    const parts = [index % 52, Math.floor(index / 52) % 52, Math.floor(index / 2704)];
    return `${parts.map((part) => syllables[part] ?? "").join("")}k`;
  });
}

/** Draws words, the first ones most often. */
function createDraw(words: readonly string[], random: Random): () => string {
  let total = 0;
  const upTo = words.map((_, rank) => (total += (rank + FREQUENCY.offset) ** -FREQUENCY.exponent));
  return () => {
    const drawn = random() * total;
    let low = 0;
    let high = words.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? total) < drawn) low = middle + 1;
      else high = middle;
    }
    return words[low] ?? "";
  };
}

function sentences(words: readonly string[]): string {
  const parts: string[] = [];
  for (let start = 0; start < words.length; start += 12) parts.push(`${words.slice(start, start + 12).join(" ")}.`);
  return parts.join(" ");
}

/** The demo documents' words in running order, so that common words are as common as they are there. */
async function demoWords(): Promise<readonly string[]> {
  const corpus = await readFile(join(packageRoot(), "kb", "demo", "questions", "corpus.jsonl"), "utf8");
  return corpus
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const { title, text } = lineSchema.parse(JSON.parse(line));
      return `${title} ${text}`.match(/[\p{L}\p{N}][\p{L}\p{N}'-]*/gu) ?? [];
    });
}
