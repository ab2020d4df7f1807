import {
  FAULT_LABELS,
  FAULT_WORDS_LABEL,
  HANDOFF_LABELS,
  SAY_WHY_LABEL,
  REVIEW_LABELS,
  SEND_LABEL,
} from "../../src/handoff/action-labels.js";
import { cleanText } from "../../src/answering/text/clean-text.js";
import { LONGEST_FAULT_WORDS } from "../../src/ports/answer-cases.js";
import { LONGEST_LEARNED } from "../../src/ports/candidates.js";
import type { OutgoingMessage, Speaker } from "../../src/ports/chat.js";
import { assertNever } from "../../src/ports/errors.js";
import { isHandoffCard, type Citation, type ReplyAction } from "../../src/ports/reply.js";
import { LONGEST_RATING_WORDS } from "../../src/ports/ratings.js";
import { placeOf } from "../../src/text/place-of.js";
import type { OutgoingActivity } from "./bot-connector.js";
import { escapeText, linksOf, linkTo, renderBlocks, webAddress, type TeamsText } from "./render-text.js";
import { splitText } from "./split-text.js";

/** Teams refuses messages of about 100 KB, counted as UTF-16, with all that belongs to them. */
export const ACTIVITY_LIMIT = 80 * 1024;
/** More citations in one message are refused. */
const MAX_CITATIONS = 20;
const MAX_NAME = 80;
const MAX_ABSTRACT = 160;
/** Room for the text of one message when its citations and its card are as large as they get. */
const TEXT_LIMIT = 24_000;

type Rendering = Pick<OutgoingMessage, "reply" | "speaker">;

/** A reply as Teams messages: one, or as many as its length needs. Never empty; nothing of the reply is left out. */
export function renderActivities({ reply, speaker }: Rendering): readonly [OutgoingActivity, ...OutgoingActivity[]] {
  const [first = NOTHING, ...others] = textParts({ reply, speaker });
  // Nobody could take over from a card whose last part did not arrive; what follows an answer stands at its end.
  const withActions = isHandoffCard(reply) ? 0 : others.length;
  const toActivity = (part: TeamsText, index: number): OutgoingActivity =>
    messageActivity(part, reply.citations, {
      isGenerated: isGenerated({ reply, speaker }),
      actions: index === withActions ? reply.actions : [],
    });
  return [toActivity(first, 0), ...others.map((part, index) => toActivity(part, index + 1))];
}

/** What a stream shows of the bot's text so far; null when it has become too long to go on. */
export function renderStreamed(blocks: Rendering["reply"]["blocks"]): string | null {
  const text = joined(renderBlocks(blocks, new Set())).markdown;
  return text.length > TEXT_LIMIT ? null : text;
}

const NOTHING: TeamsText = { markdown: "…", cited: [] };

function textParts({ reply, speaker }: Rendering): readonly TeamsText[] {
  const said = speakerLine(speaker);
  const blocks = renderBlocks(reply.blocks, linksOf(reply.citations));
  const rest = uncitable(reply.citations);
  const all = [...said, ...blocks, ...rest].filter(({ markdown }) => markdown.trim() !== "");
  return pack(all.flatMap((part) => splitText(part, TEXT_LIMIT)));
}

/** The bot speaks as itself; whose words it passes on is said by us, not by them. */
function speakerLine({ role, name }: Speaker): readonly TeamsText[] {
  switch (role) {
    case "bot":
      return [];
    case "agent":
      return [{ markdown: `**${escapeText(name)}** (support team):`, cited: [] }];
    case "customer":
      return [{ markdown: `**${escapeText(name)}** (customer):`, cited: [] }];
    default:
      return assertNever(role);
  }
}

/** Sources beyond what one message may cite are listed in words. */
function uncitable(citations: readonly Citation[]): readonly TeamsText[] {
  return citations.slice(MAX_CITATIONS).map((citation) => {
    const link = webAddress(citation);
    const place = escapeText(placeOf(citation));
    return { markdown: `\\[${citation.number}\\] ${link === null ? place : linkTo(link, place)}`, cited: [] };
  });
}

function pack(parts: readonly TeamsText[]): readonly TeamsText[] {
  const packed: TeamsText[] = [];
  for (const part of parts) {
    const before = packed.at(-1);
    if (before !== undefined && before.markdown.length + part.markdown.length + 2 <= TEXT_LIMIT) {
      packed[packed.length - 1] = joined([before, part]);
    } else {
      packed.push(part);
    }
  }
  return packed;
}

function joined(parts: readonly TeamsText[]): TeamsText {
  return {
    markdown: parts.map(({ markdown }) => markdown).join("\n\n"),
    cited: parts.flatMap(({ cited }) => cited),
  };
}

/**
 * Whether a reply is an answer that a model wrote or that was put together from sources: those alone ask whether they
 * helped, or cite. Commands' replies and notices are fixed sentences, a handoff card is put together by rule, and what the
 * bot relays was said by a person.
 */
function isGenerated({ reply, speaker }: Rendering): boolean {
  const offers = (...names: readonly ReplyAction["name"][]) => reply.actions.some(({ name }) => names.includes(name));
  if (speaker.role !== "bot" || isHandoffCard(reply)) return false;
  return offers("helpful", "not-helpful") || reply.citations.length > 0;
}

interface Extras {
  readonly isGenerated: boolean;
  readonly actions: readonly ReplyAction[];
}

function messageActivity(part: TeamsText, citations: readonly Citation[], extras: Extras): OutgoingActivity {
  const cited = citations.slice(0, MAX_CITATIONS).filter(({ number }) => part.cited.includes(number));
  return {
    type: "message",
    text: part.markdown,
    textFormat: "markdown",
    ...(cited.length === 0 && !extras.isGenerated ? {} : { entities: [messageEntity(cited, extras.isGenerated)] }),
    ...(extras.actions.length === 0 ? {} : { attachments: [actionsCard(extras.actions)] }),
  };
}

/** Teams takes one such entity in a message: it carries the sources and says that the text was generated. */
function messageEntity(cited: readonly Citation[], isGenerated: boolean) {
  return {
    type: "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    ...(isGenerated ? { additionalType: ["AIGeneratedContent"] } : {}),
    ...(cited.length === 0 ? {} : { citation: cited.map(claimOf) }),
  };
}

function claimOf(citation: Citation) {
  const url = webAddress(citation);
  return {
    "@type": "Claim",
    position: citation.number,
    appearance: {
      "@type": "DigitalDocument",
      name: shortened(citation.title, MAX_NAME, citation),
      abstract: shortened(placeOf(citation), MAX_ABSTRACT, citation),
      ...(url === null ? {} : { url }),
    },
  };
}

function shortened(text: string, limit: number, { number }: Citation): string {
  const line = cleanText(text).replaceAll(/\s+/gu, " ").trim();
  if (line === "") return `Source ${number}`;
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/u, "")}…`;
}

/** What is typed about an answer that did not help. */
export const FAULT_FIELD = "faultWords";
/** What a candidate is to answer. */
export const ANSWER_FIELD = "answer";

const TITLES: Readonly<Record<Exclude<ReplyAction["name"], "rate" | "fault" | "review">, string>> = {
  human: "Talk to a person",
  helpful: "Helpful",
  "not-helpful": "Not helpful",
  "fault-words": "Send",
  "review-edit": "Save this answer",
  ...HANDOFF_LABELS,
  "say-why": SAY_WHY_LABEL,
  "send-suggestion": SEND_LABEL,
  "confirm-command": "Confirm",
};

/** Buttons with something to type above them. */
const TYPED: ReadonlySet<ReplyAction["name"]> = new Set(["say-why", "fault-words", "review-edit"]);

/** Teams sends what was typed beside what the pressed button carries. */
const WORDS_INPUT = {
  type: "Input.Text",
  id: "words",
  label: SAY_WHY_LABEL,
  isMultiline: true,
  maxLength: LONGEST_RATING_WORDS,
} as const;

/** A card of buttons. What a press carries names a thing; who may do it is decided when it comes back. */
function actionsCard(actions: readonly ReplyAction[]) {
  const typed = actions.filter(({ name }) => TYPED.has(name));
  const choices = actions.filter(({ name }) => !TYPED.has(name));
  return {
    contentType: "application/vnd.microsoft.card.adaptive",
    content: {
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      type: "AdaptiveCard",
      version: "1.5",
      body: [
        ...(choices.length === 0 ? [] : [actionSet(choices)]),
        ...typed.flatMap((action) => [inputFor(action), actionSet([action])]),
      ],
    },
  };
}

function actionSet(actions: readonly ReplyAction[]) {
  return {
    type: "ActionSet",
    actions: actions.map((action) => ({
      type: "Action.Execute",
      title: titleOf(action),
      verb: action.name,
      data: { action },
    })),
  };
}

function titleOf(action: ReplyAction): string {
  if (action.name === "rate") return String(action.rating);
  if (action.name === "review") return REVIEW_LABELS[action.verdict];
  return action.name === "fault" ? FAULT_LABELS[action.fault] : TITLES[action.name];
}

function inputFor(action: ReplyAction) {
  if (action.name === "say-why") return WORDS_INPUT;
  const input = { type: "Input.Text", isMultiline: true };
  if (action.name === "review-edit") {
    const { answer: value } = action;
    return { ...input, id: ANSWER_FIELD, label: REVIEW_LABELS.edit, maxLength: LONGEST_LEARNED.answer, value };
  }
  return { ...input, id: FAULT_FIELD, label: FAULT_WORDS_LABEL, maxLength: LONGEST_FAULT_WORDS };
}
