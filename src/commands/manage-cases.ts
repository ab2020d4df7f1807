import { labelCase, labelledCases, type CaseDesk, type CaseReviewer } from "../learning/label-case.js";
import type { CaseLabel } from "../ports/answer-cases.js";
import { assertNever } from "../ports/errors.js";
import { plainReply } from "../ports/reply.js";
import { caseReply, casesReply } from "./case-replies.js";
import { count } from "./counted.js";
import type { CaseCommand } from "./learning-command.js";
import type { Managed } from "./manage-knowledge.js";

/** Does what people do with answers that did not help. Rejects with messages for whoever asked. */
export async function manageCases(desk: CaseDesk, who: CaseReviewer, command: CaseCommand): Promise<Managed> {
  switch (command.kind) {
    case "learn-cases": {
      const listed = await desk.withCases(who.tenantId, (cases) => cases.list(command.state, who.audience));
      return { reply: casesReply(listed, command.state), data: listed };
    }
    case "learn-case": {
      const shown = await desk.withCases(who.tenantId, (cases) => cases.lock(command.case, who.audience));
      return { reply: caseReply(shown), data: shown };
    }
    case "learn-label": {
      const labelled = await labelCase(desk, who, command.case, labelOf(command));
      return { reply: caseReply(labelled), data: labelled };
    }
    case "learn-export": {
      const exported = await labelledCases(desk, who, command.withCorpus);
      return { reply: plainReply(count(exported.queries.length, "labelled question")), data: exported };
    }
    default:
      return assertNever(command);
  }
}

function labelOf({ verdict, source, document }: Extract<CaseCommand, { kind: "learn-label" }>): CaseLabel | null {
  if (verdict === "dismiss") return null;
  if (source === null || document === null) return { document: null };
  return { document: { source, externalId: document } };
}
