import type { SlackMessage } from "./slack-api.js";
import { slackToMarkdown } from "./slack-markdown.js";
import type { Wording } from "./slack-markdown.js";
import { maskEmails, maskNames, maskPhones } from "../../src/text/personal-data.js";

/** Who may accept an answer, and by what. */
export interface AcceptanceRules {
  readonly accepted: ReadonlySet<string>;
  readonly experts: ReadonlySet<string>;
}

/** What people say; all else, such as joins, topics, posts of apps and what is left of a deleted message, is none. */
const SPOKEN: ReadonlySet<string | null> = new Set([null, "file_share", "thread_broadcast", "me_message"]);

export function isSpoken({ subtype, isFromBot, user }: SlackMessage): boolean {
  return SPOKEN.has(subtype) && !isFromBot && user !== null;
}

/** A message that may begin a thread with an answer. */
export function isAskedQuestion(message: SlackMessage): boolean {
  const isRoot = message.threadTs === null || message.threadTs === message.ts;
  return isRoot && isSpoken(message) && message.replyCount > 0 && isQuestion(message.text);
}

const WITHOUT_WORDS = /```[\s\S]*?```|`[^`\n]*`|<[^<>\n]+>/gu;
// How questions begin in the languages that are read: people in a hurry leave the question mark out.
const BEGINNING =
  /^(?:how|what|why|when|where|who|which|can|could|does|do|is|are|should|anyone|anybody|wie|was|warum|wann|wo|wer|welche[rs]?|kann|können|comment|pourquoi|quand|où|qui|quel(?:le)?s?|est-ce|cómo|qué|por qué|cuándo|dónde|quién|come|cosa|perché|quando|dove|chi|hoe|wat|waarom|wanneer|waar|como|porquê|onde)(?=\s)/iu;

export function isQuestion(text: string): boolean {
  const words = text.replace(WITHOUT_WORDS, " ");
  return /[?？؟]/u.test(words) || words.split(/[.,!:\n]+/u).some((part) => BEGINNING.test(part.trim()));
}

/** Answers that the asker or an expert accepted, oldest first. @param replies without their root */
export function acceptedAnswers(
  root: SlackMessage,
  replies: readonly SlackMessage[],
  { accepted, experts }: AcceptanceRules,
): readonly SlackMessage[] {
  const mayAccept = (user: string): boolean => user === root.user || experts.has(user);
  return replies.filter(
    (reply) =>
      isSpoken(reply) &&
      reply.reactions.some(({ name, users }) => accepted.has(name.split("::")[0] ?? name) && users.some(mayAccept)),
  );
}

export interface ThreadText {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

export interface ThreadPeople {
  readonly asker: string;
  readonly botUserId: string;
  /** What those who take part and are mentioned are called. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** Null when an answer says nothing in words, for example where it is only a picture. */
export function threadText(
  root: SlackMessage,
  answers: readonly SlackMessage[],
  people: ThreadPeople,
): ThreadText | null {
  const wording = wordingFor(people);
  const question = slackToMarkdown(withoutGreeting(root.text), wording);
  const said = answers
    .map((answer) => slackToMarkdown(withoutGreeting(answer.text), wording))
    .filter((one) => one !== "");
  const title = titleOf(question);
  if (said.length === 0 || title === "") return null;
  const whole = plain(question);
  const asked = whole === title ? [] : [question.replace(/^/gmu, "> ")];
  return { title, text: [...asked, ...said].join("\n\n") };
}

/** Calls at the beginning are no part of what is said. */
function withoutGreeting(text: string): string {
  return text.replace(/^(?:\s*<[@!][^<>\n]+>[\s,:]*)+/u, "");
}

const MENTION = /<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>/gu;

export function mentionedIn(text: string): readonly string[] {
  return [...text.matchAll(MENTION)].map((match) => match[1] ?? "");
}

function wordingFor({ asker, botUserId, names }: ThreadPeople): Wording {
  const role = (user: string): string =>
    user === asker ? "the asker" : user === botUserId ? "the bot" : "a colleague";
  const people = [...names].map(([user, called]) => ({ names: called, role: role(user) }));
  return {
    person: (mention) => role(mention),
    words: (text) => maskPhones(maskNames(text, people)),
    everything: maskEmails,
  };
}

const TITLE_CHARACTERS = 200;

/** The first sentence that asks, else the first one. */
function titleOf(question: string): string {
  const sentences = plain(question).match(/[^.!?？؟\n]+(?:[.!?？؟](?!\s|$)[^.!?？؟\n]*)*[.!?？؟]*/gu) ?? [];
  const trimmed = sentences.map((sentence) => sentence.trim()).filter((sentence) => /\p{L}/u.test(sentence));
  const title = trimmed.find(isQuestion) ?? trimmed[0] ?? "";
  if (title.length <= TITLE_CHARACTERS) return title;
  const cut = title.slice(0, TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), TITLE_CHARACTERS / 2))} …`;
}

/** Without Markdown's marks. */
function plain(markdown: string): string {
  return markdown
    .replace(/```[\s\S]*?```/gu, " ")
    .replace(/^(?:> |- |\\(?=[#=-]))/gmu, "")
    .replace(/\*\*|~~|`|[<>]/gu, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/[ \t]+/gu, " ")
    .replace(/ ?\n\s*/gu, "\n")
    .trim();
}
