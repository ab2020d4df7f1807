import {
  accessory,
  actionElement,
  anyText,
  contextActionElement,
  contextElement,
  imageFields,
  inputElement,
  plainText,
} from "./block-elements.js";
import { isList, isObject, objectsAt, textAt, type Json, type JsonObject } from "./json.js";
import { refusalWith, SlackRefusal } from "./refusal.js";
import { richTextFields } from "./rich-text.js";
import {
  all,
  byType,
  flag,
  list,
  oneOf,
  optional,
  pointer,
  required,
  shape,
  text,
  type Check,
  type Fields,
} from "./shape.js";

/** Measured by others against the service: beyond it Slack refuses although each block is within its own limit. */
const TEXT_IN_ONE_MESSAGE = 13_200;
const MARKDOWN_IN_ONE_MESSAGE = 12_000;
const BLOCKS_IN_ONE_MESSAGE = 50;
const BLOCKS_IN_ONE_VIEW = 100;
const VIEW_BYTES = 250_000;

const identified: Fields = { block_id: optional(text(1, 255)) };

const cell = byType({ raw_text: { text: required(text(0, 10_000)) }, rich_text: { ...identified, ...richTextFields } });

const columnSettings = shape({ align: optional(oneOf("left", "center", "right")), is_wrapped: optional(flag) });

const anywhere = {
  section: {
    ...identified,
    text: optional(anyText(3_000)),
    fields: optional(list(anyText(2_000), 1, 10)),
    accessory: optional(accessory),
    expand: optional(flag),
  },
  context: { ...identified, elements: required(list(contextElement, 1, 10)) },
  divider: identified,
  header: { ...identified, text: required(plainText(150)) },
  actions: { ...identified, elements: required(list(actionElement, 1, 25)) },
  rich_text: { ...identified, ...richTextFields },
  image: { ...identified, ...imageFields, title: optional(plainText(2_000)) },
  input: {
    ...identified,
    label: required(plainText(2_000)),
    element: required(inputElement),
    hint: optional(plainText(2_000)),
    optional: optional(flag),
    dispatch_action: optional(flag),
  },
};

const inMessages = {
  ...anywhere,
  markdown: { ...identified, text: required(text(1, MARKDOWN_IN_ONE_MESSAGE)) },
  context_actions: { ...identified, elements: required(list(contextActionElement, 1, 5)) },
  table: {
    ...identified,
    rows: required(list(list(cell, 1, 20), 1, 100)),
    column_settings: optional(list(columnSettings, 1, 20)),
  },
};

const sectionSaysSomething: Check = (value, at, problems) => {
  if (isObject(value) && value["type"] === "section" && value["text"] === undefined && value["fields"] === undefined) {
    problems.push(`a section needs text or fields ${pointer(at)}`);
  }
};

const messageBlock = all(byType(inMessages), sectionSaysSomething);
const viewBlock = all(byType(anywhere), sectionSaysSomething);

const view = shape({
  type: required(oneOf("modal")),
  title: required(plainText(24)),
  submit: optional(plainText(24)),
  close: optional(plainText(24)),
  blocks: required(list(viewBlock, 1, BLOCKS_IN_ONE_VIEW)),
  private_metadata: optional(text(0, 3_000)),
  callback_id: optional(text(0, 255)),
  external_id: optional(text(0, 255)),
  clear_on_close: optional(flag),
  notify_on_close: optional(flag),
});

/**
 * The blocks of a message, as they are stored: each with an id.
 * @throws {SlackRefusal} `invalid_blocks`, or `msg_blocks_too_long` for more text than a message holds.
 */
export function checkMessageBlocks(blocks: readonly Json[], at = "/blocks"): readonly JsonObject[] {
  const problems: string[] = [];
  list(messageBlock, 0, BLOCKS_IN_ONE_MESSAGE)(blocks, at, problems);
  problems.push(...repeatedIds(blocks, at));
  if (problems.length === 0 && textOfType(blocks, "markdown") > MARKDOWN_IN_ONE_MESSAGE) {
    problems.push(`markdown blocks hold more than ${MARKDOWN_IN_ONE_MESSAGE} characters ${pointer(at)}`);
  }
  if (problems.length > 0) {
    throw refusalWith("invalid_blocks", problems);
  }
  refuseTooMuchText(textLength(blocks));
  return withBlockIds(blocks);
}

/** @throws {SlackRefusal} `msg_blocks_too_long` */
export function refuseTooMuchText(characters: number): void {
  if (characters > TEXT_IN_ONE_MESSAGE) {
    throw new SlackRefusal("msg_blocks_too_long");
  }
}

/**
 * A modal as it is stored.
 * @throws {SlackRefusal} `view_too_large` or `invalid_arguments`.
 */
export function checkView(value: JsonObject): JsonObject {
  if (Buffer.byteLength(JSON.stringify(value)) > VIEW_BYTES) {
    throw new SlackRefusal("view_too_large");
  }
  const problems: string[] = [];
  view(value, "/view", problems);
  const blocks = isList(value["blocks"]) ? value["blocks"] : [];
  problems.push(...repeatedIds(blocks, "/view/blocks"));
  if (value["submit"] === undefined && objectsAt(value, "blocks").some((block) => block["type"] === "input")) {
    problems.push(`a view with an input needs submit ${pointer("/view/submit")}`);
  }
  if (problems.length > 0) {
    throw refusalWith("invalid_arguments", problems);
  }
  return { ...value, blocks: withBlockIds(blocks) };
}

/** The characters of everything a person would read. */
export function textLength(value: Json | undefined): number {
  if (isList(value)) {
    return value.reduce<number>((sum, entry) => sum + textLength(entry), 0);
  }
  if (!isObject(value)) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [key, entry]) => sum + (key === "text" && typeof entry === "string" ? entry.length : textLength(entry)),
    0,
  );
}

function textOfType(blocks: readonly Json[], type: string): number {
  return blocks.reduce<number>(
    (sum, block) => sum + (isObject(block) && block["type"] === type ? textAt(block, "text").length : 0),
    0,
  );
}

function withBlockIds(blocks: readonly Json[]): readonly JsonObject[] {
  return blocks.filter(isObject).map((block, index) => ({ ...block, block_id: block["block_id"] ?? `b${index}` }));
}

function repeatedIds(blocks: readonly Json[], at: string): string[] {
  const found = blocks.filter(isObject);
  const ids = found.map((block) => textAt(block, "block_id")).filter((id) => id !== "");
  const inBlocks = found.flatMap((block, index) =>
    repeated(objectsAt(block, "elements").map((element) => textAt(element, "action_id"))).map(
      (id) => `duplicate action_id: ${id} ${pointer(`${at}/${index}`)}`,
    ),
  );
  return [...repeated(ids).map((id) => `duplicate block_id: ${id} ${pointer(at)}`), ...inBlocks];
}

function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => id !== "" && ids.indexOf(id) !== index);
}
