import { answersReport, type AnswersRun } from "../../../src/answering/evaluation/evaluate-answers.js";
import { retrievalReport, type RetrievalRun } from "../../../src/answering/evaluation/evaluate-retrieval.js";
import { mulberry32 } from "../../../src/answering/evaluation/bootstrap.js";
import type { AnswerRecord, RetrievalRecord } from "../../../src/answering/evaluation/question-records.js";

export function answerRecord(number: number, changes: Partial<AnswerRecord> = {}): AnswerRecord {
  return {
    id: `q${number}`,
    question: `How do I do thing ${number}?`,
    answerable: true,
    groups: { kind: number % 2 === 0 ? "faq" : "manual" },
    grades: { [`page ${number}`]: 2 },
    confidence: 0.5,
    decision: "answer",
    isRight: true,
    cited: [`page ${number}`],
    text: `Press button ${number}.`,
    isGoldFound: null,
    ...changes,
  };
}

export function answersRun(questions: readonly AnswerRecord[]): AnswersRun {
  return { kind: "answers", figures: answersReport(questions), questions };
}

/** Questions whose confidence says something of whether the answer is right; the same for a seed. */
export function randomAnswers(count: number, seed = 1): readonly AnswerRecord[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, index) => {
    const confidence = random();
    const isRight = random() < confidence;
    const cited = isRight ? [`page ${index}`] : ["another page"];
    return answerRecord(index, { confidence, isRight, cited, decision: confidence < 0.5 ? "hand-off" : "answer" });
  });
}

export function retrievalRecord(number: number, changes: Partial<RetrievalRecord> = {}): RetrievalRecord {
  return {
    id: `q${number}`,
    question: `Where is thing ${number}?`,
    answerable: true,
    groups: {},
    asked: `Where is thing ${number}?`,
    grades: { [`page ${number}`]: 2 },
    ranked: [`page ${number}`, "another page"],
    ms: 5,
    ...changes,
  };
}

export function retrievalRun(questions: readonly RetrievalRecord[]): RetrievalRun {
  return { kind: "retrieval", figures: retrievalReport(questions, 0), questions };
}
