import { z } from "zod";
import type { DraftDecision, GenerationEvent } from "../../../src/ports/models.js";
import { createNoAnswerFilter } from "./no-answer.js";
import { createStringDecoder, type StringDecoder } from "./string-decoder.js";
import type { ObjectShape } from "./structured-formats.js";

/** Makes the port's events of what a model writes, while it is written. */
export interface DraftReader {
  push(text: string): readonly DraftStep[];
  /** For a draft that is complete; null when it is an object, and not one that was asked for. */
  end(): DraftRest | null;
  /** Whether the model writes Markdown, asked or not; null while that cannot be told. */
  isMarkdown(): boolean | null;
}

export type DraftStep = Exclude<GenerationEvent, { kind: "end" }>;

export interface DraftRest {
  readonly steps: readonly DraftStep[];
  readonly citations: readonly string[] | null;
}

const draftSchema = z.object({
  // Comes first, so that it is known before the first word of the text.
  decision: z.enum(["answer", "ask_back", "no_answer"]),
  text: z.string(),
  citations: z.array(z.string()),
});

type DraftObject = z.infer<typeof draftSchema>;

/** What a model is asked for, where it can be held to a schema. */
export const DRAFT_SHAPE: ObjectShape = { name: "cited_answer", schema: draftSchema };

const DECISIONS: Readonly<Record<DraftObject["decision"], DraftDecision>> = {
  answer: "answer",
  ask_back: "ask-back",
  no_answer: "no-answer",
};

const FENCE = String.raw`\s*(?:\x60{3}(?:json)?\s*)?`;
/** The beginning of an object as it is asked for, up to where its text begins. Any other order is read at its end. */
const OPENING = new RegExp(
  String.raw`^${FENCE}\{\s*"decision"\s*:\s*"(answer|ask_back|no_answer)"\s*,\s*"text"\s*:\s*"`,
  "u",
);
const OBJECT_START = new RegExp(String.raw`^${FENCE}\{`, "u");
const MAY_BE_OBJECT = /^\s*(?:`{1,3}|`{3}j(?:s(?:on?)?)?|`{3}(?:json)?\s*)?$/u;

export function createMarkdownReader(): DraftReader {
  const filter = createNoAnswerFilter();
  return {
    push: (text) => textStep(filter.push(text)),
    end() {
      const rest = textStep(filter.end());
      return { steps: filter.declines() ? [{ kind: "decision", decision: "no-answer" }] : rest, citations: null };
    },
    isMarkdown: () => true,
  };
}

/** For a model that was asked for an object: one that writes Markdown all the same is read as well. */
export function createObjectReader(): DraftReader {
  let start = "";
  let reader: DraftReader | null = null;
  return {
    push(text) {
      if (reader !== null) return reader.push(text);
      start += text;
      if (OBJECT_START.test(start)) reader = objectReader();
      else if (!MAY_BE_OBJECT.test(start)) reader = createMarkdownReader();
      return reader?.push(start) ?? [];
    },
    end() {
      if (reader !== null) return reader.end();
      reader = createMarkdownReader();
      const steps = reader.push(start);
      const rest = reader.end();
      return rest === null ? null : { ...rest, steps: [...steps, ...rest.steps] };
    },
    isMarkdown: () => reader?.isMarkdown() ?? null,
  };
}

function objectReader(): DraftReader {
  let json = "";
  let said = "";
  let decoder: StringDecoder | null = null;
  let decided: DraftDecision | null = null;
  const say = (text: string): readonly DraftStep[] => {
    said += text;
    return textStep(text);
  };
  return {
    push(text) {
      json += text;
      if (decoder !== null) return say(decoder.push(text));
      const opening = OPENING.exec(json);
      if (opening === null) return [];
      decoder = createStringDecoder();
      decided = DECISIONS[draftSchema.shape.decision.parse(opening[1])];
      return [{ kind: "decision", decision: decided }, ...say(decoder.push(json.slice(opening[0].length)))];
    },
    end() {
      const draft = draftIn(json);
      if (draft === null || !draft.text.startsWith(said)) return null;
      const decision = DECISIONS[draft.decision];
      if (decided !== null && decided !== decision) return null;
      const before: readonly DraftStep[] = decided === null ? [{ kind: "decision", decision }] : [];
      return { steps: [...before, ...textStep(draft.text.slice(said.length))], citations: draft.citations };
    },
    isMarkdown: () => false,
  };
}

/** The whole object decides: what was read of it on the way is only its beginning. */
function draftIn(json: string): DraftObject | null {
  try {
    const value: unknown = JSON.parse(json.slice(json.indexOf("{"), json.lastIndexOf("}") + 1));
    return draftSchema.safeParse(value).data ?? null;
  } catch {
    return null;
  }
}

function textStep(text: string): readonly DraftStep[] {
  return text === "" ? [] : [{ kind: "text", text }];
}
