/** What stands in place of what must not be told. */
export interface Wording {
  /** In place of a mention. */
  person(userId: string): string;
  /** Words as they were written, without code and links. */
  words(text: string): string;
  /** All that is left, also code and links. */
  everything(text: string): string;
}

// Characters that nobody writes mark where a finished piece goes.
const OPEN = "\uE000";
const CLOSE = "\uE001";
const MARKS = /[\uE000\uE001]/gu;
const PLACE = /\uE000(\d+)\uE001/gu;

const FENCED = /```([\s\S]*?)```/gu;
const INLINE = /`([^`\n]+)`/gu;
const ENTITY = /<([^<>\n]+)>/gu;

/**
 * Slack's mrkdwn as Markdown. Links become text with their address, mentions become roles. `<`, `>` and `&` stay escaped as
 * Slack sends them, which Markdown reads the same; in code they are resolved.
 */
export function slackToMarkdown(text: string, wording: Wording): string {
  const pieces: string[] = [];
  const keep = (piece: string): string => `${OPEN}${pieces.push(piece) - 1}${CLOSE}`;
  const marked = text
    .replace(MARKS, "")
    .replace(/\r\n?/gu, "\n")
    .replace(
      FENCED,
      (_, code: string) => `\n${keep(`\`\`\`\n${unescaped(code).replace(/^\n+|\s+$/gu, "")}\n\`\`\``)}\n`,
    )
    .replace(INLINE, (_, code: string) => keep(`\`${unescaped(code)}\``))
    .replace(ENTITY, (_, entity: string) => entityText(entity, wording, keep));
  const lines = wording.words(marked).split("\n").map(lineOf);
  const whole = joined(lines).replace(PLACE, (_, index: string) => pieces[Number(index)] ?? "");
  return wording
    .everything(whole)
    .replace(/\n{3,}/gu, "\n\n")
    .trim();
}

function entityText(entity: string, wording: Wording, keep: (piece: string) => string): string {
  const bar = entity.indexOf("|");
  const target = bar < 0 ? entity : entity.slice(0, bar);
  const label = bar < 0 ? "" : entity.slice(bar + 1).trim();
  switch (target.charAt(0)) {
    case "@":
      return keep(wording.person(target.slice(1)));
    case "#":
      return label === "" ? "a channel" : `#${label}`;
    case "!":
      return specialText(target, label);
    default:
      return linkText(target, label, keep);
  }
}

/** `@here` and the like call people who are long gone elsewhere. */
function specialText(target: string, label: string): string {
  if (target.startsWith("!subteam")) return "the team";
  return target.startsWith("!date") ? label : "";
}

function linkText(target: string, label: string, keep: (piece: string) => string): string {
  if (target.startsWith("mailto:")) return "[e-mail address]";
  if (target.startsWith("tel:")) return "[phone number]";
  const address = unescaped(target);
  if (!/^https?:\/\/[^\s<>]+$/iu.test(address)) return label === "" ? target : label;
  const link = keep(`<${address}>`);
  return label === "" || label === target || address.endsWith(`//${label}`) ? link : `${label} (${link})`;
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const BOLD = /(^|[\s([{"'])\*(\S|\S[^*\n]*?\S)\*(?=$|[\s.,;:!?)\]}"'])/gu;
const STRUCK = /(^|[\s([{"'])~(\S|\S[^~\n]*?\S)~(?=$|[\s.,;:!?)\]}"'])/gu;
const EMOJI = /(^|[^\w:/]):[a-z][a-z0-9_+'-]*:(?:skin-tone-\d:)?(?![\w/])/gu;

function lineOf(line: string): string {
  return line
    .replace(EMOJI, "$1")
    .replace(BOLD, "$1**$2**")
    .replace(STRUCK, "$1~~$2~~")
    .replace(/^\s*[•◦▪]\s*/u, "- ")
    .replace(/^&gt;(?:&gt;)* ?/u, "> ")
    .replace(/^(\s*)(#{1,6}\s|[-=]{2,}\s*$)/u, "$1\\$2")
    .trimEnd();
}

const BLOCK = /^\s*(?:[-*+>]\s|\d+[.)]\s|\uE000\d+\uE001$)/u;

/** A line end in Slack is one in Markdown too, which would otherwise join the lines. */
function joined(lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      const next = lines[index + 1];
      const isPlain = line !== "" && next !== undefined && next !== "" && !BLOCK.test(line) && !BLOCK.test(next);
      return isPlain ? `${line}  ` : line;
    })
    .join("\n");
}
