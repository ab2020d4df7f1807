import type { ConversationTurn } from "../../ports/models.js";
import { claimedNumbers, exactTokens, numbersIn } from "../grounding/facts.js";
import { isFixedText } from "../fixed-texts.js";
import { cleanText } from "../text/clean-text.js";
import { contentWordsOf } from "../text/words.js";
import type { PackedPassage } from "./pack.js";

/** What a question back may speak of. */
export interface KnownWords {
  readonly question: string;
  readonly history: readonly ConversationTurn[];
  readonly passages: readonly PackedPassage[];
}

const MAX_CHARACTERS = 200;
const QUESTION_MARK_AT_END = /[?？؟]$/u;
const CITATION_MARK = /\s*\[\d{1,3}\]/gu;
/** Links, mentions and markup have no place in a question of one line. */
const MARKUP = /:\/\/|www\.|[<>[\]`*_|{}\\@\n]/u;
/** No document makes the bot ask for what nobody should write into a chat. */
const SECRET =
  /pass[- ]?(?:word|code|phrase)|\bpins?\b|\botp\b|\bcvv\b|\bcvc\b|\biban\b|(?:credit|debit)[- ]?card|card (?:number|details)|security code|social security|api[- ]?key|\btokens?\b|passwor|kennwort|kreditkarte|mot de passe|carte (?:bancaire|de crédit)|contraseña|tarjeta|senha|cartão|carta di credito|wachtwoord|creditcard/iu;
/** Of the words that carry a topic, this share must be in the question, the conversation or the passages. */
const MIN_KNOWN_SHARE = 0.5;

/**
 * The question back as it may be shown, or null: one short question, without links, and with no number, code, address or
 * topic that neither the customer nor a passage has brought up.
 */
export function clarifyingQuestion(draft: string, { question, history, passages }: KnownWords): string | null {
  const text = cleanText(draft).replaceAll(CITATION_MARK, "").trim();
  if (text.length > MAX_CHARACTERS || !QUESTION_MARK_AT_END.test(text)) return null;
  if (MARKUP.test(text) || SECRET.test(text)) return null;
  const known = [
    question,
    ...history.map((turn) => turn.text),
    ...passages.flatMap(({ prompt }) => [prompt.title, ...prompt.headingPath, prompt.text]),
  ].join("\n");
  return bringsUpOnly(known, text) ? text : null;
}

function bringsUpOnly(known: string, text: string): boolean {
  const tokens = exactTokens(known);
  const numbers = numbersIn(known);
  if ([...exactTokens(text)].some((token) => !tokens.has(token))) return false;
  if (claimedNumbers(text).some((number) => !numbers.has(number))) return false;
  const words = new Set(contentWordsOf(known));
  const own = [...new Set(contentWordsOf(text))];
  return own.length > 0 && own.filter((word) => words.has(word)).length >= own.length * MIN_KNOWN_SHARE;
}

/**
 * Whether the bot's last words asked the customer something. An answer has citation marks, and the sentence of a handoff
 * asks nothing, so that only questions back and fixed texts are left.
 */
export function hasJustAskedBack(history: readonly ConversationTurn[]): boolean {
  const last = history.findLast(({ role }) => role === "bot")?.text.trim() ?? "";
  if (isFixedText("greeting", last)) return false;
  return isFixedText("ask-back", last) || (QUESTION_MARK_AT_END.test(last) && last.search(CITATION_MARK) === -1);
}
