import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { mulberry32 } from "../../src/answering/evaluation/bootstrap.js";
import { packageRoot } from "../package-root.js";

const lineSchema = z.object({ title: z.string(), text: z.string() });

/** Words in each made-up document: it becomes one chunk. */
const WORDS_PER_DOCUMENT = 150;
const SHARE_OF_INVENTED = 1 / 3;
const INVENTED_WORDS = 20_000;
const SHORTEST_QUESTION = 6;
const LONGEST_QUESTION = 14;

export interface BenchCorpus {
  readonly questions: readonly string[];
}

/**
 * Writes a corpus of `documents` one-chunk documents as JSON lines and returns questions about it. Two words of three
 * come from the demo documents, as often as they occur there; the third is an invented one with a long tail (Zipf), so
 * that the terms are spread about as in a real collection of manuals of this size. Each question is a run of words of
 * one document. The same seed makes the same corpus.
 */
export async function writeBenchCorpus(
  file: string,
  options: { readonly documents: number; readonly questions: number; readonly seed: number },
): Promise<BenchCorpus> {
  const words = await demoWords();
  const random = mulberry32(options.seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("unreachable: picked from an empty list");
    return item;
  };
  const rare = inventedWords();
  const texts = Array.from({ length: options.documents }, () =>
    Array.from({ length: WORDS_PER_DOCUMENT }, () =>
      random() < SHARE_OF_INVENTED ? (rare[zipfRank(random(), rare.length)] ?? "") : pick(words),
    ),
  );
  const lines = texts.map((text, index) =>
    JSON.stringify({ id: `page-${index}`, title: text.slice(0, 6).join(" "), text: sentences(text.slice(6)) }),
  );
  await writeFile(file, `${lines.join("\n")}\n`);
  const questions = Array.from({ length: options.questions }, () => {
    const length = SHORTEST_QUESTION + Math.floor(random() * (LONGEST_QUESTION - SHORTEST_QUESTION + 1));
    const text = pick(texts);
    const start = Math.floor(random() * (text.length - length));
    return `${text.slice(start, start + length).join(" ")}?`;
  });
  return { questions };
}

/** Pronounceable words that are in no stop list and that no stemmer makes equal. */
function inventedWords(): readonly string[] {
  const consonants = "bdfgklmnprtvz".split("");
  const vowels = "aiou".split("");
  const syllables = consonants.flatMap((consonant) => vowels.map((vowel) => consonant + vowel));
  return Array.from({ length: INVENTED_WORDS }, (_, index) => {
    const parts = [index % 52, Math.floor(index / 52) % 52, Math.floor(index / 2704)];
    return `${parts.map((part) => syllables[part] ?? "").join("")}k`;
  });
}

/** The rank (from 0) of a draw whose probability falls with one over the rank. */
function zipfRank(draw: number, size: number): number {
  return Math.min(size - 1, Math.floor((size + 1) ** draw) - 1);
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
