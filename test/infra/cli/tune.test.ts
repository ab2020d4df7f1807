import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settingsSchema } from "../../../infra/config/settings.js";
import { chanceOf } from "../../../src/answering/confidence/confidence-model.js";
import { CONFIDENCE_MODEL } from "../../../src/answering/confidence/model.js";
import { FEATURES, type Features } from "../../../src/answering/confidence/feature-names.js";
import { mulberry32 } from "../../../src/answering/evaluation/bootstrap.js";
import type { FusionReport } from "../../../src/answering/evaluation/tune-fusion.js";
import { RANKING_FEATURES, type RankingWeights } from "../../../src/ports/ranking-features.js";
import { tuneThreshold } from "../../../src/answering/evaluation/tune-threshold.js";
import { run } from "./program-harness.js";

function report(count: number, risk: number) {
  const random = mulberry32(1);
  const labelled = Array.from({ length: count }, (_, index) => {
    const strength = random();
    const average = Object.fromEntries(FEATURES.map((name) => [name, CONFIDENCE_MODEL.inputs[name].center]));
    const features = { ...(average as unknown as Features), strength };
    const words = [`topic${index % 5}`];
    return { features, document: `page ${index % 7}`, words, isRight: random() < strength };
  });
  return tuneThreshold(CONFIDENCE_MODEL, labelled, { risk, certainty: 0.9, folds: 5 });
}

describe("deskhand tune threshold", () => {
  it("prints settings that the server takes, and the same as JSON", async () => {
    const tuned = report(400, 0.2);
    const { stdout, exitCode } = await run(["tune", "threshold", "x"], {
      overrides: { tuneThreshold: () => Promise.resolve(tuned) },
    });
    const yaml = stdout.slice(stdout.indexOf("answering:"), stdout.lastIndexOf("\n{"));

    expect(exitCode).toBe(0);
    expect(settingsSchema.parse(parse(yaml)).answering).toMatchObject(tuned.answering);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual(tuned);
  });

  it("asks for the accepted risk of the settings, or the one that is named", async () => {
    const asked: number[] = [];
    const overrides = {
      tuneThreshold: (_: unknown, { risk }: { readonly risk: number }) => {
        asked.push(risk);
        return Promise.resolve(report(100, risk));
      },
    };
    await run(["tune", "threshold", "x", "--json"], { overrides });
    await run(["tune", "threshold", "x", "--json", "--risk", "0.2"], { overrides });

    expect(asked).toEqual([0.05, 0.2]);
  });

  it.each([
    ["--risk", "1"],
    ["--risk", "much"],
    ["--folds", "1"],
  ])("refuses %s %s", async (option, value) => {
    const { exitCode, stderr } = await run(["tune", "threshold", "x", option, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(option);
  });

  it("says that few questions promise nothing, and how many it takes", async () => {
    const { stdout } = await run(["tune", "threshold", "x"], {
      overrides: { tuneThreshold: () => Promise.resolve(report(40, 0.2)) },
    });
    expect(stdout).toContain("no promise");
    expect(report(40, 0.2).is_guaranteed).toBe(false);
  });

  it("prints no calibration where it does not help for certain on questions that it did not see", async () => {
    const random = mulberry32(3);
    const average = Object.fromEntries(FEATURES.map((name) => [name, CONFIDENCE_MODEL.inputs[name].center]));
    const labelled = Array.from({ length: 60 }, (_, index) => {
      const features = { ...(average as unknown as Features), strength: random() };
      const isRight = random() < chanceOf(CONFIDENCE_MODEL, features);
      return { features, document: `page ${index % 7}`, words: [`topic${index % 5}`], isRight };
    });
    const tuned = tuneThreshold(CONFIDENCE_MODEL, labelled, { risk: 0.2, certainty: 0.9, folds: 5 });
    const { stdout } = await run(["tune", "threshold", "x"], {
      overrides: { tuneThreshold: () => Promise.resolve(tuned) },
    });

    expect(tuned).toMatchObject({ is_better: false, answering: { threshold: expect.any(Number) as number } });
    expect(stdout).toContain("keep the confidence as it is shipped");
    expect(stdout).not.toContain("calibration:");
  });

  it("gives thresholds that answer less the less risk is accepted", () => {
    const [careful, bold] = [report(600, 0.05), report(600, 0.3)];
    expect(careful.answering.threshold).toBeGreaterThan(bold.answering.threshold);
    expect(bold.recalibrated.ece).toBeLessThan(bold.recalibrated.perfect_ece[1] + 0.03);
  });

  it("refuses a calibration that was fitted for another model", () => {
    const { calibration } = report(60, 0.2).answering;
    const parsed = settingsSchema.safeParse({ answering: { calibration: { ...calibration, model: "old" } } });
    expect(parsed.error?.issues[0]?.message).toMatch(/run `deskhand tune threshold` again/u);
  });
});

describe("deskhand tune fusion", () => {
  const ranking = Object.fromEntries(
    RANKING_FEATURES.map((name, index) => [name, index + 0.5]),
  ) as unknown as RankingWeights;
  const better: FusionReport = {
    queries: 200,
    shipped: 0.8,
    tuned: 0.85,
    gain: [0.01, 0.09],
    is_better: true,
    knowledge: { ranking },
  };
  const tune = (report: FusionReport) =>
    run(["tune", "fusion", "x"], { overrides: { tuneFusion: () => Promise.resolve(report) } });

  it("prints settings that the server takes, and the same as JSON", async () => {
    const { stdout, exitCode } = await tune(better);
    const yaml = stdout.slice(stdout.indexOf("knowledge:"), stdout.lastIndexOf("\n{"));

    expect(exitCode).toBe(0);
    expect(settingsSchema.parse(parse(yaml)).knowledge.ranking).toEqual(ranking);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual(better);
  });

  it("prints no settings where tuning does not help for certain", async () => {
    const { stdout } = await tune({ ...better, gain: [-0.01, 0.05], is_better: false, knowledge: null });
    expect(stdout).toContain("keep the order as it is shipped");
    expect(stdout).not.toContain("knowledge:");
  });

  it("refuses weights of another version", () => {
    const missing = Object.fromEntries(Object.entries(ranking).filter(([name]) => name !== "fused"));
    expect(settingsSchema.safeParse({ knowledge: { ranking: missing } }).success).toBe(false);
    const unknown = settingsSchema.safeParse({ knowledge: { ranking: { ...ranking, older: 1 } } });
    expect(unknown.success).toBe(false);
  });
});
