import { expect, it } from "vitest";
import { foundPassage } from "../../../src/learning/found-passage.js";
import { newId } from "../../../src/ports/ids.js";

const cited = { documentId: newId(), chunkId: newId() };
const first = { documentId: newId(), chunkId: newId() };

function trace(confidence: number, citations: readonly unknown[]) {
  return [
    { stage: "retrieve", output: { passages: [first, cited] } },
    { stage: "confidence", output: { value: confidence } },
    { stage: "decide", output: { decision: "hand-off", citations } },
  ];
}

it("an article is what the answer cites first, or else what was found first, where that is close", () => {
  expect(foundPassage(trace(0.4, [cited]))).toEqual(cited);
  expect(foundPassage(trace(0.4, []))).toEqual(first);
  expect(foundPassage(trace(0.1, [cited]))).toBeNull();
});

it("a trace whose words the customer has deleted has none", () => {
  expect(foundPassage(trace(0.4, [cited]).map(({ stage }) => ({ stage, output: {} })))).toBeNull();
  expect(foundPassage([])).toBeNull();
});
