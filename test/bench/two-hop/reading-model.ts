import { contentStems, contentWordsOf } from "../../../src/answering/text/words.js";
import { quoteFromPassages } from "../../fakes/openai/quoting-writer.js";
import type { WriteRequest } from "../../fakes/openai/request-rules.js";
import { calls, type Script } from "../../fakes/openai/scripts.js";

const PART_ENDS = /[.?!;:]\s+|[.?!;:]$|,\s+|\s+(?:and|but|so that|because|although|when|since|rather than)\s+/iu;
const LEADING = /^(?:and|or|but|so|then)\s+/iu;
const ASKS = /^(?:how|what|which|who|where|when|can|could|may|is|are|do|does|will|would|should)\b/iu;
const POINTS_BACK = /\b(?:it|its|that|this|those|these|them|they|each|both|one|there|then|such|again)\b/iu;
/** Links in Markdown name other documents. */
const LINK = /\[([^\]]{4,80})\]\(/gu;
const SEARCHES = 4;
const CHOSEN_PER_PART = 1;
/** Words of a request that say nothing of what it is about. */
const SAYS_NOTHING =
  /^(?:set|check|find|step|steps|enter|other|others|both|want|need|way|question|thing|things|sides?)$/iu;
/** A part that one piece holds so much of is covered. */
const COVERED = 0.99;

interface Piece {
  readonly document: string;
  readonly title: string;
  readonly text: string;
}

interface View {
  readonly parts: readonly string[];
  readonly pieces: readonly Piece[];
  readonly done: readonly { readonly name: string; readonly argument: string; readonly output: string }[];
}

/**
 * Looks further as a model would that reads, and knows nothing else: no synonyms, and least of all which documents are
 * needed. It searches for the parts of the question that nothing found so far speaks about, opens the document that comes
 * nearest to the part that is covered least, searches for what that one links to, and names the documents that share most
 * with each part. Writes answers by quoting.
 */
export function readAndSearch(request: WriteRequest): Script {
  if (request.toolUse.tools.length === 0) return quoteFromPassages(request);
  const question = sectionsOf(request.input).find(({ label }) => label.startsWith("question"))?.text ?? "";
  const done = request.calls.map((call) => ({ ...call, argument: argumentOf(call.arguments) }));
  const pieces = [request.input, ...done.map(({ output }) => output)].flatMap(piecesOf);
  const view = { parts: partsOf(question), pieces, done };
  return searchForPart(view) ?? openNearest(view) ?? followLink(view) ?? finish(view);
}

function searchForPart({ parts, pieces, done }: View): Script | null {
  const searched = done.filter(({ name }) => name === "search").map(({ argument }) => argument);
  if (searched.length >= SEARCHES) return null;
  const open = parts
    .filter((part) => !searched.includes(part))
    .map((part) => ({ part, covered: coverOf(part, pieces) }))
    .filter(({ covered }) => covered < COVERED)
    .sort((one, other) => Number(ASKS.test(other.part)) - Number(ASKS.test(one.part)) || one.covered - other.covered);
  return open[0] === undefined ? null : calls("search", { query: open[0].part });
}

/** The document nearest to the part that is covered least: it may say where the rest of it stands. */
function openNearest({ parts, pieces, done }: View): Script | null {
  if (done.some(({ name }) => name === "open_document")) return null;
  const least = [...parts].sort((one, other) => coverOf(one, pieces) - coverOf(other, pieces))[0];
  const [nearest] = least === undefined ? [] : nearestTo(least, pieces);
  return nearest === undefined ? null : calls("open_document", { document: nearest });
}

/** Only right after a document was opened: what it links to in words that a part of the question has too. */
function followLink({ parts, done }: View): Script | null {
  const last = done.at(-1);
  if (last?.name !== "open_document") return null;
  const names = [...new Set([...last.output.matchAll(LINK)].map(([, name]) => name ?? ""))];
  const scored = names.map((name) => ({ name, score: Math.max(0, ...parts.map((part) => shareOf(name, part))) }));
  const [best] = scored.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score);
  return best === undefined ? null : calls("search", { query: best.name });
}

function finish({ parts, pieces }: View): Script {
  const lists = parts.map((part) => nearestTo(part, pieces).slice(0, CHOSEN_PER_PART));
  const inTurn = Array.from({ length: CHOSEN_PER_PART }, (_, rank) =>
    lists.flatMap((list) => list.slice(rank, rank + 1)),
  );
  return calls("finish", { documents: [...new Set(inTurn.flat())] });
}

/** Names of documents by how much of a part one of their pieces holds, rare words before common ones. */
function nearestTo(part: string, pieces: readonly Piece[]): readonly string[] {
  const held = pieces.map((piece) => ({ ...piece, stems: stemsOf(piece.text), named: stemsOf(piece.title) }));
  const rarity = (stem: string) =>
    Math.log(1 + pieces.length / (0.5 + held.filter(({ stems }) => stems.has(stem)).length));
  const best = new Map<string, number>();
  for (const { document, stems, named } of held) {
    const weights = [...stemsOf(part)].map((stem) => (stems.has(stem) ? rarity(stem) * (named.has(stem) ? 2 : 1) : 0));
    const score = weights.reduce((sum, weight) => sum + weight, 0);
    best.set(document, Math.max(score, best.get(document) ?? 0));
  }
  return [...best].sort(([, one], [, other]) => other - one).map(([document]) => document);
}

function coverOf(part: string, pieces: readonly Piece[]): number {
  return Math.max(0, ...pieces.map(({ text }) => shareOf(part, text)));
}

/** Each understandable alone: one that points back, or says little, takes the words of the one before it along. */
function partsOf(question: string): readonly string[] {
  const parts: string[] = [];
  for (const raw of question.split(PART_ENDS)) {
    const part = raw.trim().replace(LEADING, "");
    const words = contentWordsOf(part).filter((word) => !SAYS_NOTHING.test(word));
    const before = parts.at(-1);
    const isShort = words.length < 2;
    if (words.length === 0 || (isShort && before === undefined)) continue;
    const said = isShort ? words.join(" ") : part;
    parts.push(before !== undefined && (isShort || POINTS_BACK.test(part)) ? `${said} ${topicOf(before)}` : said);
  }
  return parts;
}

/** Its names; where it has none, its last two words. */
function topicOf(part: string): string {
  const names = part.match(/(?<=\s)\p{Lu}[\p{L}\p{N}-]+/gu) ?? [];
  return names.length > 0 ? [...new Set(names)].join(" ") : contentWordsOf(part).slice(-2).join(" ");
}

function sectionsOf(text: string): readonly { readonly label: string; readonly text: string }[] {
  return [...text.matchAll(/^BEGIN (\S+) \((.*)\)\n([\s\S]*?)\nEND \1$/gmu)].map(([, , label, words]) => ({
    label: label ?? "",
    text: words ?? "",
  }));
}

function piecesOf(text: string): readonly Piece[] {
  return sectionsOf(text).flatMap(({ label, text: words }) => {
    const document = /^(?:piece of )?document (\S+)$/u.exec(label)?.[1];
    return document === undefined ? [] : [{ document, title: /^Title: (.*)$/mu.exec(words)?.[1] ?? "", text: words }];
  });
}

function argumentOf(json: string): string {
  const value: unknown = Object.values(JSON.parse(json) as Record<string, unknown>)[0];
  return typeof value === "string" ? value : "";
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(contentStems(text, "english"));
}

function shareOf(part: string, text: string): number {
  const stems = stemsOf(part);
  const held = stemsOf(text);
  return stems.size === 0 ? 0 : [...stems].filter((stem) => held.has(stem)).length / stems.size;
}
