import { describe, expect, it } from "vitest";
import { fillReply, type CannedReply } from "../../../src/handoff/canned-replies.js";

const REPLIES: readonly CannedReply[] = [
  { name: "greet", texts: { any: "Hello {customer}, {agent} here." } },
  { name: "Wait", texts: { en: "One moment.", de: "Einen Moment." } },
];
const NAMES = { customer: "Cora", agent: "Ana" };

describe("a reply that is set up", () => {
  it("is filled with who it is about, in one go", () => {
    const filled = fillReply(REPLIES, "Greet", "de", { customer: "{agent}", agent: "Ana" });
    expect(filled).toEqual({ kind: "filled", name: "greet", text: "Hello {agent}, Ana here." });
  });

  it.each([
    ["de", "Einen Moment."],
    ["en", "One moment."],
    ["fr", "One moment."],
  ])("is sent in %s where it is written in it, else in the one that goes for all", (language, text) => {
    expect(fillReply(REPLIES, "wait", language, NAMES)).toMatchObject({ text });
  });

  it("is not sent with a gap", () => {
    const filled = fillReply(REPLIES, "greet", "en", { customer: " ", agent: "Ana" });
    expect(filled).toEqual({ kind: "missing", name: "greet", placeholder: "customer" });
  });

  it.each([
    ["great", "greet"],
    ["wiat", "Wait"],
    ["gre", "greet"],
    ["invoice", null],
  ])("of the name %j is meant to be %j", (name, nearest) => {
    expect(fillReply(REPLIES, name, "en", NAMES)).toEqual({ kind: "unknown", nearest });
  });
});
