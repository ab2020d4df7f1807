import type { AnswerRecord } from "../answering/evaluation/question-records.js";
import type { RegressionReport } from "./regression-gate.js";

type Judged = Pick<AnswerRecord, "id" | "question" | "answerable" | "isRight" | "decision" | "cited">;

/**
 * Which labelled questions are answered worse with an entry than without it, and how many better.
 * @param entryId of the entry: an answer from it is told as such
 */
export function compareAnswers(
  before: readonly Judged[],
  after: readonly Judged[],
  entryId: string,
): RegressionReport & { readonly kind: "checked" } {
  const later = new Map(after.map((one) => [one.id, one]));
  const pairs = before.flatMap((one) => {
    const other = later.get(one.id);
    return other === undefined ? [] : [[one, other] as const];
  });
  const worse = pairs
    .filter(([one, other]) => isFine(one) && !isFine(other))
    .map(([one, other]) => ({ question: one.question, before: inWords(one, entryId), after: inWords(other, entryId) }));
  const better = pairs.filter(([one, other]) => !isFine(one) && isFine(other)).length;
  return { kind: "checked", questions: pairs.length, worse, better };
}

/** Answered from a document that is labelled as right; or, where none is, left to a person. */
function isFine({ answerable, isRight, decision }: Judged): boolean {
  return answerable ? isRight && decision === "answer" : decision !== "answer";
}

function inWords({ decision, cited: [first] }: Judged, entryId: string): string {
  switch (decision) {
    case "answer":
      return `answered from ${first === entryId ? "this" : (first ?? "nothing")}`;
    case "ask-back":
      return "asked back";
    case "hand-off":
      return "handed to a person";
  }
}
