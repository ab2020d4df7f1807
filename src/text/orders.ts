/** A text for a model names who it is for. */
const ADDRESSED =
  /\b(?:for|to|dear|attention|hey),? (?:the |any |all |every )?(?:ai|llm|language model|chat ?bot|(?:ai |virtual )?assistant|ai model)s?\b[^:.\n]{0,60}:/iu;
const SPOKEN_AS =
  /^[\W\d]*(?:ai|assistant|system|llm)\s?:(?=.*\b(?:say|tell|reveal|ignore|escalate|answer|reply|rules?|you (?:must|are|should))\b)/imu;

/** No reader of an article writes an answer to a question on it. */
const ABOUT_THE_ANSWER =
  /\b(?:include|mention|add|append|insert|write|put|say|use|show|output|repeat|render|provide|integrate|place|give|end)\b[^.!?\n]{0,160}\b(?:in|into|to|at the end of|with) your (?:answer|response)s?\b|\bwhen(?:ever)? (?:you (?:answer|respond|summari[sz]e)|summari[sz]ing)\b[^.\n]{0,60}\b(?:say|tell|add|append|include|show|write|mention)\b/iu;

const OVERRULING =
  /\b(?:ignore|disregard|forget|override)\b(?: (?:all|any|every|the|your|these|those|of|my))* (?:previous|prior|above|earlier|preceding|former) (?:\w+ )?(?:instruction|rule|prompt|direction|guideline|order)s?\b/iu;

/** How the words of a chat are marked for a model. */
const CHAT_MARKUP = /\[\/?INST\]|<\|(?:im_start|im_end|system|user|assistant)\|>|<<\/?SYS>>/iu;

/** A word of every order above: few texts have one, and every passage that is found is looked through. */
const MAY_BE_ORDER =
  /\bai\b|llm|assistant|system\s?:|language model|chat ?bot|your (?:answer|response)|you (?:answer|respond|summ)|summari|ignore|disregard|forget|override|\[\/?inst\]|<\||sys>>/i;

const ORDERS = [ADDRESSED, SPOKEN_AS, ABOUT_THE_ANSWER, OVERRULING, CHAT_MARKUP];

/** Paragraphs, list items and table rows, with what stands between them. */
const BLOCK_ENDS = /(\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t])|\n(?=\|))/u;

const SENTENCE_ENDS = /(?<=[.!?…。！？])\s+|\n/u;

export interface WithoutOrders {
  readonly text: string;
  /** How many sentences went with the parts that hold orders. */
  readonly taken: number;
}

/**
 * A document's text without the paragraphs, list items and table rows that speak to whoever writes the answer and not to
 * a reader. A second line of defence: it knows orders by their usual words, in English; what it does not know is still
 * data for the model, and still said with its source.
 */
export function withoutOrders(text: string): WithoutOrders {
  if (!MAY_BE_ORDER.test(text) || !isOrder(text)) return { text, taken: 0 };
  const parts = text.split(BLOCK_ENDS);
  const kept = parts.filter((part, index) => !isOrder(part) && !(index % 2 === 1 && isOrder(parts[index + 1] ?? "")));
  const taken = parts.filter((part, index) => index % 2 === 0 && isOrder(part));
  return { text: kept.join("").trim(), taken: taken.reduce((sum, part) => sum + countSentences(part), 0) };
}

function countSentences(text: string): number {
  return text.split(SENTENCE_ENDS).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence)).length;
}

function isOrder(text: string): boolean {
  return ORDERS.some((order) => order.test(text));
}
