import { describe, expect, it } from "vitest";
import { remember, rememberEach } from "../../../src/text/remember.js";

describe("a function that remembers", () => {
  it("makes a value once, until there are too many", () => {
    const made: string[] = [];
    const twice = remember((text) => {
      made.push(text);
      return text + text;
    }, 2);
    expect(["a", "b", "a", "c", "a"].map(twice)).toEqual(["aa", "bb", "aa", "cc", "aa"]);
    expect(made).toEqual(["a", "b", "c", "a"]);
  });

  it("keeps what it says under one name apart from what it says under another", () => {
    const told = rememberEach((text: string, name: "upper" | "lower") => {
      return name === "upper" ? text.toUpperCase() : text.toLowerCase();
    }, 10);
    expect([told("Ab", "upper"), told("Ab", "lower"), told("Ab", "upper")]).toEqual(["AB", "ab", "AB"]);
  });
});
