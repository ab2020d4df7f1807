import { describe, expect, it } from "vitest";
import { remember, rememberEach, rememberWords } from "../../../src/text/remember.js";

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

  it("knows a word again in another text, until there are too many", () => {
    const made: string[] = [];
    const ofWord = rememberWords((word) => (made.push(word), { word }), 2);
    const at = (text: string, word: string) => ofWord(text, text.indexOf(word), text.indexOf(word) + word.length).word;
    expect([at("a b", "a"), at("b a", "b"), at("b a", "a"), at("c", "c"), at("a", "a")]).toEqual(["a", "b", "a", "c", "a"]); // prettier-ignore
    expect(made).toEqual(["a", "b", "c", "a"]);
  });
});
