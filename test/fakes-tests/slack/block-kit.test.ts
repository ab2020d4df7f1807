import { describe, expect, it } from "vitest";
import { checkMessageBlocks, checkView } from "../../fakes/slack/block-kit.js";
import { isList, objectAt, type Json, type JsonObject } from "../../fakes/slack/json.js";
import { SlackRefusal } from "../../fakes/slack/refusal.js";
import { VALID_VIEW } from "./valid-calls.js";

const plain = (text: string): JsonObject => ({ type: "plain_text", text });
const mrkdwn = (text: string): JsonObject => ({ type: "mrkdwn", text });
const long = (length: number): string => "x".repeat(length);
const many = <T>(count: number, item: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => item(index));

const button = (change: JsonObject = {}): JsonObject => ({
  type: "button",
  action_id: "a",
  text: plain("Go"),
  value: "v",
  ...change,
});
const actions = (...elements: readonly Json[]): JsonObject => ({ type: "actions", elements });
const section = (change: JsonObject = {}): JsonObject => ({ type: "section", text: mrkdwn("Hello"), ...change });
const option = (change: JsonObject = {}): JsonObject => ({ text: plain("One"), value: "1", ...change });
const select = (change: JsonObject = {}): JsonObject => ({
  type: "static_select",
  action_id: "s",
  options: [option()],
  ...change,
});
const half = (change: JsonObject = {}): JsonObject => ({ text: plain("Yes"), value: "yes", ...change });
const feedback = (change: JsonObject = {}): JsonObject => ({
  type: "feedback_buttons",
  action_id: "f",
  positive_button: half(),
  negative_button: half(),
  ...change,
});
const contextActions = (...elements: readonly Json[]): JsonObject => ({ type: "context_actions", elements });
const richSection = (...elements: readonly Json[]): JsonObject => ({ type: "rich_text_section", elements });
const rich = (...elements: readonly Json[]): JsonObject => ({ type: "rich_text", elements });
const input = (change: JsonObject = {}): JsonObject => ({
  type: "input",
  label: plain("Note"),
  element: { type: "plain_text_input", action_id: "t" },
  ...change,
});
const table = (rows: Json): JsonObject => ({ type: "table", rows });
const cell: JsonObject = { type: "raw_text", text: "a" };

const VALID: readonly (readonly [string, JsonObject])[] = [
  [
    "a section",
    section({ fields: many(10, () => mrkdwn(long(2_000))).slice(0, 1), accessory: button(), block_id: "b" }),
  ],
  ["a section of 3,000 characters", section({ text: mrkdwn(long(3_000)) })],
  ["a header", { type: "header", text: plain(long(150)) }],
  ["a divider", { type: "divider" }],
  [
    "a context",
    {
      type: "context",
      elements: [mrkdwn("a"), { type: "image", image_url: "https://acme.test/a.png", alt_text: "a" }],
    },
  ],
  [
    "25 buttons",
    actions(...many(25, (index) => button({ action_id: `a${index}`, value: long(2_000), text: plain(long(75)) }))),
  ],
  ["a choice", actions(select({ placeholder: plain("Choose"), initial_option: option() }))],
  [
    "feedback buttons",
    contextActions(feedback(), { type: "icon_button", icon: "trash", text: plain("Delete"), action_id: "d" }),
  ],
  ["Markdown", { type: "markdown", text: long(12_000) }],
  [
    "rich text",
    rich(
      richSection(
        { type: "text", text: "a", style: { bold: true } },
        { type: "link", url: "https://acme.test", text: "a" },
      ),
      {
        type: "rich_text_list",
        style: "ordered",
        offset: 2,
        elements: [richSection({ type: "user", user_id: "U0ANNA" })],
      },
      { type: "rich_text_preformatted", elements: [{ type: "text", text: "a" }] },
      { type: "rich_text_quote", elements: [{ type: "broadcast", range: "here" }] },
    ),
  ],
  ["a table", table([[cell, { type: "rich_text", elements: [richSection({ type: "text", text: "b" })] }]])],
  ["an input", input({ hint: plain("Short"), optional: true })],
];

/** What is wrong, and where Slack would point. */
const INVALID: readonly (readonly [string, JsonObject, string])[] = [
  ["an unknown type", { type: "song" }, "/blocks/0/type"],
  ["a block without a type", { text: mrkdwn("a") }, "/blocks/0/type"],
  ["an unknown field", section({ colour: "blue" }), "/blocks/0"],
  ["a block id of 256 characters", section({ block_id: long(256) }), "/blocks/0/block_id"],
  ["a section without text or fields", { type: "section" }, "/blocks/0"],
  ["a section of 3,001 characters", section({ text: mrkdwn(long(3_001)) }), "/blocks/0/text/text"],
  ["an empty text", section({ text: mrkdwn("") }), "/blocks/0/text/text"],
  ["a text that is a string", section({ text: "Hello" }), "/blocks/0/text/type"],
  ["emoji in mrkdwn", section({ text: { ...mrkdwn("a"), emoji: true } }), "/blocks/0/text"],
  ["eleven fields", section({ fields: many(11, () => mrkdwn("a")) }), "/blocks/0/fields"],
  ["a field of 2,001 characters", section({ fields: [mrkdwn(long(2_001))] }), "/blocks/0/fields/0/text"],
  ["a header in mrkdwn", { type: "header", text: mrkdwn("a") }, "/blocks/0/text/type"],
  ["a header of 151 characters", { type: "header", text: plain(long(151)) }, "/blocks/0/text/text"],
  ["an empty context", { type: "context", elements: [] }, "/blocks/0/elements"],
  ["eleven context elements", { type: "context", elements: many(11, () => mrkdwn("a")) }, "/blocks/0/elements"],
  ["a button in a context", { type: "context", elements: [button()] }, "/blocks/0/elements/0/type"],
  [
    "an image without a source",
    { type: "context", elements: [{ type: "image", alt_text: "a" }] },
    "/blocks/0/elements/0",
  ],
  ["26 buttons", actions(...many(26, (index) => button({ action_id: `a${index}` }))), "/blocks/0/elements"],
  ["no button", actions(), "/blocks/0/elements"],
  ["two buttons of one action id", actions(button(), button()), "/blocks/0"],
  ["an action id of 256 characters", actions(button({ action_id: long(256) })), "/blocks/0/elements/0/action_id"],
  ["a button of 76 characters", actions(button({ text: plain(long(76)) })), "/blocks/0/elements/0/text/text"],
  ["a button in mrkdwn", actions(button({ text: mrkdwn("a") })), "/blocks/0/elements/0/text/type"],
  ["a value of 2,001 characters", actions(button({ value: long(2_001) })), "/blocks/0/elements/0/value"],
  ["a value that is a number", actions(button({ value: 5 })), "/blocks/0/elements/0/value"],
  ["a style that is none", actions(button({ style: "warning" })), "/blocks/0/elements/0/style"],
  ["a button that runs a script", actions(button({ url: "javascript:alert(1)" })), "/blocks/0/elements/0/url"],
  [
    "an address of 3,001 characters",
    actions(button({ url: `https://a.test/${long(3_000)}` })),
    "/blocks/0/elements/0/url",
  ],
  [
    "a description of 76 characters",
    actions(button({ accessibility_label: long(76) })),
    "/blocks/0/elements/0/accessibility_label",
  ],
  [
    "a question without answers",
    actions(button({ confirm: { title: plain("Sure?"), text: plain("Go on?"), confirm: plain("Yes") } })),
    "/blocks/0/elements/0/confirm",
  ],
  ["101 options", actions(select({ options: many(101, () => option()) })), "/blocks/0/elements/0/options"],
  [
    "an option of 76 characters",
    actions(select({ options: [option({ text: plain(long(76)) })] })),
    "/blocks/0/elements/0/options/0/text/text",
  ],
  [
    "an option value of 151 characters",
    actions(select({ options: [option({ value: long(151) })] })),
    "/blocks/0/elements/0/options/0/value",
  ],
  ["a button in context actions", contextActions(button()), "/blocks/0/elements/0/type"],
  [
    "six context actions",
    contextActions(...many(6, (index) => feedback({ action_id: `f${index}` }))),
    "/blocks/0/elements",
  ],
  [
    "feedback with one side",
    contextActions({ type: "feedback_buttons", positive_button: half() }),
    "/blocks/0/elements/0",
  ],
  [
    "feedback without a value",
    contextActions(feedback({ positive_button: { text: plain("Yes") } })),
    "/blocks/0/elements/0/positive_button",
  ],
  ["empty Markdown", { type: "markdown", text: "" }, "/blocks/0/text"],
  ["Markdown of 12,001 characters", { type: "markdown", text: long(12_001) }, "/blocks/0/text"],
  ["rich text without anything", rich(), "/blocks/0/elements"],
  [
    "rich text with an unknown style",
    rich(richSection({ type: "text", text: "a", style: { loud: true } })),
    "/blocks/0/elements/0/elements/0/style",
  ],
  ["an empty rich text element", rich(richSection({ type: "text", text: "" })), "/blocks/0/elements/0/elements/0/text"],
  [
    "a rich text link to a script",
    rich(richSection({ type: "link", url: "javascript:alert(1)" })),
    "/blocks/0/elements/0/elements/0/url",
  ],
  [
    "a list with bare text",
    rich({ type: "rich_text_list", style: "bullet", elements: [{ type: "text", text: "a" }] }),
    "/blocks/0/elements/0/elements/0/type",
  ],
  ["a list without a style", rich({ type: "rich_text_list", elements: [richSection()] }), "/blocks/0/elements/0"],
  ["101 rows", table(many(101, () => [cell])), "/blocks/0/rows"],
  ["21 columns", table([many(21, () => cell)]), "/blocks/0/rows/0"],
  ["an input without a label", { type: "input", element: { type: "plain_text_input" } }, "/blocks/0"],
  ["an input that is a button", input({ element: button() }), "/blocks/0/element/type"],
];

const view = (change: JsonObject): JsonObject => ({ ...VALID_VIEW, ...change });

const INVALID_VIEWS: readonly (readonly [string, JsonObject, string])[] = [
  ["a title of 25 characters", view({ title: plain(long(25)) }), "/view/title/text"],
  ["a button of 25 characters", view({ submit: plain(long(25)) }), "/view/submit/text"],
  ["101 blocks", view({ blocks: many(101, () => ({ type: "divider" })) }), "/view/blocks"],
  ["no blocks", view({ blocks: [] }), "/view/blocks"],
  ["a callback id of 256 characters", view({ callback_id: long(256) }), "/view/callback_id"],
  ["private metadata of 3,001 characters", view({ private_metadata: long(3_001) }), "/view/private_metadata"],
  ["a Markdown block", view({ blocks: [{ type: "markdown", text: "a" }] }), "/view/blocks/0/type"],
  ["an unknown field", view({ colour: "blue" }), "/view"],
  ["another type", view({ type: "page" }), "/view/type"],
];

function problems(check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    const messages = error instanceof SlackRefusal ? objectAt(error.details, "response_metadata")?.["messages"] : null;
    return isList(messages ?? null) ? (messages as readonly string[]) : [];
  }
}

describe("Block Kit", () => {
  it.each(VALID)("takes %s", (_what, block) => {
    expect(problems(() => checkMessageBlocks([block]))).toEqual([]);
  });

  it.each(INVALID)("refuses %s and says where", (_what, block, where) => {
    const found = problems(() => checkMessageBlocks([block]));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`[json-pointer:${where}]`);
  });

  it("refuses two blocks of one id", () => {
    expect(problems(() => checkMessageBlocks([section({ block_id: "b" }), section({ block_id: "b" })]))).toHaveLength(
      1,
    );
  });

  it.each(INVALID_VIEWS)("refuses a form with %s", (_what, wrong, where) => {
    const found = problems(() => checkView(wrong));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`[json-pointer:${where}]`);
  });

  it("gives every block an id", () => {
    expect(
      checkMessageBlocks([{ type: "divider" }, section({ block_id: "mine" })]).map((block) => block["block_id"]),
    ).toEqual(["b0", "mine"]);
  });
});
