import type { Candidate } from "../answering/contract.js";
import { code, paragraph, strong, text } from "../commands/reply-blocks.js";
import type { Reply } from "../ports/reply.js";
import type { NewAnswer } from "../ports/stores.js";
import { helpTexts } from "./help-texts.js";

const MOST_REPEATED = 200;

/** What agents see of a draft: that it was not sent, how sure the bot is, what it answers, and how it is sent. */
export function suggestionReply(
  suggestionId: string,
  question: string,
  draft: Extract<Candidate, { kind: "draft" }>,
  { confidence, threshold }: Pick<NewAnswer, "confidence" | "threshold">,
): Reply {
  const short = question.length > MOST_REPEATED ? `${question.slice(0, MOST_REPEATED).trimEnd()}…` : question;
  const sure = ` Confidence ${percent(confidence)} %, needed ${percent(threshold)} %. For:`;
  return {
    blocks: [
      paragraph(strong(helpTexts.suggested), text(sure)),
      { kind: "quote", blocks: [paragraph(text(short))] },
      ...draft.blocks,
      paragraph(
        code("!send"),
        text(" sends it as your reply. To change it, write "),
        code("!send"),
        text(" and your wording."),
      ),
    ],
    citations: draft.citations,
    actions: [{ name: "send-suggestion", suggestionId }],
  };
}

function percent(share: number): number {
  return Math.round(share * 100);
}
