import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.896, AURC 0.221, cov@10 0.360, cov@20 0.507, ECE 0.045
 * kb-demo-logingov (53): AUROC 0.830, AURC 0.252, cov@10 0.245, cov@20 0.340, ECE 0.176
 * stackfaq (639): AUROC 0.901, AURC 0.034, cov@10 0.881, cov@20 1.000, ECE 0.049
 * stackfaq-esc (639): AUROC 0.905, AURC 0.170, cov@10 0.459, cov@20 0.599, ECE 0.109
 * banking77-oos (2009): AUROC 0.917, AURC 0.341, cov@10 0.182, cov@20 0.330, ECE 0.059
 * clinc150-oos (2740): AUROC 0.922, AURC 0.110, cov@10 0.602, cov@20 0.780, ECE 0.080
 * questions (60): AUROC 0.886, AURC 0.225, cov@10 0.333, cov@20 0.433, ECE 0.095
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-97d9a7",
  intercept: 0.2597,
  inputs: {
    strength: { center: 0.3564, spread: 0.1638, weight: 1.089 },
    score: { center: 0.3628, spread: 0.1794, weight: -0.6441 },
    margin: { center: 0.3435, spread: 0.2902, weight: 0.3665 },
    lead: { center: 0.7498, spread: 0.3043, weight: -0.1714 },
    preference: { center: 0.7255, spread: 0.2855, weight: 0.7894 },
    contrast: { center: 0.0852, spread: 0.0512, weight: 0.4009 },
    absent: { center: 0.3377, spread: 0.3363, weight: -0.244 },
    titleMatched: { center: 0.4121, spread: 0.3621, weight: 0.6636 },
    labelMatched: { center: 0.1234, spread: 0.142, weight: -0.5689 },
    wording: { center: 0.2852, spread: 0.1367, weight: 0.518 },
    wordingLead: { center: 0.0543, spread: 0.1159, weight: 0.3755 },
    standing: { center: 0.3999, spread: 0.2703, weight: 0.3859 },
    votes: { center: 0.4049, spread: 0.2712, weight: -0.0899 },
    inside: { center: 0.0118, spread: 0.28, weight: 0.3639 },
    unsaid: { center: 0.2405, spread: 0.1075, weight: -0.2148 },
    exact: { center: 0.0489, spread: 0.2156, weight: 0.3322 },
  },
};
