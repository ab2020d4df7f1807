import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.910, AURC 0.222, cov@10 0.367, cov@20 0.520, ECE 0.102
 * kb-demo-logingov (53): AUROC 0.858, AURC 0.249, cov@10 0.302, cov@20 0.415, ECE 0.115
 * stackfaq (639): AUROC 0.905, AURC 0.034, cov@10 0.897, cov@20 1.000, ECE 0.072
 * stackfaq-esc (639): AUROC 0.900, AURC 0.173, cov@10 0.429, cov@20 0.610, ECE 0.077
 * banking77-oos (2009): AUROC 0.920, AURC 0.331, cov@10 0.182, cov@20 0.348, ECE 0.057
 * clinc150-oos (2740): AUROC 0.925, AURC 0.106, cov@10 0.604, cov@20 0.789, ECE 0.063
 * questions (60): AUROC 0.913, AURC 0.216, cov@10 0.383, cov@20 0.533, ECE 0.097
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-2246e3",
  intercept: 0.2703,
  inputs: {
    strength: { center: 0.3561, spread: 0.1644, weight: 0.9884 },
    score: { center: 0.3618, spread: 0.1799, weight: -0.605 },
    margin: { center: 0.3445, spread: 0.2972, weight: 0.1548 },
    lead: { center: 0.7538, spread: 0.3028, weight: -0.0385 },
    preference: { center: 0.7324, spread: 0.2822, weight: 0.8063 },
    contrast: { center: 0.0856, spread: 0.0511, weight: 0.3806 },
    absent: { center: 0.3377, spread: 0.3362, weight: -0.2908 },
    titleMatched: { center: 0.411, spread: 0.362, weight: 0.5189 },
    labelMatched: { center: 0.1228, spread: 0.1419, weight: -0.7189 },
    wording: { center: 0.285, spread: 0.1367, weight: 0.4878 },
    wordingLead: { center: 0.0541, spread: 0.116, weight: 0.2095 },
    standing: { center: 0.4004, spread: 0.2697, weight: 0.206 },
    meaningStanding: { center: 0.4047, spread: 0.245, weight: 0.2944 },
    alignedLead: { center: 0.0482, spread: 0.1341, weight: 0.4106 },
    saidByTitle: { center: 0.2552, spread: 0.2396, weight: -0.3579 },
    titleSaid: { center: 0.4944, spread: 0.3215, weight: 0.4795 },
    votes: { center: 0.4026, spread: 0.2717, weight: -0.1088 },
    inside: { center: 0.0134, spread: 0.279, weight: 0.3623 },
    unsaid: { center: 0.2392, spread: 0.1069, weight: -0.1681 },
    exact: { center: 0.0489, spread: 0.2156, weight: 0.4384 },
  },
};
