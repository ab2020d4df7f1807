/** What the model is told to write when the passages do not answer the question. */
export const NO_ANSWER = "NO_ANSWER";

const DECORATION = /^[\s*_`"'[(]*/u;

/** Takes the words out of a draft that says it has no answer. */
export interface NoAnswerFilter {
  /** What may be passed on now. */
  push(text: string): string;
  /** What was held back and is text after all. */
  end(): string;
  declines(): boolean;
}

export function createNoAnswerFilter(): NoAnswerFilter {
  let held = "";
  let state: "undecided" | "answers" | "declines" = "undecided";
  return {
    push(text) {
      if (state !== "undecided") return state === "answers" ? text : "";
      held += text;
      const start = held.replace(DECORATION, "");
      if (start.startsWith(NO_ANSWER)) state = "declines";
      else if (!NO_ANSWER.startsWith(start)) state = "answers";
      return state === "answers" ? held : "";
    },
    end: () => (state === "undecided" ? held : ""),
    declines: () => state === "declines",
  };
}
