import { isObject } from "./json.js";
import {
  all,
  byType,
  flag,
  integer,
  list,
  oneOf,
  optional,
  pointer,
  required,
  shape,
  text,
  webAddress,
  type Check,
  type Fields,
} from "./shape.js";

const identifier = text(1, 255);
const colorScheme = oneOf("primary", "danger");

/** A text object of either kind. */
export function anyText(maximum: number): Check {
  return byType({
    plain_text: { text: required(text(1, maximum)), emoji: optional(flag) },
    mrkdwn: { text: required(text(1, maximum)), verbatim: optional(flag) },
  });
}

/** A text object that must be plain. */
export function plainText(maximum: number): Check {
  return byType({ plain_text: { text: required(text(1, maximum)), emoji: optional(flag) } });
}

const confirmation = shape({
  title: required(plainText(100)),
  text: required(anyText(300)),
  confirm: required(plainText(30)),
  deny: required(plainText(30)),
  style: optional(colorScheme),
});

const actionable: Fields = { action_id: optional(identifier), confirm: optional(confirmation) };
const focusable: Fields = { focus_on_load: optional(flag) };
const placeholdable: Fields = { placeholder: optional(plainText(150)) };

function option(label: Check): Check {
  return shape({
    text: required(label),
    value: required(text(1, 150)),
    description: optional(plainText(75)),
    url: optional(webAddress),
  });
}

const button: Fields = {
  ...actionable,
  text: required(plainText(75)),
  value: optional(text(0, 2_000)),
  url: optional(webAddress),
  style: optional(colorScheme),
  accessibility_label: optional(text(1, 75)),
};

const staticSelect: Fields = {
  ...actionable,
  ...focusable,
  ...placeholdable,
  options: optional(list(option(plainText(75)), 1, 100)),
  option_groups: optional(
    list(shape({ label: required(plainText(75)), options: required(list(option(plainText(75)), 1, 100)) }), 1, 100),
  ),
  initial_option: optional(option(plainText(75))),
};

const choices = (maximum: number): Fields => ({
  ...actionable,
  ...focusable,
  options: required(list(option(anyText(75)), 1, maximum)),
});

const overflow: Fields = { ...actionable, options: required(list(option(plainText(75)), 1, 5)) };
const usersSelect: Fields = { ...actionable, ...focusable, ...placeholdable, initial_user: optional(text(1, 20)) };

export const imageFields: Fields = {
  image_url: optional(webAddress),
  slack_file: optional(shape({ id: optional(text(1, 255)), url: optional(webAddress) })),
  alt_text: required(text(1, 2_000)),
};

const interactive = {
  button,
  static_select: staticSelect,
  users_select: usersSelect,
  checkboxes: { ...choices(10), initial_options: optional(list(option(anyText(75)), 1, 10)) },
  radio_buttons: { ...choices(10), initial_option: optional(option(anyText(75))) },
};

/** What an actions block may hold. */
export const actionElement = byType({ ...interactive, overflow });

/** What stands beside a section's text. */
export const accessory = byType({ ...interactive, overflow, image: imageFields });

const plainTextInput: Fields = {
  action_id: optional(identifier),
  ...focusable,
  ...placeholdable,
  initial_value: optional(text(0, 3_000)),
  multiline: optional(flag),
  min_length: optional(integer(0, 3_000)),
  max_length: optional(integer(1, 3_000)),
  dispatch_action_config: optional(
    shape({ trigger_actions_on: optional(list(oneOf("on_enter_pressed", "on_character_entered"), 1, 2)) }),
  ),
};

/** What an input block may hold. */
export const inputElement = byType({
  plain_text_input: plainTextInput,
  static_select: staticSelect,
  users_select: usersSelect,
  checkboxes: interactive.checkboxes,
  radio_buttons: interactive.radio_buttons,
});

const feedbackButton = shape({
  text: required(plainText(75)),
  value: required(text(1, 2_000)),
  accessibility_label: optional(text(1, 75)),
});

/** What a context_actions block may hold. */
export const contextActionElement = byType({
  feedback_buttons: {
    action_id: optional(identifier),
    positive_button: required(feedbackButton),
    negative_button: required(feedbackButton),
  },
  icon_button: {
    ...actionable,
    icon: required(text(1, 50)),
    text: required(plainText(75)),
    value: optional(text(0, 2_000)),
    accessibility_label: optional(text(1, 75)),
    visible_to_user_ids: optional(list(text(1, 20), 1, 10)),
  },
});

const hasOneImageSource: Check = (value, at, problems) => {
  if (
    isObject(value) &&
    value["type"] === "image" &&
    (value["image_url"] === undefined) === (value["slack_file"] === undefined)
  ) {
    problems.push(`needs either image_url or slack_file ${pointer(at)}`);
  }
};

/** What a context block may hold. */
export const contextElement = all(
  byType({
    plain_text: { text: required(text(1, 2_000)), emoji: optional(flag) },
    mrkdwn: { text: required(text(1, 2_000)), verbatim: optional(flag) },
    image: imageFields,
  }),
  hasOneImageSource,
);
