import { describe, expect, it } from "vitest";
import { lastAsked } from "../../../src/handoff/last-asked.js";
import type { TranscriptEntry } from "../../../src/ports/stores.js";

/** `c: …`, `b: …` or `a: …`, in their order. */
function said(...lines: readonly string[]): readonly TranscriptEntry[] {
  const speakers = { c: "customer", b: "bot", a: "agent" } as const;
  return lines.map((line) => {
    const speaker = speakers[line[0] as keyof typeof speakers];
    return { speaker, name: speaker, text: line.slice(3), at: new Date(0) };
  });
}

describe("what a customer asked last", () => {
  it.each<[string, readonly TranscriptEntry[], string | null, number]>([
    ["is their newest words", said("c: How?", "b: Like this.", "c: And the lid?"), "And the lid?", 2],
    ["stays when others have spoken since", said("c: How?", "b: A person will answer."), "How?", 0],
    ["is all that they wrote in a row", said("a: Yes?", "c: It blinks.", "c: It is red."), "It blinks.\nIt is red.", 1],
    [
      "is not their wish for a person",
      said("c: Why does it blink?", "b: Hm.", "c: a human please"),
      "Why does it blink?",
      0,
    ],
    ["is not their thanks", said("c: Why?", "a: Hold it.", "c: thanks"), "Why?", 0],
    ["leaves out the greeting before it", said("c: hello", "c: Why does it blink?"), "Why does it blink?", 0],
  ])("%s", (_, history, question, before) => {
    const asked = lastAsked(history);
    expect([asked?.question, asked?.before.length]).toEqual([question, before]);
  });

  it("is nothing where they only asked for a person", () => {
    expect(lastAsked(said("c: hi", "b: Hello!", "c: a human please"))).toBeNull();
  });
});
