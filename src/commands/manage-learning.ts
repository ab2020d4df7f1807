import { articleChange } from "../learning/article-change.js";
import { articleDone, edit, reject, split, type ReviewDesk, type Reviewer } from "../learning/review.js";
import { codeOf } from "../ports/confirmations.js";
import { assertNever } from "../ports/errors.js";
import type { CaseCommand, LearningCommand } from "./learning-command.js";
import { articleDoneReply, articleDiffReply, candidateReply, candidatesReply } from "./learning-replies.js";
import type { Managed } from "./manage-knowledge.js";
import { code, paragraph, reply, text } from "./reply-blocks.js";

/** All but approving, after which the source of what was learned is synced. */
export type LearningReview = Exclude<LearningCommand, CaseCommand | { kind: "learn-approve" | "learn-force" | "gaps" }>;

/** Does what people do with candidates. Rejects with messages for whoever asked. */
export async function manageLearning(
  desk: ReviewDesk,
  who: Reviewer,
  command: LearningReview,
  signal: AbortSignal,
): Promise<Managed> {
  switch (command.kind) {
    case "learn-list": {
      const listed = await desk.withCandidates(who.tenantId, (candidates) => candidates.list(command.state));
      return { reply: candidatesReply(listed, command.state), data: listed };
    }
    case "learn-show": {
      const shown = await desk.withCandidates(who.tenantId, (candidates) => candidates.lock(command.candidate));
      const change = await articleChange(desk, who, shown, signal);
      if (command.isDiff) return { reply: articleDiffReply(shown, change), data: change };
      return { reply: candidateReply(shown, change), data: { ...shown, change } };
    }
    case "learn-edit": {
      const edited = await edit(desk, who, { ...command, code: command.candidate });
      return { reply: candidateReply(edited, await articleChange(desk, who, edited, signal)), data: edited };
    }
    case "learn-done": {
      const done = await articleDone(desk, who, command.candidate);
      return { reply: articleDoneReply(done), data: done };
    }
    case "learn-split": {
      const parted = await split(desk, who, { ...command, code: command.candidate });
      const id = codeOf(parted.out.candidateId);
      const words = `"${parted.out.question}" is a candidate of its own now. `;
      return { reply: reply(paragraph(text(words), code(`learn show ${id}`))), data: parted };
    }
    case "learn-reject": {
      const rejected = await reject(desk, who, { ...command, code: command.candidate });
      return { reply: candidateReply(rejected, null), data: rejected };
    }
    default:
      return assertNever(command);
  }
}
