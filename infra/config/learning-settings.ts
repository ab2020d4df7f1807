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
    gapReport: gapReportSchema,
  })
  .describe("What becomes of what agents answered.");
