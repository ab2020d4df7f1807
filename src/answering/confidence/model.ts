import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.921, AURC 0.225, cov@10 0.380, cov@20 0.513, ECE 0.084
 * kb-demo-logingov (53): AUROC 0.833, AURC 0.289, cov@10 0.019, cov@20 0.472, ECE 0.138
 * stackfaq (639): AUROC 0.898, AURC 0.037, cov@10 0.867, cov@20 1.000, ECE 0.051
 * stackfaq-esc (639): AUROC 0.913, AURC 0.180, cov@10 0.438, cov@20 0.595, ECE 0.122
 * banking77-oos (2009): AUROC 0.907, AURC 0.356, cov@10 0.060, cov@20 0.302, ECE 0.099
 * clinc150-oos (2740): AUROC 0.920, AURC 0.114, cov@10 0.589, cov@20 0.758, ECE 0.077
 * questions (60): AUROC 0.936, AURC 0.249, cov@10 0.333, cov@20 0.517, ECE 0.126
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-000000",
  intercept: 0.3338,
  inputs: {
    strength: { center: 0.3594, spread: 0.1623, weight: 0.8286 },
    score: { center: 0.3662, spread: 0.1771, weight: -0.3459 },
    margin: { center: 0.3467, spread: 0.2489, weight: 0.4618 },
    evenness: { center: 0.4743, spread: 0.333, weight: -0.2649 },
    coverage: { center: 0.5326, spread: 0.3101, weight: 0.4259 },
    coverageLead: { center: 0.1282, spread: 0.2771, weight: 0.2335 },
    absent: { center: 0.3382, spread: 0.3356, weight: -0.2811 },
    titleMatched: { center: 0.3997, spread: 0.363, weight: 0.6089 },
    wording: { center: 0.411, spread: 0.2112, weight: 0.5376 },
    wordingLead: { center: 0.0607, spread: 0.1805, weight: 0.5261 },
    typical: { center: 0.3087, spread: 0.2286, weight: 0.3335 },
    sameness: { center: 0.2864, spread: 0.1338, weight: -0.2923 },
    labelMatched: { center: 0.1197, spread: 0.1416, weight: -0.2157 },
    exact: { center: 0.0482, spread: 0.2142, weight: 0.1697 },
  },
};
