import { isList, isObject, objectAt, objectsAt, textAt, type Json, type JsonObject } from "./json.js";
import { shownBlocks } from "./message-payload.js";
import type { Message } from "./model.js";
import { markdownLive, markdownText, mrkdwnLive, mrkdwnText, type Live } from "./shown-text.js";
import type { Workspace } from "./workspace.js";

/** The lines of a message as a person reads them; buttons in brackets. */
export function messageLines(message: Message, workspace: Workspace): readonly string[] {
  const blocks = shownBlocks(message);
  const text =
    blocks.length === 0
      ? mrkdwnText(message.text, workspace)
      : blocks.map((block) => blockText(block, workspace)).join("\n");
  const writing = message.stream?.phase === "open" ? " …" : "";
  return `${text}${writing}`.split("\n");
}

/** Who is called and where it leads, anywhere in a message. The text counts also below blocks: it is what is notified. */
export function messageLive(message: Message): Live {
  const blocks = shownBlocks(message);
  const inText = mrkdwnLive(message.text, { linksAddresses: true });
  const shouted = message.parsesFully ? (/@(channel|here|everyone)\b/u.exec(message.text)?.slice(1, 2) ?? []) : [];
  const isMarkdown = message.stream !== null || blocks[0]?.["type"] === "markdown";
  const text = isMarkdown ? { mentions: [], links: [] } : inText;
  const all = [{ ...text, links: blocks.length === 0 ? text.links : [] }, ...blocks.map(liveIn)];
  return {
    mentions: [...new Set([...all.flatMap((live) => live.mentions), ...shouted])],
    links: [...new Set(all.flatMap((live) => live.links))],
  };
}

function liveIn(value: Json | undefined): Live {
  if (isList(value)) {
    return merged(value.map(liveIn));
  }
  if (!isObject(value)) {
    return { mentions: [], links: [] };
  }
  switch (value["type"]) {
    case "mrkdwn":
      return mrkdwnLive(textAt(value, "text"), { linksAddresses: value["verbatim"] !== true });
    case "markdown":
      return markdownLive(textAt(value, "text"));
    case "user":
      return { mentions: [textAt(value, "user_id")], links: [] };
    case "usergroup":
      return { mentions: [textAt(value, "usergroup_id")], links: [] };
    case "broadcast":
      return { mentions: [textAt(value, "range")], links: [] };
    default: {
      const links = ["url", "image_url"].map((key) => textAt(value, key)).filter((url) => url !== "");
      const inside = merged(Object.values(value).map(liveIn));
      return { mentions: inside.mentions, links: [...links, ...inside.links] };
    }
  }
}

function merged(all: readonly Live[]): Live {
  return { mentions: all.flatMap((live) => live.mentions), links: all.flatMap((live) => live.links) };
}

function blockText(block: JsonObject, workspace: Workspace): string {
  switch (block["type"]) {
    case "markdown":
      return markdownText(textAt(block, "text"));
    case "divider":
      return "---";
    case "image":
      return `(image: ${textAt(block, "alt_text")})`;
    case "task_card":
      return `(${textAt(block, "status")}) ${textAt(block, "title")}`;
    case "rich_text":
      return objectsAt(block, "elements")
        .map((element) => richText(element, workspace))
        .join("\n");
    case "table":
      return tableRows(block)
        .map((row) => row.map((cell) => cellText(cell, workspace)).join(" | "))
        .join("\n");
    case "input":
      return `${textOf(block["label"], workspace)}: ____`;
    case "section":
      return [
        textOf(block["text"], workspace),
        ...objectsAt(block, "fields").map((field) => textOf(field, workspace)),
        elementText(objectAt(block, "accessory") ?? {}, workspace),
      ]
        .filter((part) => part !== "")
        .join("\n");
    case "header":
      return textOf(block["text"], workspace);
    default:
      return objectsAt(block, "elements")
        .map((element) => elementText(element, workspace))
        .join(" ");
  }
}

function elementText(element: JsonObject, workspace: Workspace): string {
  switch (element["type"]) {
    case "plain_text":
    case "mrkdwn":
      return textOf(element, workspace);
    case "feedback_buttons":
      return ["positive_button", "negative_button"]
        .map((side) => `[${textOf(objectAt(element, side)?.["text"], workspace)}]`)
        .join(" ");
    case "image":
      return `(image: ${textAt(element, "alt_text")})`;
    case undefined:
      return "";
    default:
      return `[${textOf(element["text"] ?? element["placeholder"], workspace)}]`;
  }
}

function textOf(value: Json | undefined, workspace: Workspace): string {
  const text = textAt(value, "text");
  return isObject(value) && value["type"] === "mrkdwn" ? mrkdwnText(text, workspace) : text;
}

function tableRows(block: JsonObject): readonly (readonly JsonObject[])[] {
  const rows = block["rows"];
  return isList(rows) ? rows.filter(isList).map((row) => row.filter(isObject)) : [];
}

function cellText(cell: JsonObject, workspace: Workspace): string {
  return cell["type"] === "rich_text" ? blockText(cell, workspace) : textAt(cell, "text");
}

function richText(element: JsonObject, workspace: Workspace): string {
  const parts = objectsAt(element, "elements");
  switch (element["type"]) {
    case "rich_text_list": {
      const indent = "  ".repeat(Number(element["indent"] ?? 0));
      const first = Number(element["offset"] ?? 0) + 1;
      return parts
        .map(
          (item, index) =>
            `${indent}${element["style"] === "ordered" ? `${first + index}.` : "•"} ${richText(item, workspace)}`,
        )
        .join("\n");
    }
    case "rich_text_quote":
      return parts
        .map((part) => inlineText(part, workspace))
        .join("")
        .replaceAll(/^/gmu, "> ");
    default:
      return parts.map((part) => inlineText(part, workspace)).join("");
  }
}

function inlineText(element: JsonObject, workspace: Workspace): string {
  switch (element["type"]) {
    case "text":
      return textAt(element, "text");
    case "link": {
      const label = textAt(element, "text");
      const url = textAt(element, "url");
      return label === "" || label === url ? url : `${label} (${url})`;
    }
    case "user":
      return `@${workspace.people.get(textAt(element, "user_id"))?.name ?? textAt(element, "user_id")}`;
    case "channel":
      return `#${workspace.channels.get(textAt(element, "channel_id"))?.name ?? textAt(element, "channel_id")}`;
    case "broadcast":
      return `@${textAt(element, "range")}`;
    case "emoji":
      return `:${textAt(element, "name")}:`;
    default:
      return textAt(element, "fallback");
  }
}
