import { expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { handoffCard } from "../../../src/handoff/handoff-card.js";
import { newId } from "../../../src/ports/ids.js";
import { says } from "../../fakes/scripted-answer-model.js";
import { answerWith } from "../answering/answering-scene.js";

async function cardFor(question: string): Promise<string> {
  const { result } = await answerWith({ confidence: 0.2, request: { question }, scripts: [says("I do not know.")] });
  const unsaid = { words: null, before: [], team: null, due: "" };
  const { answer, tried } = result;
  const reason = answer.reason === "user-asked" ? "user-asked" : "low-confidence";
  return replyText(
    handoffCard({ handoffId: newId(), customerName: "Cora", question, reason, answer, tried, ...unsaid }),
  );
}

it("says how sure the bot was only where it has looked for an answer", async () => {
  await expect(cardFor("I want to talk to a human")).resolves.not.toMatch(/Confidence|needed/u);
  await expect(cardFor("How long does standard delivery take?")).resolves.toMatch(/Confidence 20 %, needed \d+ %\./u);
});
