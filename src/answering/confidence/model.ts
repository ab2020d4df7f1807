import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.905, AURC 0.221, cov@10 0.347, cov@20 0.513, ECE 0.067
 * kb-demo-logingov (53): AUROC 0.840, AURC 0.259, cov@10 0.264, cov@20 0.396, ECE 0.126
 * stackfaq (639): AUROC 0.902, AURC 0.034, cov@10 0.886, cov@20 1.000, ECE 0.055
 * stackfaq-esc (639): AUROC 0.906, AURC 0.170, cov@10 0.446, cov@20 0.615, ECE 0.103
 * banking77-oos (2009): AUROC 0.917, AURC 0.334, cov@10 0.182, cov@20 0.334, ECE 0.048
 * clinc150-oos (2740): AUROC 0.920, AURC 0.108, cov@10 0.599, cov@20 0.788, ECE 0.078
 * questions (60): AUROC 0.903, AURC 0.222, cov@10 0.417, cov@20 0.500, ECE 0.098
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-33e712",
  intercept: 0.2362,
  inputs: {
    strength: { center: 0.3561, spread: 0.1644, weight: 1.0525 },
    score: { center: 0.3618, spread: 0.1799, weight: -0.764 },
    margin: { center: 0.3445, spread: 0.2972, weight: 0.2188 },
    lead: { center: 0.7538, spread: 0.3028, weight: -0.0237 },
    preference: { center: 0.7324, spread: 0.2822, weight: 0.8032 },
    contrast: { center: 0.0856, spread: 0.0511, weight: 0.4542 },
    absent: { center: 0.3377, spread: 0.3362, weight: -0.2492 },
    titleMatched: { center: 0.411, spread: 0.362, weight: 0.6243 },
    labelMatched: { center: 0.1228, spread: 0.1419, weight: -0.5486 },
    wording: { center: 0.285, spread: 0.1367, weight: 0.5592 },
    wordingLead: { center: 0.0541, spread: 0.116, weight: 0.3175 },
    standing: { center: 0.4004, spread: 0.2697, weight: 0.1697 },
    meaningStanding: { center: 0.4047, spread: 0.245, weight: 0.3679 },
    votes: { center: 0.4026, spread: 0.2717, weight: -0.0764 },
    inside: { center: 0.0134, spread: 0.279, weight: 0.3575 },
    unsaid: { center: 0.2392, spread: 0.1069, weight: -0.2047 },
    exact: { center: 0.0489, spread: 0.2156, weight: 0.3889 },
  },
};
