/** What the fake writes for one request. */
export interface Script {
  readonly text: string;
  /** Written instead of the text where the endpoint is asked for an object that is held to a schema. */
  readonly object?: object;
  /** Functions that are called instead of a text. */
  readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
  /** An endpoint that takes any schema, and a model that is not held to it. */
  readonly ignoresSchema?: boolean;
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

/** Calls a function that was offered. */
export function calls(
  name: string,
  values: object = {},
  options: Partial<Omit<Script, "text" | "calls">> = {},
): Script {
  return { text: "", calls: [{ name, arguments: JSON.stringify(values) }], ending: "completed", ...options };
}

export interface DraftOptions extends Partial<Omit<Script, "text" | "object">> {
  readonly decision?: "answer" | "ask_back" | "no_answer";
  readonly citations?: readonly string[];
}

/** A draft of an answer, in whichever format it is asked for. */
export function writesDraft(text: string, { decision = "answer", citations, ...options }: DraftOptions = {}): Script {
  const marks = [...new Set([...text.matchAll(/\[(\d+)\]/gu)].map(([, number]) => number))];
  const object = { decision, text: decision === "no_answer" ? "" : text, citations: citations ?? marks };
  return { text: decision === "no_answer" ? "NO_ANSWER" : text, object, ending: "completed", ...options };
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
