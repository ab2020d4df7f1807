import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.901, AURC 0.232, cov@10 0.320, cov@20 0.500, ECE 0.075
 * kb-demo-logingov (53): AUROC 0.773, AURC 0.288, cov@10 0.038, cov@20 0.283, ECE 0.132
 * stackfaq (639): AUROC 0.893, AURC 0.035, cov@10 0.876, cov@20 1.000, ECE 0.046
 * stackfaq-esc (639): AUROC 0.899, AURC 0.174, cov@10 0.440, cov@20 0.604, ECE 0.120
 * banking77-oos (2009): AUROC 0.901, AURC 0.352, cov@10 0.060, cov@20 0.314, ECE 0.096
 * clinc150-oos (2740): AUROC 0.917, AURC 0.110, cov@10 0.599, cov@20 0.769, ECE 0.083
 * questions (60): AUROC 0.879, AURC 0.224, cov@10 0.283, cov@20 0.433, ECE 0.136
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-20faa8",
  intercept: 0.3196,
  inputs: {
    strength: { center: 0.3565, spread: 0.1637, weight: 0.9004 },
    score: { center: 0.3629, spread: 0.1792, weight: -0.2765 },
    margin: { center: 0.3433, spread: 0.2888, weight: 0.301 },
    lead: { center: 0.7492, spread: 0.3048, weight: 0.2805 },
    evenness: { center: 0.4703, spread: 0.3304, weight: -0.2846 },
    coverage: { center: 0.5351, spread: 0.3106, weight: 0.3206 },
    coverageLead: { center: 0.1319, spread: 0.2743, weight: 0.1728 },
    absent: { center: 0.3376, spread: 0.3364, weight: -0.3119 },
    titleMatched: { center: 0.4109, spread: 0.3622, weight: 0.4562 },
    wording: { center: 0.418, spread: 0.2093, weight: 0.4477 },
    wordingLead: { center: 0.0685, spread: 0.1734, weight: 0.4225 },
    typical: { center: 0.3096, spread: 0.2302, weight: 0.3096 },
    sameness: { center: 0.2848, spread: 0.1341, weight: -0.302 },
    labelMatched: { center: 0.1229, spread: 0.142, weight: -0.1916 },
    exact: { center: 0.0488, spread: 0.2154, weight: 0.1924 },
  },
};
