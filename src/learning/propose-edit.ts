import { contradict, negationsIn, numbersIn, oppositesIn } from "../answering/grounding/facts.js";
import { splitSentences } from "../answering/text/sentences.js";
import type { SolvedQuestion } from "../ports/candidates.js";
import { languageOf } from "../text/analyze.js";
import {
  blocksOf,
  sectionOf,
  sentencesOf,
  topicsOf,
  type PlacedSentence,
  type TextBlock,
  type TextRange,
} from "./article-text.js";

export interface ArticleText {
  /** Markdown. */
  readonly body: string;
  /** Where the passage stands that was found for the question. */
  readonly headingPath: readonly string[];
}

/** A sentence of the article gives way to one of the answer when they share so much of what both are about. */
const SAME_TOPIC = 0.5;
/** A sentence is said already when so much of it stands in one of the article's. */
const SAID = 0.8;

/**
 * The smallest change of an article that makes it say what an agent answered: a sentence that says otherwise gives way, what
 * is new is added to the section that was found, and what stands there already is left out.
 * @returns the text as it would be; null where it says all of it already
 */
export function proposeEdit({ body, headingPath }: ArticleText, { question, answer }: SolvedQuestion): string | null {
  const language = languageOf(body);
  const blocks = blocksOf(body);
  const sentences = sentencesOf(body, blocks, language);
  const section = sectionOf(body, headingPath);
  const within = sentences.filter((sentence) => isIn(sentence, section));
  const replaced = new Map<PlacedSentence, string>();
  const added: Piece[] = [];
  for (const piece of piecesOf(answer)) {
    const topics = topicsOf(piece.text, language);
    if (topics.size === 0 || sentences.some((sentence) => saysIt(sentence, piece.text, topics))) continue;
    const free = within.filter((sentence) => !replaced.has(sentence));
    const outdated = piece.isSentence ? givesWay(free, piece.text, topics) : null;
    if (outdated === null) added.push(piece);
    else replaced.set(outdated, piece.text);
  }
  if (replaced.size === 0 && added.length === 0) return null;
  const edits = [...replaced].map(([{ start, end }, text]) => ({ start, end, text }));
  if (added.length > 0) {
    const topics = topicsOf(`${question}\n${added.map(({ text }) => text).join("\n")}`, language);
    edits.push(insertion({ body, blocks, section, sentences: within }, added, topics));
  }
  return edits
    .sort((one, other) => other.start - one.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), body);
}

interface Piece {
  readonly text: string;
  /** False for a list or code, which stays as it is. */
  readonly isSentence: boolean;
}

function piecesOf(answer: string): readonly Piece[] {
  return blocksOf(answer).flatMap(({ kind, start, end }): readonly Piece[] => {
    const text = answer.slice(start, end);
    if (kind !== "prose") return [{ text, isSentence: false }];
    return splitSentences(text.replaceAll(/\s+/gu, " ")).map((sentence) => ({ text: sentence, isSentence: true }));
  });
}

function isIn({ start, end }: TextRange, range: TextRange): boolean {
  return start >= range.start && end <= range.end;
}

type Topics = ReadonlySet<string>;

function shared(one: Topics, other: Topics): number {
  return [...one].filter((stem) => other.has(stem)).length;
}

function saysIt({ text, stems }: PlacedSentence, piece: string, topics: Topics): boolean {
  const numbers = numbersIn(text);
  const isCounted = [...numbersIn(piece)].every((number) => numbers.has(number));
  return shared(topics, stems) / topics.size >= SAID && isCounted && !saysContrary(text, piece);
}

/** The sentence that says the same with another number or the contrary, or less. */
function givesWay(sentences: readonly PlacedSentence[], piece: string, topics: Topics): PlacedSentence | null {
  const [best] = sentences
    .map((sentence) => {
      const common = shared(topics, sentence.stems);
      return { sentence, common, likeness: common / (topics.size + sentence.stems.size - common) };
    })
    .filter(({ sentence, common, likeness }) => {
      const isLess = common === sentence.stems.size && !countsOtherwise(sentence.text, piece);
      const isOther = countsOtherwise(sentence.text, piece) || saysContrary(sentence.text, piece);
      return common >= 2 && likeness >= SAME_TOPIC && (isOther || isLess);
    })
    .sort((one, other) => other.likeness - one.likeness);
  return best?.sentence ?? null;
}

function countsOtherwise(one: string, other: string): boolean {
  const [left, right] = [numbersIn(one), numbersIn(other)];
  return [...left].some((number) => !right.has(number)) && [...right].some((number) => !left.has(number));
}

function saysContrary(one: string, other: string): boolean {
  return (negationsIn(one) - negationsIn(other)) % 2 !== 0 || contradict(oppositesIn(one), oppositesIn(other));
}

interface Place {
  readonly body: string;
  readonly blocks: readonly TextBlock[];
  readonly section: TextRange;
  readonly sentences: readonly PlacedSentence[];
}

/** Behind the block of the section that is the most like what is added, or at the section's end. */
function insertion({ body, blocks, section, sentences }: Place, added: readonly Piece[], topics: Topics) {
  const inSection = blocks.filter((block) => isIn(block, section));
  const likest = inSection
    .map((block) => {
      const stems = new Set(sentences.filter((one) => isIn(one, block)).flatMap((one) => [...one.stems]));
      return { block, common: shared(topics, stems) };
    })
    .filter(({ common }) => common > 0)
    .sort((one, other) => other.common - one.common)[0];
  const at = (likest?.block ?? inSection.at(-1))?.end ?? section.start;
  const text = added.reduce((sum, piece, index) => {
    const isSameParagraph = piece.isSentence && added[index - 1]?.isSentence === true;
    return sum + (isSameParagraph ? " " : "\n\n") + piece.text;
  }, "");
  return { start: at, end: at, text: body.startsWith("\n\n", at) || at >= body.trimEnd().length ? text : `${text}\n` };
}
