import type { OpenedPassage, Passage } from "../../ports/knowledge.js";
import type { FoundText } from "../../ports/models.js";
import { cleanText } from "../text/clean-text.js";
import { withoutOrders } from "../../text/orders.js";
import { contentWordsOf } from "../text/words.js";

/** How much of what was found a model is shown. */
const SHOWN = { passages: 8, characters: 500, documentCharacters: 6_000 } as const;
const MAX_PASSAGES_PER_DOCUMENT = 3;

/**
 * The documents that a model was shown, under names of its own: it can name no other, and never learns an id. What
 * speaks to the writer of an answer is left out of their words, as it is in `pack`.
 */
export class Notebook {
  readonly #names = new Map<string, string>();
  readonly #documents = new Map<string, Passage>();

  /** The best passages, as the model is shown them. */
  show(passages: readonly Passage[]): readonly FoundText[] {
    return passages.slice(0, SHOWN.passages).map((passage) => ({
      name: this.#nameOf(passage),
      title: cleanText(passage.title),
      headingPath: passage.headingPath.map(cleanText),
      text: shown(passage.text).slice(0, SHOWN.characters).toWellFormed(),
    }));
  }

  /** The passage by which a document was found; null for a name that the model was not given. */
  passageOf(name: string): Passage | null {
    return this.#documents.get(name.trim().toLowerCase()) ?? null;
  }

  /** The documents that a list such as `d1, d4` names, in its order; names that the model was not given are passed over. */
  documentsIn(names: string): readonly string[] {
    const named = names.split(/[\s,;]+/u).map((name) => this.passageOf(name)?.documentId);
    return [...new Set(named.filter((id) => id !== undefined))];
  }

  showDocument(passage: Passage, { chunks }: OpenedPassage): FoundText {
    const text = chunks.map((chunk) => shown(chunk.text)).join("\n\n");
    return {
      name: this.#nameOf(passage),
      title: cleanText(passage.title),
      headingPath: [],
      text: text.slice(0, SHOWN.documentCharacters).toWellFormed(),
    };
  }

  #nameOf(passage: Passage): string {
    const name = this.#names.get(passage.documentId) ?? `d${this.#names.size + 1}`;
    if (!this.#documents.has(name)) this.#documents.set(name, passage);
    this.#names.set(passage.documentId, name);
    return name;
  }
}

function shown(text: string): string {
  return withoutOrders(cleanText(text)).text;
}

/**
 * The pieces of an opened document that share most words with what was asked for, best first. They have no scores of
 * their own: those of the passage by which the document was found stand for it.
 */
export function passagesOf(found: Passage, { chunks }: OpenedPassage, asked: string): readonly Passage[] {
  const words = new Set(contentWordsOf(asked));
  const shared = (text: string): number => new Set(contentWordsOf(text).filter((word) => words.has(word))).size;
  return chunks
    .map((chunk) => ({ chunk, score: shared([...chunk.headingPath, chunk.text].join("\n")) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, MAX_PASSAGES_PER_DOCUMENT)
    .map(({ chunk }) => pieceOf(found, chunk));
}

function pieceOf(found: Passage, { chunkId, headingPath, text }: OpenedPassage["chunks"][number]): Passage {
  if (chunkId === found.chunkId) return found;
  const { documentId, versionId, sourceId, externalId, kind, title, url, updatedAt, scores } = found;
  const document = { documentId, versionId, sourceId, externalId, kind, title, url, updatedAt, scores };
  return { ...document, chunkId, headingPath, text };
}
