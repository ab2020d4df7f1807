import { expect, it } from "vitest";
import { questionWords, topicWords } from "../../../../src/answering/confidence/question-words.js";

it("fits nothing for words that every question has, and still knows them", () => {
  const question = "How do I mute my notifications?";
  expect(topicWords(question)).toEqual(["mute", "notif"]);
  expect(questionWords(question)).toEqual(expect.arrayContaining([...topicWords(question), "how"]));
});
