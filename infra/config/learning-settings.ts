import { z } from "zod";
import { gapReportSchema } from "./gap-report-settings.js";

export const learningSchema = z
  .strictObject({
    evaluationSet: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .meta({ examples: ["./labelled"] })
      .describe(
        "A folder with labelled questions, as `deskhand eval answers` reads it. They are asked before what was learned is published; what makes answers to them worse is refused. null: nothing is checked.",
      ),
    cardsFrom: z
      .int()
      .min(1)
      .max(1_000)
      .nullable()
      .default(null)
      .describe(
        "Out of how many handoffs a candidate must have come to be shown in the agents' channel of Slack or Teams, with buttons to approve, edit and reject it; 1: each. null: none is shown.",
      ),
    gapReport: gapReportSchema,
  })
  .describe("What becomes of what agents answered.");
