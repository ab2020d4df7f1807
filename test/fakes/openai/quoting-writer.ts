import type { WriteRequest } from "./request-rules.js";
import { writes, writesDraft, type Script } from "./scripts.js";

/**
 * Answers a prompt of ours as a careful model would: with the sentence of the passages that shares most words with the
 * question, and the number of its passage; or that there is no answer, where none shares any. Asked for a question, it
 * makes one of the customer's latest message by putting the message before it behind it.
 */
export function quoteFromPassages(request: WriteRequest): Script {
  const blocks = [...request.input.matchAll(/^BEGIN (\S+) \((.*)\)\n([\s\S]*?)\nEND \1$/gmu)];
  if (!asksForAnswer(request)) return rewritten(blocks);
  const question = wordsOf(blocks.find(([, , label]) => label?.startsWith("question") === true)?.[3] ?? "");
  const sentences = blocks.flatMap(([, , label, text]) => {
    const number = /^passage \[(\d+)\]$/u.exec(label ?? "")?.[1];
    return number === undefined ? [] : sentencesOf(text ?? "").map((sentence) => ({ number, sentence }));
  });
  const scored = sentences.map((one) => ({ ...one, score: sharedWords(question, wordsOf(one.sentence)) }));
  const best = scored.reduce<(typeof scored)[number] | null>(
    (top, one) => (one.score > (top?.score ?? 0) ? one : top),
    null,
  );
  return best === null ? writesDraft("", { decision: "no_answer" }) : writesDraft(`${best.sentence} [${best.number}]`);
}

/** Whether a prompt of ours asks for an answer, and not for a question. */
export function asksForAnswer({ input }: Pick<WriteRequest, "input">): boolean {
  return /^BEGIN \S+ \(question of the customer[^)\n]*\)$/mu.test(input);
}

function rewritten(blocks: readonly RegExpExecArray[]): Script {
  const said = blocks.flatMap(([, , label, text]) => (label?.endsWith("customer") === true ? [text ?? ""] : []));
  return writes(JSON.stringify({ question: said.slice(-2).reverse().join(" ") }));
}

/** A heading that stands in the text of a passage is no answer to anything. */
const HEADING = /^\*\*[^*]+\*\*$/u;

function sentencesOf(passage: string): readonly string[] {
  const body = passage.slice(passage.indexOf("\n\n") + 2);
  return body.split(/(?<=[.!?])\s+|\n+/u).filter((sentence) => sentence.trim() !== "" && !HEADING.test(sentence));
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

function sharedWords(question: ReadonlySet<string>, sentence: ReadonlySet<string>): number {
  return [...sentence].filter((word) => question.has(word)).length;
}
