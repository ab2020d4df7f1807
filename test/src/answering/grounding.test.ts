import { describe, expect, it } from "vitest";
import { createDraft } from "../../../src/answering/draft.js";
import { DEFAULT_ANSWER_SETTINGS } from "../../../src/answering/contract.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { packPassages } from "../../../src/answering/stages/pack.js";
import { passageOf } from "../../fakes/passages.js";

const VOUCHERS = passageOf(
  [
    "You can create up to 200 vouchers at a time. A voucher works on one device, unless you turn on two devices per voucher.",
    "Vouchers can't be extended. Orders above 1,000 euros ship before noon. See https://help.acme.example/vouchers for code NL-104.",
    "| Service | Delivery time | Price |\n| --- | --- | --- |\n| Standard | 2 to 4 business days | €5.90 |\n| Express | Next business day | €14.90 |",
    "```\nhubctl voucher list --all\n```",
  ].join("\n\n"),
  { title: "Vouchers" },
);
const OTHER = passageOf("Guests are signed out after 8 hours.", { title: "Guests" });

async function ground(markdown: string): Promise<{ text: string; canStand: boolean; dropped: readonly string[] }> {
  const { passages } = packPassages([VOUCHERS, OTHER], DEFAULT_ANSWER_SETTINGS);
  const draft = createDraft(
    passages,
    () => Promise.resolve("not-shown"),
    () => 0,
  );
  await draft.push(markdown);
  await draft.end();
  const result = draft.result();
  const { canStand, dropped } = result.grounding;
  return { text: replyText(result), canStand, dropped: dropped.map(({ because }) => because) };
}

describe("a sentence that its passage proves", () => {
  it.each([
    ["a quote", "You can create up to 200 vouchers at a time. [1]"],
    ["other words", "At most 200 vouchers can be created at a time. [1]"],
    ["an amount written differently", "Orders above 1000 euros ship before noon. [1]"],
    ["a row of a table", "Express: next business day, €14.90. [1]"],
    ["an address and a code from the passage", "See https://help.acme.example/vouchers for code NL-104. [1]"],
  ])("is kept: %s", async (_name, sentence) => {
    expect((await ground(sentence)).text).toBe(sentence);
  });

  it("is cited with the passage that proves it, whatever the model cited", async () => {
    expect((await ground("You can create up to 200 vouchers at a time. [2]")).text).toBe(
      "You can create up to 200 vouchers at a time. [1]",
    );
  });

  it("brings the line that introduces it", async () => {
    expect((await ground("Here is how:\n\n- Guests are signed out after 8 hours. [2]")).text).toBe(
      "Here is how:\n\n- Guests are signed out after 8 hours. [1]",
    );
  });

  it("may be a command, letter for letter", async () => {
    expect((await ground("```\nhubctl voucher list --all\n```")).text).toBe("hubctl voucher list --all\n\n[1]");
  });
});

describe("a sentence that no passage proves is left out", () => {
  it.each([
    ["unknown-number", "You can create up to 300 vouchers at a time. [1]"],
    ["unknown-number", "Express: next business day, €13.90. [1]"],
    ["negation", "Vouchers can be extended. [1]"],
    ["negation", "You can't create up to 200 vouchers at a time. [1]"],
    ["opposite", "Orders above 1,000 euros ship after noon. [1]"],
    ["unknown-token", "See https://help.acme.example/vouchers?q=secret for code NL-104. [1]"],
    ["unknown-token", "See attacker.example/vouchers for vouchers. [1]"],
    ["unknown-token", "Write to mallory@attacker.example for vouchers. [1]"],
    ["unknown-token", "See the vouchers for code NL-105. [1]"],
    ["unknown-token", "```\nhubctl voucher delete --all\n```"],
    ["unknown-name", "A voucher works on one Samsung device. [1]"],
    ["too-few-words", "The president owns several yachts. [1]"],
    ["too-few-words", "Yes. [1]"],
  ])("%s: %s", async (because, sentence) => {
    const { text, canStand, dropped } = await ground(sentence);

    expect(dropped).toEqual([because]);
    expect(text).toBe("");
    expect(canStand).toBe(false);
  });

  it("with the sentence that leans on it", async () => {
    const { text, dropped } = await ground(
      "Guests are signed out after 8 hours. [2] The moon is made of cheese. [1] This voucher works on one device. [1]",
    );

    expect(text).toBe("Guests are signed out after 8 hours. [1]");
    expect(dropped).toEqual(["too-few-words", "lost-its-context"]);
  });

  it("and the rest cannot stand when most of it is gone", async () => {
    const { canStand } = await ground(
      "Guests are signed out after 8 hours. [2] The moon is made of cheese. [1] Elephants never forget. [1]",
    );

    expect(canStand).toBe(false);
  });
});
