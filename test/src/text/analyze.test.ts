import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze, languageOf, mainTerms } from "../../../src/text/analyze.js";
import { tokenize } from "../../../src/text/tokens.js";

const terms = (text: string): string[] =>
  analyze(text, languageOf(text)).flatMap(({ term, others }) => [term, ...others]);

describe("the text analysis", () => {
  it.each([
    ["Wi-Fi", ["wifi", "wi", "fi"]],
    ["E-1042", ["e1042", "1042"]],
    ["foo_bar", ["foobar", "foo", "bar"]],
    ["WPA3", ["wpa3", "wpa"]],
    ["version 4.5.1", ["version", "4.5.1"]],
    ["l'application de votre compte", ["appliqu", "compt"]],
    ["las contraseñas de su cuenta", ["contrasen", "cuent"]],
    ["忘记密码", ["忘记", "记密", "密码"]],
  ])("indexes %j whole and in pieces", (text, expected) => {
    expect(terms(text)).toEqual(expect.arrayContaining(expected));
  });

  it("gives the main terms by themselves as it gives them with all else", () => {
    const piece = fc.constantFrom(
      "Wi-Fi",
      "l'application",
      "E-1042",
      "忘记密码",
      "the",
      "Log",
      "in",
      "www.example.com/a_b",
      "é",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(" ")),
      fc.string({ unit: "grapheme", maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("english" as const, "french" as const), (written, language) => {
        expect([...mainTerms(written, language)]).toEqual([
          ...new Set(analyze(written, language).map(({ term }) => term)),
        ]);
      }),
    );
  });

  it("finds `login` where `log in` is written", () => {
    expect(terms("Log in to the app")).toContain("login");
  });

  it.each([
    ["How do I change my password?", "english"],
    ["Wie kann ich mein Passwort ändern?", "german"],
    ["¿Cómo puedo cambiar mi contraseña?", "spanish"],
    ["Comment est-ce que je peux changer mon mot de passe ?", "french"],
  ])("hears that %j is %s", (text, language) => {
    expect(languageOf(text)).toBe(language);
  });

  it("takes time in proportion to hostile text", () => {
    const small = terms("a-".repeat(20_000)).length;

    expect(terms("a-".repeat(40_000)).length).toBeLessThanOrEqual(small * 2 + 2);
  });

  it("takes words of any case for the same word, and finds the parts of joined ones", () => {
    const words = (text: string) => tokenize(text).map(({ word, parts }) => [word, parts]);
    expect(words("open Open OPEN 42 a")).toEqual([
      ["open", []],
      ["open", []],
      ["open", []],
      ["42", []],
      ["a", []],
    ]);
    expect(words("fooBar WPA3")).toEqual([
      ["foobar", ["foo", "bar"]],
      ["wpa3", ["wpa", "3"]],
    ]);
  });
});
