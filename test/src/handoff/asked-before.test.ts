import { describe, expect, it } from "vitest";
import { askedBefore } from "../../../src/handoff/asked-before.js";
import type { EarlierEntry } from "../../../src/ports/stores.js";

/** `c: …`, `b: …`, `b[Title]: …` or `a: …`, in their order. */
function said(...lines: readonly string[]): readonly EarlierEntry[] {
  const speakers = { c: "customer", b: "bot", a: "agent" } as const;
  return lines.map((line) => {
    const speaker = speakers[line[0] as keyof typeof speakers];
    const [, title] = /^.\[(.*?)\]/u.exec(line) ?? [];
    const text = line.slice(line.indexOf(": ") + 2);
    return { speaker, name: speaker, text, at: new Date(0), cited: title === undefined ? [] : [title] };
  });
}

describe("what a customer had asked before they were handed over", () => {
  it("is each question with what came of it, without the one that is on the card", () => {
    const history = said("c: How do I pair the hub?", "b[Pairing]: Hold it.", "c: It blinks.", "c: Why?");
    expect(askedBefore(history, "It blinks.\nWhy?")).toEqual(['How do I pair the hub? (answered from "Pairing")']);
  });

  it("keeps the question where they only asked for a person after it", () => {
    const history = said("c: Why does it blink?", "b: Which lamp?", "c: a human please");
    expect(askedBefore(history, "a human please")).toEqual(["Why does it blink? (not answered)"]);
  });

  it("is nothing for a first question, a greeting, or the same one under the button", () => {
    expect(askedBefore(said("c: Why?"), "Why?")).toEqual([]);
    expect(askedBefore(said("c: hello", "b: Hello!", "c: Why?"), "Why?")).toEqual([]);
    expect(askedBefore(said("c: Why?", "b: So."), "Why?")).toEqual([]);
  });

  it("says nothing of what agents wrote, and is short", () => {
    const many = Array.from({ length: 20 }, (_, index) => [`c: How is thing ${index} done?`, "a: Like my secret."]);
    const lines = askedBefore(said(...many.flat()), "Else?");
    expect(lines.at(-1)).toBe("How is thing 19 done? (answered by a person)");
    expect(lines).toHaveLength(3);
    expect(lines.join(" ")).not.toContain("secret");
  });
});
