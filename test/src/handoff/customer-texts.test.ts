import { expect, it } from "vitest";
import { FIXED_TEXT_LANGUAGES } from "../../../src/answering/fixed-texts.js";
import { customerText, type CustomerTextName } from "../../../src/handoff/customer-texts.js";

const PUT: readonly (readonly [name: CustomerTextName, put: Readonly<Record<string, string>>])[] = [
  ["handedOverFault", { reference: "0a1b2c3d" }],
  ["handedOverTopic", {}],
  ["handedOverTopicUnsure", {}],
  ["notDone", { reference: "0a1b2c3d" }],
  ["unreachable", {}],
  ["unsentToAgents", { reference: "0a1b2c3d" }],
  ["takenBack", {}],
  ["joined", { agent: "{reference} $& Ana" }],
  ["rate", {}],
  ["solved", { agent: "{reference} $& Ana" }],
];

it.each(PUT)("tells %s in every language, with what belongs in it as it is", (name, put) => {
  const texts = FIXED_TEXT_LANGUAGES.map((language) => customerText(name, language, put));

  expect(new Set(texts).size).toBe(FIXED_TEXT_LANGUAGES.length);
  for (const text of texts) for (const value of Object.values(put)) expect(text).toContain(value);
});
