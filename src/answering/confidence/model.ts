import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.893, AURC 0.222, cov@10 0.407, cov@20 0.500, ECE 0.083
 * kb-demo-logingov (53): AUROC 0.826, AURC 0.255, cov@10 0.245, cov@20 0.377, ECE 0.146
 * stackfaq (639): AUROC 0.902, AURC 0.033, cov@10 0.883, cov@20 1.000, ECE 0.050
 * stackfaq-esc (639): AUROC 0.907, AURC 0.168, cov@10 0.476, cov@20 0.606, ECE 0.112
 * banking77-oos (2009): AUROC 0.914, AURC 0.344, cov@10 0.138, cov@20 0.326, ECE 0.076
 * clinc150-oos (2740): AUROC 0.922, AURC 0.111, cov@10 0.603, cov@20 0.781, ECE 0.077
 * questions (60): AUROC 0.883, AURC 0.224, cov@10 0.333, cov@20 0.433, ECE 0.092
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-ca0bcd",
  intercept: 0.302,
  inputs: {
    strength: { center: 0.3564, spread: 0.1638, weight: 1.1526 },
    score: { center: 0.3628, spread: 0.1794, weight: -0.6323 },
    margin: { center: 0.3434, spread: 0.2907, weight: 0.3157 },
    lead: { center: 0.7499, spread: 0.3043, weight: -0.1565 },
    preference: { center: 0.7257, spread: 0.2855, weight: 0.7308 },
    contrast: { center: 0.0852, spread: 0.0512, weight: 0.4285 },
    coverageLead: { center: 0.1321, spread: 0.2744, weight: 0.1989 },
    absent: { center: 0.3377, spread: 0.3363, weight: -0.1871 },
    titleMatched: { center: 0.4121, spread: 0.3621, weight: 0.7695 },
    labelMatched: { center: 0.1234, spread: 0.142, weight: -0.622 },
    wording: { center: 0.2852, spread: 0.1367, weight: 0.4511 },
    wordingLead: { center: 0.0543, spread: 0.1159, weight: 0.5886 },
    votes: { center: 0.4049, spread: 0.2712, weight: -0.1545 },
    inside: { center: 0.0118, spread: 0.28, weight: 0.4218 },
    unsaid: { center: 0.2405, spread: 0.1075, weight: -0.1463 },
    exact: { center: 0.0489, spread: 0.2156, weight: 0.3286 },
  },
};
