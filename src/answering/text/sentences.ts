const ABBREVIATIONS =
  /(?:^|[\s("'“„«])(?:e\.g|i\.e|etc|approx|no|nos|nr|fig|vs|cf|incl|excl|max|min|tel|ext|dept|inc|ltd|co|corp|st|mr|mrs|ms|dr|prof|jr|sr|z\.b|d\.h|u\.a|bzw|ca|ggf|usw|evtl|vgl|bspw|p\.ex|env|ej|sig|ecc|pag|p|pp|art|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|[a-z])\.$/iu;

const SENTENCE_END = /(?:[.!?…]+|[。！？]+)["'”’»)\]*_`]*(?:\s*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])*/gu;

/**
 * Where the first sentence of a text ends (exclusive), its closing quotes and citation marks included; null when it may
 * go on. With `isWhole` false the text is the beginning of a longer one, so a last sentence is not yet known to have ended.
 */
export function firstSentenceEnd(text: string, isWhole: boolean): number | null {
  for (const match of text.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length;
    const rest = text.slice(end);
    if (rest.trim() === "") return isWhole ? text.trimEnd().length : null;
    if (isBoundary(text.slice(0, match.index + 1), match[0], rest)) return end;
  }
  return isWhole && text.trim() !== "" ? text.trimEnd().length : null;
}

/** The sentences of one paragraph, in order, trimmed. Joined by spaces they are the paragraph again. */
export function splitSentences(paragraph: string): readonly string[] {
  const sentences: string[] = [];
  let rest = paragraph.trim();
  while (rest !== "") {
    const end = firstSentenceEnd(rest, true) ?? rest.length;
    sentences.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
  return sentences;
}

/** A longer sentence is taken in parts, because none of it would fit into an answer. */
const MAX_SENTENCE_WORDS = 60;

/**
 * What can be quoted of a document's paragraph, word for word: its sentences, phrases in a row with bars between them each
 * by itself, and overlong sentences in parts.
 */
export function splitQuotable(paragraph: string): readonly string[] {
  const phrases = splitSentences(paragraph).flatMap((sentence) => sentence.split(/(?:^|\s)\|(?=\s|$)/u));
  return phrases
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== "")
    .flatMap(cutLong);
}

/** After a comma or a semicolon, where there is one in the second half of what fits; else after a word. */
function cutLong(sentence: string): readonly string[] {
  const words = sentence.split(" ");
  if (words.length <= MAX_SENTENCE_WORDS) return [sentence];
  const fitting = words.slice(0, MAX_SENTENCE_WORDS);
  const clause = fitting.findLastIndex((word) => /[,;]$/u.test(word)) + 1;
  const end = clause > MAX_SENTENCE_WORDS / 2 ? clause : MAX_SENTENCE_WORDS;
  return [words.slice(0, end).join(" "), ...cutLong(words.slice(end).join(" "))];
}

function isBoundary(before: string, mark: string, rest: string): boolean {
  if (/^[。！？]/u.test(mark)) return true;
  // A stream may still be bringing the next citation mark: "done. [" is not decided yet.
  if (/^\s*\[\d{0,3}$/u.test(rest)) return false;
  if (!/^\s/u.test(rest)) return false;
  const next = rest.trimStart().replace(/^["'“„«(*_`¿¡[]+/u, "");
  // A citation mark closes what it stands behind, also before a sentence that begins with a small letter.
  if (/^\p{Ll}/u.test(next) && !mark.endsWith("]")) return false;
  return !(mark.startsWith(".") && (isAbbreviated(before, next) || isTimeOfDay(before, next)));
}

function isAbbreviated(before: string, next: string): boolean {
  if (!ABBREVIATIONS.test(before)) return false;
  // "etc. The …" ends a sentence; "Dr. Smith" and "No. 5" do not.
  return !(/(?:etc|usw|ecc)\.$/iu.test(before) && /^\p{Lu}/u.test(next));
}

/** "8:00 a.m. Monday" and "5 p.m. ET" go on; "by 5 p.m. Orders …" does not. */
function isTimeOfDay(before: string, next: string): boolean {
  return /\b[ap]\.m\.$/iu.test(before) && /^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b)/u.test(next);
}
