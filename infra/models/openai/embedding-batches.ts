/** OpenAI's limits for one request. */
export const EMBEDDING_LIMITS = { inputs: 2048, tokensOfInput: 8192, tokensOfRequest: 300_000 } as const;

export interface BatchLimits {
  readonly inputs: number;
  readonly tokens: number;
}

/** An upper bound for every tokenizer that works on bytes, as OpenAI's do: no token is shorter than one. */
export function atMostTokens(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/**
 * The longest beginning of a text that surely fits: it ends after a paragraph, else a sentence, else a word, if one ends
 * in its last fifth.
 */
export function cutToFit(text: string, tokens: number): string {
  if (atMostTokens(text) <= tokens) return text;
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += atMostTokens(character);
    if (used > tokens) break;
    end += character.length;
  }
  const beginning = text.slice(0, end);
  const earliest = Math.floor(end * 0.8);
  const boundaries = [/\n\s*\n/gu, /[.!?。！？](?=\s|$)/gu, /\s/gu].map((pattern) => lastEnd(beginning, pattern));
  return beginning.slice(0, boundaries.find((boundary) => boundary > earliest) ?? end);
}

function lastEnd(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((_, match) => match.index + match[0].length, 0);
}

/** Cuts a list into requests, in order. A text that is longer than a whole request gets its own. */
export function inRequests(texts: readonly string[], limits: BatchLimits): readonly (readonly string[])[] {
  const requests: string[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const size = atMostTokens(text);
    const last = requests.at(-1);
    if (last === undefined || last.length >= limits.inputs || tokens + size > limits.tokens) {
      requests.push([text]);
      tokens = size;
    } else {
      last.push(text);
      tokens += size;
    }
  }
  return requests;
}
