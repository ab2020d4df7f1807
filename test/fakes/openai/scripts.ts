/** What the fake writes for one request. */
export interface Script {
  readonly text: string;
  /** How it ends; a part of the text is sent before everything but `completed`. */
  readonly ending:
    | "completed"
    | "length"
    | "content-filter"
    | "refusal"
    /** The endpoint reports a fault of its own in the stream. */
    | "failed"
    /** The connection is closed properly, without a last event. */
    | "cut"
    /** The connection breaks. */
    | "broken"
    /** Nothing comes any more, and the connection stays. */
    | "stalled"
    /** The text is whole, and Chat Completions say so; then nothing comes any more, also no usage. */
    | "stalled-at-end"
    /** An event that is no JSON. */
    | "malformed"
    /** More and more text, whatever the limit was. */
    | "endless";
  /** Before the first event, in milliseconds. */
  readonly firstByteMs?: number;
  /** Before the first piece of text, in milliseconds, while the connection is open. */
  readonly firstTextMs?: number;
}

/** What happens to one request instead of an answer. */
export type Fault =
  | { readonly kind: "rate-limited"; readonly retryAfter: string | null }
  | { readonly kind: "quota" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** Azure's answer to a prompt that its filter does not like. */
  | { readonly kind: "prompt-filtered" }
  /** The connection breaks before an answer. */
  | { readonly kind: "disconnected" }
  /** This body, with status 200. */
  | { readonly kind: "json"; readonly body: object }
  /** A page of some proxy, with status 200. */
  | { readonly kind: "web-page" }
  /** An event stream with status 200, in which these words are all that comes. */
  | { readonly kind: "event-stream"; readonly words: string; readonly ending: "cut" | "broken" | "stalled" }
  /** Embeddings only: what is wrong with an otherwise good reply. */
  | {
      readonly kind: "bad-vectors";
      readonly how: "one-missing" | "same-index" | "not-a-number" | "zero" | "too-short" | "not-json";
    };

export function writes(text: string, options: Partial<Omit<Script, "text">> = {}): Script {
  return { text, ending: "completed", ...options };
}

/** In pieces as a tokenizer would make them, in order; joined they are the text. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/\s*\S{1,4}|\s+$/gu) ?? [];
}

/** How much is sent of a text that does not reach its end. */
export function sentPiecesOf({ text, ending }: Script): readonly string[] {
  const pieces = piecesOf(text);
  return ["completed", "endless", "stalled-at-end"].includes(ending)
    ? pieces
    : pieces.slice(0, Math.ceil(pieces.length / 2));
}
