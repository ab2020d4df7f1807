import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createObjectReader, type DraftStep } from "../../../../infra/models/openai/draft-reader.js";
import { createStringDecoder } from "../../../../infra/models/openai/string-decoder.js";

/** Any UTF-16, lone surrogates too, with what JSON has escapes for. */
const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', "\\", "/", "\n", "\t", "\u0001", "😀", "\ud83d", "\ude00", "u0041", "[1]", "ü"),
    fc.string({ minLength: 1, maxLength: 3 }),
  ),
});
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 80 });

/** Every way in which a string may be written as JSON: some characters as escapes that need none. */
const written = fc.tuple(texts, fc.array(fc.boolean(), { maxLength: 60 })).map(([text, escaped]) => {
  const inside = Array.from({ length: text.length }, (_, index) => text.charAt(index)).map((unit, index) =>
    escaped[index] === true
      ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
      : JSON.stringify(unit).slice(1, -1),
  );
  return { text, inside: inside.join("") };
});

function cut(text: string, at: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  for (const size of [...at, text.length]) {
    pieces.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return pieces;
}

describe("the inside of a JSON string that arrives in pieces", () => {
  it("is what JSON.parse makes of it, wherever it is cut, and nothing of what comes after it", () => {
    fc.assert(
      fc.property(written, fc.string(), sizes, ({ inside }, after, at) => {
        const decoder = createStringDecoder();

        const said = cut(`${inside}"${after}`, at).map((piece) => decoder.push(piece));

        expect(said.join("")).toBe(JSON.parse(`"${inside}"`));
      }),
      { numRuns: 2000 },
    );
  });

  it("never says half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), sizes, (text, at) => {
        const decoder = createStringDecoder();
        for (const piece of cut(JSON.stringify(text).slice(1), at)) {
          expect(decoder.push(piece).isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it.each(["\\x", "\\u12G4", "\n", "\u0000"])("ends before %j, which no JSON string holds", (bad) => {
    expect(createStringDecoder().push(`Two days.${bad} More`)).toMatch(/^(?:Two days\.)?$/u);
  });
});

interface Read {
  readonly steps: readonly DraftStep[];
  readonly citations: readonly string[] | null | undefined;
  /** What was said before the end of the object was there. */
  readonly early: string;
}

function read(draft: string, at: readonly number[]): Read | null {
  const reader = createObjectReader();
  const early = cut(draft, at).flatMap((piece) => reader.push(piece));
  const rest = reader.end();
  if (rest === null) return null;
  return { steps: [...early, ...rest.steps], citations: rest.citations, early: textOf(early) };
}

function textOf(steps: readonly DraftStep[]): string {
  return steps.map((step) => (step.kind === "text" ? step.text : "")).join("");
}

describe("a draft that is written as an object", () => {
  const decisions = fc.constantFrom("answer", "ask_back", "no_answer");
  const spaces = fc.constantFrom("", " ", "\n  ");

  it("is read whole wherever it is cut: its decision first, its text while it is written", () => {
    fc.assert(
      fc.property(decisions, written, fc.array(fc.string()), spaces, sizes, (decision, text, citations, space, at) => {
        const object = `{${space}"decision":${space}"${decision}",${space}"text":${space}"${text.inside}",${space}"citations":${JSON.stringify(citations)}}`;

        const made = read(object, at);

        expect(made?.steps[0]).toEqual({ kind: "decision", decision: decision.replace("_", "-") });
        expect(made?.steps.filter(({ kind }) => kind === "decision")).toHaveLength(1);
        expect(textOf(made?.steps ?? [])).toBe(text.text);
        expect(made?.early).toBe(text.text);
        expect(made?.citations).toEqual(citations);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['{"text":"Two days. [1]","citations":["1"],"decision":"answer"}', "in another order"],
    ['```json\n{"decision":"answer","text":"Two days. [1]","citations":["1"]}\n```', "in a fence"],
  ])("is understood %s (%s)", (draft) => {
    fc.assert(
      fc.property(sizes, (at) => {
        const made = read(draft, at);
        expect(made?.steps[0]).toEqual({ kind: "decision", decision: "answer" });
        expect(textOf(made?.steps ?? [])).toBe("Two days. [1]");
        expect(made?.citations).toEqual(["1"]);
      }),
    );
  });

  it.each([
    "{}",
    "{",
    '{"decision":"answer","text":"Two days.","citations":["1"]',
    '{"decision":"perhaps","text":"Two days.","citations":[]}',
    '{"decision":"answer","text":"Two days.","citations":[1]}',
    '{"decision":"answer","text":"Two\ndays.","citations":[]}',
    '{"decision":"answer","text":"Two days.","citations":[],"decision":"no_answer"}',
  ])("is none when it is %j", (draft) => {
    expect(read(draft, [3, 20])).toBeNull();
  });

  it("may be Markdown all the same, with or without an answer", () => {
    fc.assert(
      fc.property(fc.constantFrom("Two days. [1]", "`reset` it. [1]", "", "``", "- Two days"), sizes, (draft, at) => {
        expect(read(draft, at)).toMatchObject({ citations: null });
        expect(textOf(read(draft, at)?.steps ?? [])).toBe(draft);
      }),
    );
    expect(read("**NO_ANSWER**", [2, 3])?.steps).toEqual([{ kind: "decision", decision: "no-answer" }]);
  });
});
