import { describe, expect, test } from "vitest";
import { testServerUrl } from "../support/database.js";
import { measure } from "./measure.js";

describe.skipIf(testServerUrl === undefined)(
  "a search in 10,000 chunks of 512 dimensions (needs TEST_DATABASE_URL)",
  () => {
    // Milliseconds depend on the machine and what else it does: the ratio is the guard, the figures are printed.
    test("takes at most 1.5 times as long as bare statements, reads no table whole and finds what an exact one finds", async () => {
      const figures = await measure(["bench", "retrieval"], { DATABASE_URL: testServerUrl ?? "" });
      console.log(JSON.stringify(figures));
      expect(figures["sequential_scan"]).toBe(false);
      expect(figures["recall_at_20"]).toBeGreaterThanOrEqual(0.95);
      expect(figures["kept_at_20"]).toBeGreaterThanOrEqual(0.9);
      expect(figures["ratio"]).toBeLessThanOrEqual(1.5);
    });
  },
);
