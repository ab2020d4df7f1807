import {
  byType,
  flag,
  integer,
  list,
  oneOf,
  optional,
  required,
  shape,
  text,
  webAddress,
  type Fields,
} from "./shape.js";

const styled: Fields = {
  style: optional(
    shape({
      bold: optional(flag),
      italic: optional(flag),
      strike: optional(flag),
      code: optional(flag),
      underline: optional(flag),
      highlight: optional(flag),
      client_highlight: optional(flag),
      unlink: optional(flag),
    }),
  ),
};

const textElement: Fields = { ...styled, text: required(text(1, 12_000)) };
const linkElement: Fields = {
  ...styled,
  url: required(webAddress),
  text: optional(text(1, 3_000)),
  unsafe: optional(flag),
};

const inline = byType({
  text: textElement,
  link: linkElement,
  emoji: { ...styled, name: required(text(1, 100)), unicode: optional(text(1, 100)), url: optional(webAddress) },
  user: { ...styled, user_id: required(text(1, 20)) },
  channel: { ...styled, channel_id: required(text(1, 20)) },
  usergroup: { ...styled, usergroup_id: required(text(1, 20)) },
  team: { ...styled, team_id: required(text(1, 20)) },
  broadcast: { ...styled, range: required(oneOf("here", "channel", "everyone")) },
  color: { ...styled, value: required(text(1, 20)) },
  date: {
    ...styled,
    timestamp: required(integer(0, Number.MAX_SAFE_INTEGER)),
    format: required(text(1, 100)),
    url: optional(webAddress),
    fallback: optional(text(1, 300)),
  },
});

const bordered: Fields = { border: optional(integer(0, 1)) };
const section: Fields = { elements: required(list(inline, 0, 1_000)) };

const richTextElement = byType({
  rich_text_section: section,
  rich_text_list: {
    ...bordered,
    style: required(oneOf("bullet", "ordered")),
    indent: optional(integer(0, 8)),
    offset: optional(integer(0, 100_000)),
    elements: required(list(byType({ rich_text_section: section }), 1, 1_000)),
  },
  rich_text_quote: { ...bordered, elements: required(list(inline, 1, 1_000)) },
  rich_text_preformatted: {
    ...bordered,
    language: optional(text(1, 50)),
    elements: required(list(byType({ text: textElement, link: linkElement }), 1, 1_000)),
  },
});

/** The fields of a rich_text block besides its type and id. */
export const richTextFields: Fields = { elements: required(list(richTextElement, 1, 1_000)) };
