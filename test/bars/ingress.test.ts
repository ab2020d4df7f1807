import { describe, expect, test } from "vitest";
import { z } from "zod";
import { canDeploy } from "../support/deployment.js";
import { testServerUrl } from "../support/database.js";
import { testRedisUrl } from "../support/redis.js";
import { measure } from "./measure.js";

const phaseSchema = z.looseObject({
  per_s: z.number(),
  n: z.number(),
  p99_ms: z.number(),
  errors: z.record(z.string(), z.number()),
  lost: z.number(),
  duplicated: z.number(),
});
const figuresSchema = z.looseObject({ phases: z.array(phaseSchema).length(1) });
const saturationSchema = z.looseObject({
  ratio: z.number(),
  saturation: z.looseObject({ lost: z.number(), duplicated: z.number() }),
});

const SECONDS = 5;

/** What `deskhand bench ingress` finds at one rate, with more of its options. */
async function ingress(perSecond: number, ...options: readonly string[]) {
  const figures = await measure(
    ["bench", "ingress", "--rate", String(perSecond), "--seconds", String(SECONDS), ...options],
    { DATABASE_URL: testServerUrl ?? "", REDIS_URL: testRedisUrl ?? "" },
  );
  console.log(JSON.stringify(figures));
  return figures;
}

/** Every event was acknowledged, is stored once, and 99 of 100 were acknowledged in time. */
function expectAllInTime(figures: Readonly<Record<string, unknown>>, perSecond: number, p99Ms: number): void {
  const [phase] = figuresSchema.parse(figures).phases;
  expect(phase).toMatchObject({ per_s: perSecond, n: perSecond * SECONDS, errors: {}, lost: 0, duplicated: 0 });
  expect(phase?.p99_ms).toBeLessThanOrEqual(p99Ms);
}

describe.skipIf(!canDeploy)("Slack events taken in (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  test("100 a second are stored and acknowledged within 150 ms, each once", async () => {
    expectAllInTime(await ingress(100, "--no-saturate"), 100, 150);
  });

  test("500 a second within 500 ms; of as many as can be sent, a bare server takes in at most 1.8 times as many", async () => {
    const figures = await ingress(500);
    expectAllInTime(figures, 500, 500);
    const { ratio, saturation } = saturationSchema.parse(figures);
    expect(saturation).toMatchObject({ lost: 0, duplicated: 0 });
    expect(ratio).toBeLessThanOrEqual(1.8);
  });
});
