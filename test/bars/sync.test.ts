import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testServerUrl } from "../support/database.js";
import { measure } from "./measure.js";

const dataDirectory = process.env["TEST_DATA_DIR"];

const figuresSchema = z.looseObject({
  pages: z.number(),
  first: z.looseObject({ ratio: z.number(), failed: z.number() }),
  same: z.looseObject({ s_per_1000: z.number(), inputs: z.number() }),
  changed: z.looseObject({ pages: z.number(), sentences: z.number(), inputs_per_sentence: z.number() }),
  parse_chunk_mb_per_s: z.number(),
  rss_mb: z.object({ start: z.number(), max: z.number(), end: z.number() }),
  ack_ms: z.looseObject({ n: z.number(), p99: z.number(), errors: z.number() }),
});

describe.skipIf(testServerUrl === undefined || dataDirectory === undefined)(
  "a sync of 4,140 pages (needs TEST_DATABASE_URL and TEST_DATA_DIR)",
  () => {
    test(
      "embeds nothing twice and one or two chunks for a changed sentence, and gets no slower, larger or more in the way",
      { timeout: 1_200_000 },
      async () => {
        const printed = await measure(["bench", "sync", "--dir", join(dataDirectory ?? "", "kb-scale")], {
          DATABASE_URL: testServerUrl ?? "",
        });
        console.log(JSON.stringify(printed));
        const { pages, first, same, changed, ...figures } = figuresSchema.parse(printed);
        expect(pages).toBe(4_140);
        expect(first.failed).toBe(0);
        expect(first.ratio).toBeLessThanOrEqual(1.5);
        expect(same.inputs).toBe(0);
        expect(same.s_per_1000).toBeLessThanOrEqual(0.25);
        expect(changed.pages).toBe(changed.sentences);
        expect(changed.sentences).toBe(41);
        expect(changed.inputs_per_sentence).toBeLessThanOrEqual(2);
        expect(figures.parse_chunk_mb_per_s).toBeGreaterThanOrEqual(2);
        expect(figures.rss_mb.max).toBeLessThanOrEqual(350);
        expect(figures.ack_ms.errors).toBe(0);
        expect(figures.ack_ms.n).toBeGreaterThan(100);
        expect(figures.ack_ms.p99).toBeLessThanOrEqual(300);
      },
    );
  },
);
