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

const ROLES = passageOf(
  [
    "By default, members can change their name for 10 minutes, though administrators can restrict name changes.",
    "You only have access to messages that are sent after you are added, unless the **History** option is on.",
    "If a member can edit a message, they can also delete all of its content.",
    "Click the **gear** icon in the upper right, select **Settings**, then on the left click **Your bots**.",
    "The export is between 5 MB and 20 GB large.",
    "1. Open **Projects**.\n\n2. Choose a stream for notifications.\n\n3. Click **Save changes**.",
  ].join("\n\n"),
  { title: "Names" },
);

async function ground(markdown: string): Promise<{ text: string; canStand: boolean; dropped: readonly string[] }> {
  const { passages } = packPassages([VOUCHERS, OTHER, ROLES], DEFAULT_ANSWER_SETTINGS);
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

  it.each([
    ["another order of clauses", "Members can change their name for 10 minutes by default. [3]"],
    ["a number word", "By default, members can change their name for ten minutes. [3]"],
    ["the same condition at the end", "A member can also delete all of a message's content if they can edit it. [3]"],
    ["two steps in one sentence", "Open **Projects**, then choose a stream for notifications. [3]"],
    ["time told from its end", "Before you choose a stream for notifications, open **Projects**. [3]"],
    ["other words for the same", "Press the gear icon in the upper right and pick **Settings**. [3]"],
  ])("is kept in other words: %s", async (_name, sentence) => {
    expect((await ground(sentence)).dropped).toEqual([]);
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
    ["too-few-words", "y-e-k [1]"],
    ["unknown-number", "By default, members can change their name for five minutes. [3]"],
    ["unit", "By default, members can change their name for 10 hours. [3]"],
    ["unit", "The export is between 5 GB and 20 GB large. [3]"],
    ["role", "By default, guests can change their name for 10 minutes. [3]"],
    ["unknown-name", "Click the gear icon in the upper right, select Projects, then on the left click Your bots. [3]"],
    ["opposite", "Click the gear icon in the upper left, select Settings, then on the left click Your bots. [3]"],
    ["negation", "By default, members can't change their name for 10 minutes. [3]"],
    ["condition", "You have access to messages that are sent after you are added. [3]"],
    ["condition", "Unless a member can edit a message, they can also delete all of its content. [3]"],
    ["condition", "If a member can edit a message, they can also delete some of its content. [3]"],
    ["condition", "If a member can edit a message, they must also delete all of its content. [3]"],
    [
      "condition",
      "Only members can change their name for 10 minutes, though administrators can restrict name changes. [3]",
    ],
    ["changed-word", "If a member can edit a stream, they can also delete all of its content. [3]"],
    ["order", "Choose a stream for notifications, then open **Projects**. [3]"],
    ["order", "Open **Projects** after you choose a stream for notifications. [3]"],
    ["order", "Select **Settings**, then click the **gear** icon in the upper right. [3]"],
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

  it("and a procedure whose steps are told in another order cannot stand", async () => {
    const { dropped, canStand } = await ground("1. Choose a stream for notifications. [3]\n2. Open **Projects**. [3]");

    expect(dropped).toEqual(["order"]);
    expect(canStand).toBe(false);
  });

  it("when it says that it comes next, and does not", async () => {
    const { dropped } = await ground("Choose a stream for notifications. [3] After that, open **Projects**. [3]");

    expect(dropped).toEqual(["order"]);
  });

  it("and the rest cannot stand when most of it is gone", async () => {
    const { canStand } = await ground(
      "Guests are signed out after 8 hours. [2] The moon is made of cheese. [1] Elephants never forget. [1]",
    );

    expect(canStand).toBe(false);
  });
});
